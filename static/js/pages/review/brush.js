// The brush and the eraser: strokes under the pointer or under the keyboard's crosshair, and the
// ring that shows where and how large.
import { pointFromPhotoToStage } from "../../editor/geometry.js";
import { classAt } from "../../editor/mask.js";
import { styled } from "../../ui/elements.js";
import { isPainting, mapsOf, mayDecide } from "./state.js";

export const SIZE_LEAST = 1;
export const SIZE_MOST = 300;

/** The next brush size: small steps for small brushes, larger ones for large. */
export const sizeStepped = (size, direction) => {
  const step = size < 10 ? 1 : size < 40 ? 4 : size < 120 ? 10 : 20;
  return Math.min(Math.max(size + direction * step, SIZE_LEAST), SIZE_MOST);
};

export function createBrush({ store, slots, stage, painting, say }) {
  let last = null;
  let erasing = false;
  let crosshair = null;

  const valueOf = ({ tool, layer, classIds }) =>
    tool === "eraser" || erasing ? 0 : classIds[layer];

  function piece(from, to) {
    const { layer, size } = store.state;
    const rect = mapsOf(store.state).paint(layer, from, to, size / 2, valueOf(store.state));
    stage.draw(layer, rect);
  }

  const strokes = {
    begin(point, erase) {
      erasing = erase;
      last = point;
      piece(point, point);
    },
    move(point) {
      if (!last) return;
      piece(last, point);
      last = point;
    },
    cancel() {
      last = null;
      const drawn = mapsOf(store.state)?.cancelStroke();
      if (drawn) stage.draw(drawn.layer, drawn.rect);
    },
  };

  function ringAt(point) {
    const on = point && isPainting(store.state) && mapsOf(store.state);
    slots.cursor.hidden = !on;
    if (!on) return;
    const { view, size } = store.state;
    const at = pointFromPhotoToStage(point, view);
    const across = Math.max(size * view.scale, 3);
    styled(slots.cursor, {
      width: `${across}px`,
      height: `${across}px`,
      transform: `translate(${at.x - across / 2}px, ${at.y - across / 2}px)`,
    });
    crosshair = point;
  }

  function middle() {
    const { width, height } = stage.box();
    const { view } = store.state;
    return { x: (width / 2 - view.x) / view.scale, y: (height / 2 - view.y) / view.scale };
  }

  /** Move the crosshair by keys: half a brush, one pixel with Shift. */
  function nudge(dx, dy, fine) {
    const from = crosshair ?? middle();
    const step = fine ? 1 : Math.max(1, store.state.size / 2);
    ringAt({ x: from.x + dx * step, y: from.y + dy * step });
  }

  function dab() {
    if (!mapsOf(store.state) || !mayDecide(store.state)) return;
    crosshair ??= middle();
    strokes.begin(crosshair, false);
    last = null;
    painting.strokeFinish();
    say.tell(store.state.tool === "eraser" ? "Erased." : "Painted.");
  }

  /** Take the class under the crosshair for the brush. */
  function pickClass() {
    const { layer, classIds, taxonomy } = store.state;
    const id =
      crosshair && mapsOf(store.state) && classAt(mapsOf(store.state).map(layer), crosshair);
    const found = taxonomy.layers[layer].classes.find((item) => item.id === id);
    if (!found) return;
    store.commit({ classIds: { ...classIds, [layer]: id }, tool: "brush" }, "pick");
    say.tell(`Painting ${found.label}.`);
  }

  store.observe(["tool", "size", "view"], () => ringAt(crosshair));
  return { strokes, ringAt, nudge, dab, pickClass };
}
