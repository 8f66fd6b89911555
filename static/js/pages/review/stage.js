// The photo on the dark stage with its overlay: three canvases of the photo's size above the
// picture, moved and scaled together; only rectangles that changed are drawn again.
import {
  pointFromClientToStage,
  pointFromStageToPhoto,
  viewFit,
  viewOnBox,
  viewZoomed,
} from "../../editor/geometry.js";
import { coloursOf, maskUnion, paletteOf, spotlightOf } from "../../editor/layers.js";
import { LAYERS } from "../../editor/photomaps.js";
import { rectClipped, rectGrown, rectOfBox, rectUnion } from "../../editor/rects.js";
import { maskInRect } from "../../editor/rle.js";
import { stripesOf } from "../../editor/taxonomy.js";
import { el, styled } from "../../ui/elements.js";
import { isPainting, mapsOf, photoOf, pointedAt } from "./state.js";

const OPACITIES = {
  parts: { fill: 0.3, edge: 0.95 },
  damage: { fill: 0.32, stripe: 0.62, edge: 1 },
  // What is pointed at must itself stay visible: the line round it says enough.
  spotlight: { fill: 0.12, stripe: 0.36, edge: 1 },
};
const NEVER_STRIPED = new Uint8Array(256);
const PIXELS_SEEN_FROM = 4;

