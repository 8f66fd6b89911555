// Somebody saved another revision of the photo while strokes were painted: both are shown, and
// the painter chooses. Nothing is lost either way.
import { reviewLoad } from "../../api/review.js";
import { coloursOf, paletteOf } from "../../editor/layers.js";
import { LAYERS, PhotoMaps } from "../../editor/photomaps.js";
import { stripesOf } from "../../editor/taxonomy.js";
import { dialogFoot, openDialog } from "../../ui/dialog.js";
import { el } from "../../ui/elements.js";
import { clockOf, count } from "../../ui/words.js";
import { revisionLoad } from "./painting.js";

const STRENGTH = { parts: { fill: 0.25, edge: 0.8 }, damage: { fill: 0.5, stripe: 0.9, edge: 1 } };

/** The photo with one side's overlay. */
function view(photo, maps, taxonomy, caption) {
  const stripes = { parts: new Uint8Array(256), damage: stripesOf(taxonomy) };
  const layers = LAYERS.map((layer) => {
    const map = maps[layer];
    const canvas = el("canvas", { class: "compare-overlay", width: map.width, height: map.height });
    const palette = paletteOf(taxonomy.layers[layer].classes, STRENGTH[layer]);
    const whole = { x: 0, y: 0, width: map.width, height: map.height };
    const bytes = coloursOf(map, whole, palette, { thickness: 2, stripes: stripes[layer] });
    canvas.getContext("2d").putImageData(new ImageData(bytes, map.width), 0, 0);
    return canvas;
  });
  return el(
    "figure",
    { class: "compare" },
    el(
      "div",
      { class: "compare-photo" },
      el("img", { src: photo.display_url, alt: "" }),
      ...layers,
    ),
    el("figcaption", {}, caption),
  );
}

/** Resolve a refused save: their revision becomes the base, with or without my strokes. */
export function createStaleResolver({ store, url, takeReview, say }) {
  return async function resolveStale({ photo, maps, details, put, save }) {
    say.alert(`Photo ${photo.number} was changed by somebody else meanwhile.`);
    const review = await reviewLoad(url);
    const fresh = review.photos.find(({ id }) => id === photo.id);
    const theirs = await revisionLoad(fresh, fresh);
    const rebased = maps.rebasedOn(theirs);
    const choice = await ask({ photo, maps, details, theirs, rebased });
    takeReview(review);
    if (choice === "mine") put(photo.id, rebased.maps, "stale");
    if (choice === "theirs") put(photo.id, new PhotoMaps(theirs), "stale");
    if (choice === "mine") await save();
  };

  function ask({ photo, maps, details, theirs, rebased }) {
    const { taxonomy } = store.state;
    const mine = { parts: maps.map("parts"), damage: maps.map("damage") };
    const when = details.created_at ? ` at ${clockOf(new Date(details.created_at))}` : "";
    const both = rebased.contested
      ? `${count(rebased.contested, "pixel")} were painted by both; there yours would stand.`
      : "You did not paint the same pixels.";
    return openDialog({
      title: `Photo ${photo.number} has a newer revision`,
      className: "wide",
      fill: (close) => [
        el(
          "p",
          {},
          `${details.created_by ?? "Somebody"} saved revision ${theirs.revision}${when}, while you painted on revision ${details.base_revision}. ${both}`,
        ),
        el(
          "div",
          { class: "compares" },
          view(photo, theirs, taxonomy, `Theirs: revision ${theirs.revision}`),
          view(photo, mine, taxonomy, "Yours, not saved"),
        ),
        dialogFoot(
          el("button", { class: "button", type: "button", onclick: () => close() }, "Decide later"),
          el(
            "button",
            { class: "button danger", type: "button", onclick: () => close("theirs") },
            "Drop my strokes",
          ),
          el(
            "button",
            {
              class: "button primary",
              type: "button",
              autofocus: true,
              onclick: () => close("mine"),
            },
            "Put my strokes on theirs",
          ),
        ),
      ],
    });
  }
}
