// Who decided what, and when: all decisions of the case, undone ones too.
import { openDialog } from "../../ui/dialog.js";
import { el } from "../../ui/elements.js";
import { clockShortOf } from "../../ui/words.js";

const dayAndTime = (text) => {
  const date = new Date(text);
  return `${date.toLocaleDateString()} ${clockShortOf(date)}`;
};

function row(decision, wordsOf) {
  const because = decision.reason ? ` (${decision.reason_text || decision.reason})` : "";
  const undone = decision.undone_at ? el("span", { class: "badge" }, "undone") : null;
  return el(
    "li",
    { class: decision.undone_at ? "undone" : "" },
    el("span", { class: "soft number" }, dayAndTime(decision.created_at)),
    el("span", { class: "grow" }, `${decision.decided_by} ${wordsOf(decision)}${because}`),
    undone,
  );
}

export function showHistory({ decisions, reviews }, wordsOf) {
  return openDialog({
    title: "History",
    className: "wide",
    fill: () => [
      decisions.length
        ? el(
            "ol",
            { class: "history" },
            decisions.toReversed().map((item) => row(item, wordsOf)),
          )
        : el("p", { class: "soft" }, "Nothing has been decided on this case yet."),
      el("h3", {}, "Reviews"),
      el(
        "ul",
        { class: "history" },
        reviews.map((item) =>
          el(
            "li",
            {},
            el("span", { class: "soft number" }, dayAndTime(item.created_at)),
            el(
              "span",
              { class: "grow" },
              `${item.adjuster}: ${item.outcome || item.state}${item.note ? ` – ${item.note}` : ""}`,
            ),
          ),
        ),
      ),
    ],
  });
}
