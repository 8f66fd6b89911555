// The lease: renewed while the page is used, and said clearly when it is lost.
import { ApiError } from "../../api/client.js";
import { caseTake, leaseRenew } from "../../api/review.js";
import { el, refill } from "../../ui/elements.js";
import { clockShortOf } from "../../ui/words.js";
import { mayDecide, unsavedPhotos } from "./state.js";

const LOOK_EVERY = 30_000;
const USED = ["pointerdown", "keydown", "wheel"];

export function mountLease({ store, slots, say, takeUrl }) {
  let renewedAt = Date.now();
  let usedAt = Date.now();
  const lost = (details) => store.commit({ lost: details }, "lease");

  async function renew() {
    renewedAt = Date.now();
    const { review } = store.state;
    try {
      const answer = await leaseRenew(review.urls.renew);
      store.commit({ review: { ...store.state.review, ...answer } }, "lease");
    } catch (error) {
      // Without a connection the lease may still be ours: the next look tries again.
      if (error instanceof ApiError && error.code === "lease_lost") lost(error.details);
    }
  }

  function look() {
    const { review } = store.state;
    if (!mayDecide(store.state)) return;
    const quarter = (review.lease_seconds * 1000) / 4;
    const usedSince = usedAt > renewedAt;
    if (usedSince && Date.now() - renewedAt > quarter) renew();
    else if (Date.parse(review.lease_until) < Date.now()) renew();
  }

  async function takeAgain() {
    try {
      const answer = await caseTake(takeUrl);
      if (answer.review === store.state.review.id) {
        store.commit({ lost: null }, "lease");
        await renew();
        say.tell("The case is yours again.");
      } else window.location.assign(answer.url);
    } catch (error) {
      say.alert(error.message);
      refill(slots.lease, error.message);
    }
  }

  /** What stands above the page when this person may not decide; null when all is well. */
  function notice() {
    const { review, lost: gone } = store.state;
    if (review.state === "finished") {
      return el(
        "div",
        { class: "notice" },
        `This review is finished: ${review.outcome}. `,
        el("a", { href: review.urls.report }, "Report"),
      );
    }
    if (!gone) return null;
    const until = gone.lease_until ? ` until ${clockShortOf(new Date(gone.lease_until))}` : "";
    const holder = gone.holder ? `${gone.holder} holds it${until}. ` : "";
    const painted = unsavedPhotos(store.state).length
      ? "Your strokes are still on this page, not saved. "
      : "";
    return el(
      "div",
      { class: "notice warning row" },
      el(
        "p",
        { class: "grow" },
        el("strong", {}, "You do not hold this case. "),
        holder,
        "What was saved is safe; nothing can be decided here now. ",
        painted,
      ),
      el("button", { class: "button", type: "button", onclick: takeAgain }, "Take it"),
      el("a", { class: "button quiet", href: review.urls.queue }, "Queue"),
    );
  }

  const show = () => {
    const { review } = store.state;
    const until = new Date(review.lease_until);
    slots.lease.textContent = mayDecide(store.state) ? `yours until ${clockShortOf(until)}` : "";
  };

  for (const name of USED)
    document.addEventListener(name, () => (usedAt = Date.now()), { passive: true });
  document.addEventListener("visibilitychange", () => document.hidden || look());
  setInterval(look, LOOK_EVERY);
  store.observe(["review", "lost"], show);
  store.observe(
    ["lost"],
    ({ lost: now }) => now && say.alert("You do not hold this case any more."),
  );
  show();
  return { notice };
}
