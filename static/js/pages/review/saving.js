// An honest word about what is saved, at the top of the page at all times.
import { el, refill } from "../../ui/elements.js";
import { icon } from "../../ui/icons.js";
import { clockOf, count } from "../../ui/words.js";
import { mayDecide, photoNumber, unsavedPhotos } from "./state.js";

const STATES = {
  saved: ["tick", ({ savedAt }) => `saved ${clockOf(savedAt)}`],
  saving: ["clock", () => "saving …"],
  "not saved": ["warning", () => "not saved"],
};

export const savingState = (state) => {
  if (state.pending > 0) return "saving";
  return state.failures.length || unsavedPhotos(state).length ? "not saved" : "saved";
};

const failureNotice = (failure) =>
  el(
    "div",
    { class: "notice error row", role: "alert" },
    el("p", { class: "grow" }, el("strong", {}, "Not saved. "), `${failure.what}: ${failure.why}`),
    el("button", { class: "button", type: "button", onclick: failure.again }, "Try again"),
    el("button", { class: "button quiet", type: "button", onclick: failure.leave }, "Leave it"),
  );

export function mountSaving({ store, slots, leaseNotice }) {
  const show = () => {
    const name = savingState(store.state);
    const [iconName, words] = STATES[name];
    slots.saving.dataset.state = name;
    slots.saving.hidden = !mayDecide(store.state) && name === "saved";
    const unsaved = unsavedPhotos(store.state).map((id) => photoNumber(store.state, id));
    const which =
      name === "not saved" && unsaved.length
        ? `: strokes on ${count(unsaved.length, "photo")} (${unsaved.join(", ")})`
        : "";
    refill(slots.saving, icon(iconName), words(store.state) + which);
  };
  const notices = () =>
    refill(slots.notices, leaseNotice(), store.state.failures.map(failureNotice));

  store.observe(["pending", "failures", "painted", "maps", "savedAt", "lost"], show);
  store.observe(["failures", "lost", "review"], notices);
  show();
  notices();

  window.addEventListener("beforeunload", (event) => {
    if (savingState(store.state) !== "saved") event.preventDefault();
  });
}
