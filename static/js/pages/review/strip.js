// The photos of the case: which is in view, how many flags are open on each, what is not saved.
import { badge, el, refill } from "../../ui/elements.js";
import { count } from "../../ui/words.js";
import { unsavedPhotos } from "./state.js";

const STATE_WORDS = { failed: "not assessed: failed", "not assessed": "not assessed" };

function marks(photo, unsaved) {
  if (unsaved) return badge("unsaved", "pencil", "not saved");
  if (photo.state !== "assessed") return badge("danger", "warning", photo.state);
  if (!photo.vehicle) return badge("", null, "no vehicle");
  if (photo.flagged) return badge("flag", "flag", String(photo.flagged));
  return badge("accepted", "tick", "");
}

function spoken(photo, unsaved) {
  const words = [`Photo ${photo.number}`];
  if (STATE_WORDS[photo.state]) words.push(STATE_WORDS[photo.state]);
  else if (!photo.vehicle) words.push("no vehicle");
  else words.push(photo.flagged ? `${count(photo.flagged, "flag")} open` : "nothing open");
  if (unsaved) words.push("painting not saved");
  return words.join(", ");
}

export function mountStrip({ store, slots }) {
  let shown = "";

  const show = () => {
    const { review, photoId, maps } = store.state;
    // Strokes come often and change the strip rarely: it is not built again for nothing.
    const now = JSON.stringify([
      photoId,
      unsavedPhotos(store.state),
      review.photos.map((photo) => [photo.state, photo.flagged]),
    ]);
    if (now === shown) return;
    shown = now;
    const items = review.photos.map((photo, index) => {
      const unsaved = maps.get(photo.id)?.unsaved ?? false;
      return el(
        "button",
        {
          class: "thumb",
          type: "button",
          "aria-label": spoken(photo, unsaved),
          "aria-current": photo.id === photoId ? "true" : null,
          data: { focus: photo.id, photo: photo.id },
          onclick: () => store.commit({ photoId: photo.id, partId: null }, "strip"),
        },
        el("img", { src: photo.thumbnail_url, alt: "", loading: "lazy" }),
        el(
          "span",
          { class: "thumb-key", "aria-hidden": "true" },
          index < 9 ? String(index + 1) : String(photo.number),
        ),
        el("span", { class: "thumb-marks", "aria-hidden": "true" }, marks(photo, unsaved)),
      );
    });
    refill(slots.strip, items);
    slots.strip
      .querySelector("[aria-current]")
      ?.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  store.observe(["review", "photoId", "painted", "maps"], show);
  show();
}
