// The report lines, those to look at first; the chosen one open with its damaged parts, photo by
// photo, each of which can be decided alone.
import { agreementWords, isOpen, progressOf } from "../../editor/lines.js";
import { badge, el, key, refill } from "../../ui/elements.js";
import { icon } from "../../ui/icons.js";
import { count, percent } from "../../ui/words.js";
import { mayDecide, photoNumber } from "./state.js";

const STATES = {
  accepted: ["accepted", "tick", "accepted"],
  corrected: ["corrected", "pencil", "corrected"],
  rejected: ["rejected", "strike", "rejected"],
  missed: ["corrected", "plus", "added by a person"],
  "partly decided": ["", null, "partly decided"],
};

const stateBadge = (item) => {
  const shape = STATES[item.state];
  return shape ? badge(shape[0], shape[1], shape[2]) : null;
};

const flagBadge = (item, ...words) =>
  item.flagged && isOpen(item) ? badge("flag", "flag", ...words) : null;

export function mountList({ store, slots, choose }) {
  const choices = [
    ["accept", "A", "Accept", "tick"],
    ["correct", "C", "Correct", "pencil"],
    ["reject", "X", "Reject", "cross"],
  ];

  const decideButtons = (focus) =>
    el(
      "div",
      { class: "decide", role: "group", "aria-label": "Decide" },
      choices.map(([verdict, letter, word, iconName]) =>
        el(
          "button",
          {
            class: `button ${verdict}`,
            type: "button",
            disabled: !mayDecide(store.state),
            data: { focus: `${focus}-${verdict}`, verdict },
            onclick: () => choose(verdict),
          },
          icon(iconName),
          word,
          key(letter),
        ),
      ),
    );

  const reasonsOf = (item) =>
    item.reasons.length === 0
      ? null
      : el(
          "ul",
          { class: "reasons" },
          item.reasons.map(({ text }) => el("li", {}, text)),
        );

  function partRow(part) {
    const chosen = store.state.partId === part.id;
    const figure =
      part.probability === null ? null : el("span", { class: "number" }, percent(part.probability));
    const words = [part.damage_type.toLowerCase(), part.size_class, part.severity]
      .filter(Boolean)
      .join(" · ");
    const head = el(
      "button",
      {
        class: "part-head",
        type: "button",
        "aria-pressed": String(chosen),
        data: { focus: part.id, part: part.id },
        onclick: () => choosePart(part, chosen),
      },
      el("span", { class: "part-photo" }, `Photo ${photoNumber(store.state, part.photo)}`),
      el("span", { class: "grow soft" }, words),
      stateBadge(part) ?? flagBadge(part, el("span", { class: "visually-hidden" }, "flagged")),
      figure,
    );
    return el(
      "li",
      { class: `part ${chosen ? "chosen" : ""}` },
      head,
      chosen ? decideButtons(part.id) : null,
    );
  }

  /** The closed line's one sentence: why it is flagged, else what the photos say. */
  const whyOf = (line) =>
    (line.flagged && isOpen(line) && line.reasons[0]?.text) || agreementWords(line);

  const choosePart = (part, chosen) =>
    store.commit(
      { photoId: part.photo, lineId: part.line, partId: chosen ? null : part.id },
      "list",
    );

  function lineItem(line) {
    const chosen = store.state.lineId === line.id;
    const head = el(
      "button",
      {
        class: "line-head",
        type: "button",
        "aria-expanded": String(chosen),
        data: { focus: line.id, line: line.id },
        onclick: () =>
          store.commit({ lineId: line.id, partId: null, photoId: line.best_photo }, "list"),
      },
      el("span", { class: "line-title" }, line.title),
      el(
        "span",
        { class: "number line-probability", title: "How likely a person accepts this as it is" },
        percent(line.probability),
      ),
      el(
        "span",
        { class: "line-sub" },
        stateBadge(line),
        flagBadge(line, "flagged"),
        el("span", { class: "line-why soft small" }, chosen ? agreementWords(line) : whyOf(line)),
      ),
    );
    const item = el(
      "li",
      { class: `line ${chosen ? "chosen" : ""} ${isOpen(line) ? "open" : "decided"}` },
      head,
    );
    if (chosen) item.append(lineBody(line));
    return item;
  }

  function lineBody(line) {
    const onPart = line.damaged_parts.some((part) => part.id === store.state.partId);
    return el(
      "div",
      { class: "line-body" },
      isOpen(line) ? reasonsOf(line) : rejectedWhy(line),
      onPart ? null : decideButtons(line.id),
      el("ul", { class: "parts", "aria-label": "Seen on" }, line.damaged_parts.map(partRow)),
    );
  }

  const rejectedWhy = ({ decision }) =>
    decision?.reason
      ? el("p", { class: "soft small" }, `Because: ${decision.reason_text || decision.reason}`)
      : null;

  function addedItem(part) {
    const chosen = store.state.partId === part.id;
    return el(
      "li",
      { class: `line added ${chosen ? "chosen" : ""}` },
      el(
        "button",
        {
          class: "line-head",
          type: "button",
          "aria-expanded": String(chosen),
          data: { focus: part.id, part: part.id },
          onclick: () => choosePart(part, chosen),
        },
        el("span", { class: "line-title" }, part.title),
        el(
          "span",
          { class: "line-sub" },
          stateBadge(part),
          el("span", { class: "soft small" }, `Photo ${photoNumber(store.state, part.photo)}`),
        ),
      ),
      chosen ? el("div", { class: "line-body" }, decideButtons(part.id)) : null,
    );
  }

  function empty() {
    return el(
      "li",
      { class: "lines-empty soft" },
      "The models found no damage on these photos. Look at each photo; add what they missed with M, or finish.",
    );
  }

  const show = () => {
    const { lines, added } = store.state.review;
    const { total, decided, flaggedOpen } = progressOf(lines);
    slots.progress.textContent =
      total === 0
        ? ""
        : `${decided} of ${total} decided · ${flaggedOpen ? `${count(flaggedOpen, "flag")} open` : "no flag open"}`;
    refill(
      slots.lines,
      lines.map(lineItem),
      added.map(addedItem),
      total + added.length === 0 ? empty() : null,
    );
  };

  const reveal = () => slots.lines.querySelector(".chosen")?.scrollIntoView({ block: "nearest" });
  store.observe(["review", "lineId", "partId", "lost"], show);
  store.observe(["lineId", "partId"], reveal);
  show();
  reveal();

  const { flags } = store.state.review.assessment;
  refill(
    slots.flags,
    flags.length
      ? el(
          "ul",
          { class: "reasons case" },
          flags.map(({ text }) => el("li", {}, text)),
        )
      : null,
  );
}
