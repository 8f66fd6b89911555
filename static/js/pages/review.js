// The review page: loads the case, makes the store and its pieces, and lets them know each other.
import { reviewLoad, taxonomyLoad } from "../api/review.js";
import { allParts } from "../editor/lines.js";
import { createStore } from "../editor/store.js";
import { announcer } from "../ui/announce.js";
import { el, refill } from "../ui/elements.js";
import { icon } from "../ui/icons.js";
import { createBrush } from "./review/brush.js";
import { mountCaption } from "./review/caption.js";
import { createChoosing } from "./review/choosing.js";
import { createDecisions } from "./review/decisions.js";
import { createFinishing } from "./review/finishing.js";
import { mountReviewKeys } from "./review/keys.js";
import { mountLayerPanel } from "./review/layerpanel.js";
import { mountLease } from "./review/lease.js";
import { mountList } from "./review/list.js";
import { createPainting } from "./review/painting.js";
import { showHistory } from "./review/past.js";
import { mountPointer } from "./review/pointer.js";
import { mountSaving } from "./review/saving.js";
import { createStage } from "./review/stage.js";
import { createStaleResolver } from "./review/stale.js";
import { initialState } from "./review/state.js";
import { mountStrip } from "./review/strip.js";
import { mountToolbar } from "./review/toolbar.js";
import { createWriter } from "./review/writer.js";

const slots = Object.fromEntries(
  [...document.querySelectorAll("[data-slot]")].map((node) => [node.dataset.slot, node]),
);
const say = announcer(slots.polite, slots.urgent);
const { review: url, take: takeUrl } = document.body.dataset;

function assemble(review, taxonomy) {
  const store = createStore(initialState(review, taxonomy));
  const page = { store, slots, say };
  const writer = createWriter(page);
  const decisions = createDecisions({ ...page, writer });
  const resolveStale = createStaleResolver({ ...page, url, takeReview: decisions.take });
  const painting = createPainting({ ...page, writer, decisions, resolveStale });
  const stage = createStage({ ...page, painting });
  const brush = createBrush({ ...page, stage, painting });
  const choosing = createChoosing({ ...page, decisions, painting, stage });
  const finishing = createFinishing({ ...page, writer, painting, decisions });
  const caption = mountCaption({ ...page, brush });
  const pointer = mountPointer({
    ...page,
    stage,
    painting,
    strokes: brush.strokes,
    pick: choosing.pick,
    boxDrawn: choosing.boxDrawn,
    rubber: choosing.rubber,
    hover: caption.hover,
  });
  const keys = mountReviewKeys({
    ...page,
    stage,
    brush,
    pointer,
    painting,
    finishing,
    ...choosing,
  });
  const lease = mountLease({ ...page, takeUrl });
  mountStrip(page);
  mountList({ ...page, choose: choosing.choose });
  mountToolbar({ ...page, painting, ...choosing });
  mountLayerPanel({ ...page, stage });
  mountSaving({ ...page, leaseNotice: lease.notice });
  buttonsWire({
    missed: () => choosing.toolSet("box"),
    undo: choosing.undo,
    history: () => showHistory(store.state.review, decisions.wordsOf),
    finish: finishing.finish,
    release: finishing.release,
    keys: keys.show,
  });
  document.body.dataset.ready = String(allParts(review).length);
}

function buttonsWire(actions) {
  slots.history.append(icon("clock"));
  for (const button of document.querySelectorAll("[data-do]")) {
    const action = actions[button.dataset.do];
    if (action) button.addEventListener("click", action);
  }
}

function refuse(error) {
  refill(
    slots.notices,
    el(
      "div",
      { class: "notice error row", role: "alert" },
      el(
        "p",
        { class: "grow" },
        el("strong", {}, "The case could not be loaded. "),
        `${error.message} Nothing is lost.`,
      ),
      el(
        "button",
        { class: "button", type: "button", onclick: () => window.location.reload() },
        "Load again",
      ),
    ),
  );
  slots.waiting.hidden = true;
}

async function load() {
  const review = await reviewLoad(url);
  return [review, await taxonomyLoad(review.urls.taxonomy)];
}

const loaded = await load().catch(refuse);
if (loaded) assemble(...loaded);
