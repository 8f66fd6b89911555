// Words on the stage: which photo this is, and what lies under the pointer.
import { percent } from "../../ui/words.js";
import { namesAt } from "./pointer.js";
import { photoOf } from "./state.js";

function captionOf(photo, total) {
  const words = [`Photo ${photo.number} of ${total}`];
  if (photo.state === "failed") words.push(`not assessed: ${photo.failure_reason}`);
  else if (photo.state !== "assessed") words.push("not assessed");
  else if (!photo.vehicle) words.push("no vehicle");
  else words.push(photo.view, `${percent(photo.damage_area_percent / 100)} damaged`);
  if (photo.revision) words.push(`revision ${photo.revision}`);
  return words.filter(Boolean).join(" · ");
}

export function mountCaption({ store, slots, brush }) {
  const show = () => {
    const photo = photoOf(store.state);
    slots.caption.textContent = photo
      ? captionOf(photo, store.state.review.photos.length)
      : "This case has no photo.";
  };

  function hover(point) {
    const words = namesAt(store.state, point);
    slots.hover.hidden = !words;
    if (words) slots.hover.textContent = words;
    brush.ringAt(point);
  }

  store.observe(["review", "photoId"], show);
  show();
  return { hover };
}