export function createStage({ store, slots, painting, say }) {
  const { stage, sheet } = slots;
  const canvases = Object.fromEntries(
    [...LAYERS, "spotlight"].map((name) => [name, el("canvas", { class: `overlay ${name}` })]),
  );
  const contexts = Object.fromEntries(
    Object.entries(canvases).map(([name, canvas]) => [name, canvas.getContext("2d")]),
  );
  const picture = el("img", { class: "photo", alt: "", draggable: false });
  const stripes = { parts: NEVER_STRIPED, damage: stripesOf(store.state.taxonomy) };
  let palettes = {};
  let thickness = 1;
  let fitted = true;
  let shown = null;
  let waiting = {};
  let frame = null;
  sheet.append(picture, canvases.parts, canvases.damage, canvases.spotlight);

  const box = () => ({ width: stage.clientWidth, height: stage.clientHeight });
  const whole = (map) => ({ x: 0, y: 0, width: map.width, height: map.height });

  function palettesMake() {
    const { taxonomy, hidden } = store.state;
    const paletteFor = (layer, name) =>
      paletteOf(taxonomy.layers[layer].classes, OPACITIES[name], hidden[layer]);
    palettes = {
      parts: paletteFor("parts", "parts"),
      damage: paletteFor("damage", "damage"),
      spotlight: paletteFor("damage", "spotlight"),
    };
  }

  /** Draw a rectangle of a layer with the next frame; many strokes a frame cost one drawing. */
  function draw(layer, rect) {
    if (!rect) return;
    waiting[layer] = rectUnion(waiting[layer] ?? null, rect);
    frame ??= requestAnimationFrame(drawWaiting);
  }

  function drawWaiting() {
    frame = null;
    const maps = shown && store.state.maps.get(shown);
    if (!maps) return;
    for (const [layer, rect] of Object.entries(waiting)) {
      const map = maps.map(layer);
      const area = rectGrown(rect, thickness, map);
      const bytes = coloursOf(map, area, palettes[layer], { thickness, stripes: stripes[layer] });
      contexts[layer].putImageData(new ImageData(bytes, area.width), area.x, area.y);
    }
    waiting = {};
  }

  function drawAll() {
    const maps = mapsOf(store.state);
    if (!maps || store.state.photoId !== shown) return;
    for (const layer of LAYERS) draw(layer, whole(maps.map(layer)));
    spotlight();
  }

  /** The damaged parts pointed at, in full colour with a line round them; the rest steps back. */
  function spotlight() {
    const photo = photoOf(store.state);
    const maps = mapsOf(store.state);
    const context = contexts.spotlight;
    context.clearRect(0, 0, canvases.spotlight.width, canvases.spotlight.height);
    const parts =
      isPainting(store.state) || !maps ? [] : pointedAt(store.state).filter(({ bbox }) => bbox);
    sheet.classList.toggle("pointing", parts.length > 0);
    if (parts.length === 0) return;
    const masks = parts.map((part) => maskOf(part, photo)).filter(({ rect }) => rect);
    const rect = rectGrown(
      masks.map((mask) => mask.rect).reduce(rectUnion, null),
      2 * thickness,
      photo,
    );
    const map = maps.map("damage");
    const colours = coloursOf(map, rect, palettes.spotlight, {
      thickness,
      stripes: stripes.damage,
    });
    const bytes = spotlightOf(colours, maskUnion(masks, rect), rect.width, thickness + 1);
    context.putImageData(new ImageData(bytes, rect.width), rect.x, rect.y);
  }

  function viewSet(view, { fit = false } = {}) {
    fitted = fit;
    store.commit({ view }, "stage");
  }

  function viewShow({ view }) {
    styled(sheet, { transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})` });
    sheet.classList.toggle("pixels", view.scale >= PIXELS_SEEN_FROM);
    const wanted = Math.min(4, Math.max(1, Math.round(1.3 / view.scale)));
    if (wanted === thickness) return;
    thickness = wanted;
    drawAll();
  }

  const fit = () => {
    const photo = photoOf(store.state);
    if (photo?.width) viewSet(viewFit(photo, box(), 12), { fit: true });
  };

  const zoom = (factor, anchor = { x: box().width / 2, y: box().height / 2 }) =>
    viewSet(viewZoomed(store.state.view, factor, anchor, photoOf(store.state), box()));

  /** Near the damage pointed at, or back to the whole photo. */
  function near() {
    const boxes = pointedAt(store.state).flatMap(({ bbox }) => (bbox ? [rectOfBox(bbox)] : []));
    if (!fitted || boxes.length === 0) fit();
    else viewSet(viewOnBox(boxes.reduce(rectUnion, null), photoOf(store.state), box()));
  }

  async function photoShow() {
    const photo = photoOf(store.state);
    if (!photo) return;
    if (photo.id !== shown) frameFor(photo);
    try {
      await painting.load(photo);
    } catch (error) {
      say.alert(`The overlay of photo ${photo.number} could not be loaded. ${error.message}`);
    }
    if (photo.id === shown) drawAll();
  }

  function frameFor(photo) {
    shown = photo.id;
    slots.waiting.hidden = false;
    picture.addEventListener("load", () => (slots.waiting.hidden = true), { once: true });
    picture.src = photo.display_url;
    picture.alt = `Photo ${photo.number}`;
    for (const canvas of Object.values(canvases)) {
      canvas.width = photo.width;
      canvas.height = photo.height;
    }
    styled(sheet, { width: `${photo.width}px`, height: `${photo.height}px` });
    fit();
  }

  const opacityShow = ({ opacity, overlayOff }) => {
    for (const layer of LAYERS) styled(canvases[layer], { "--strength": String(opacity[layer]) });
    sheet.classList.toggle("bare", overlayOff);
  };

  /** The tool gives the stage its cursor; the layer not painted on steps back. */
  const toolShow = (state) => {
    stage.dataset.tool = state.tool;
    sheet.dataset.painting = isPainting(state) ? state.layer : "";
  };

  palettesMake();
  store.observe(["tool", "layer"], toolShow);
  store.observe(["view"], viewShow);
  store.observe(["opacity", "overlayOff"], opacityShow);
  store.observe(["hidden"], () => (palettesMake(), drawAll()));
  store.observe(["photoId", "review"], photoShow);
  store.observe(["lineId", "partId", "photoId", "tool"], spotlight);
  store.observe(["maps"], drawAll);
  new ResizeObserver(() => fitted && fit()).observe(stage);
  opacityShow(store.state);
  photoShow();

  const toPhoto = (client) =>
    pointFromStageToPhoto(
      pointFromClientToStage(client, stage.getBoundingClientRect()),
      store.state.view,
    );
  return { draw, viewSet, fit, zoom, near, box, toPhoto };
}

/** Where a damaged part is: its mask, or its whole box where a person gave no more. */
function maskOf(part, photo) {
  const [x, y, width, height] = part.bbox;
  const rect = rectClipped(x, y, x + width, y + height, photo);
  if (!rect) return { rect, values: [] };
  const values = part.mask
    ? maskInRect(part.mask, rect)
    : new Uint8Array(rect.width * rect.height).fill(1);
  return { rect, values };
}
