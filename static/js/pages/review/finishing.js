// The end of a review: what is still open, the outcome, and what comes next.
import { nextTake, reviewFinish, reviewRelease } from "../../api/review.js";
import { isOpen } from "../../editor/lines.js";
import { dialogFoot, openDialog } from "../../ui/dialog.js";
import { badge, el } from "../../ui/elements.js";
import { count } from "../../ui/words.js";
import { unsavedPhotos } from "./state.js";

const OUTCOME_HELP = {
  approved: "The report stands as the models and you read it.",
  "approved with corrections": "The report stands with what you changed.",
  "more photos needed": "The appraiser is asked for more photos; the case comes back.",
  "in-person inspection needed": "The case waits for an inspection and comes back.",
  "not assessable": "The photos cannot answer it; the case ends here.",
};

export function createFinishing({ store, writer, painting, decisions, say }) {
  const openFlagged = () => store.state.review.lines.filter((line) => line.flagged && isOpen(line));

  function openLines(close) {
    const open = openFlagged();
    if (open.length === 0) return null;
    const go = (line) => () => {
      decisions.goToLine(line);
      close();
    };
    return el(
      "div",
      { class: "notice warning stack-tight" },
      el(
        "p",
        {},
        `${count(open.length, "flagged line")} not decided yet. An approval needs them; the other outcomes do not.`,
      ),
      el(
        "ul",
        { class: "plain" },
        open.map((line) =>
          el(
            "li",
            {},
            el(
              "button",
              { class: "button quiet link", type: "button", onclick: go(line) },
              badge("flag", "flag", "flagged"),
              line.title,
            ),
          ),
        ),
      ),
    );
  }

  function outcomeChoices(chosen, changed) {
    const { review, taxonomy } = store.state;
    const approvals = ["approved", "approved with corrections"];
    const offered = taxonomy.outcomes.filter(
      ({ value }) => !approvals.includes(value) || value === review.suggested_outcome,
    );
    return el(
      "fieldset",
      { class: "outcomes" },
      el("legend", {}, "Outcome"),
      offered.map(({ value, label, needs_all_decided: needsAll }) => {
        const blocked = needsAll && openFlagged().length > 0;
        const input = el("input", {
          type: "radio",
          name: "outcome",
          value,
          disabled: blocked,
          checked: value === chosen.outcome,
          autofocus: value === chosen.outcome,
          onchange: () => (Object.assign(chosen, { outcome: value }), changed()),
        });
        return el(
          "label",
          { class: `outcome ${blocked ? "blocked" : ""}` },
          input,
          el(
            "span",
            {},
            el("strong", {}, label),
            el("span", { class: "soft small" }, OUTCOME_HELP[value]),
          ),
        );
      }),
    );
  }

  function askOutcome() {
    const blocked = openFlagged().length > 0;
    const chosen = { outcome: blocked ? "" : store.state.review.suggested_outcome };
    return openDialog({
      title: "Finish the review",
      className: "wide",
      fill: (close) => {
        const note = el("textarea", { maxLength: 4000, rows: 3 });
        const finish = el(
          "button",
          {
            class: "button primary",
            type: "button",
            disabled: !chosen.outcome,
            onclick: () => close({ ...chosen, note: note.value.trim() }),
          },
          "Finish",
        );
        const changed = () => {
          finish.disabled = !chosen.outcome;
        };
        return [
          openLines(close),
          outcomeChoices(chosen, changed),
          el(
            "label",
            { class: "field" },
            el("span", { class: "field-name" }, "Note (on the report)"),
            note,
          ),
          dialogFoot(
            el(
              "button",
              { class: "button", type: "button", onclick: () => close() },
              "Go on reviewing",
            ),
            finish,
          ),
        ].filter(Boolean);
      },
    });
  }

  async function finish() {
    const saved = await painting.saveAll();
    if (!saved) return;
    const choice = await askOutcome();
    if (!choice) return;
    const answer = await writer.send("The outcome", () =>
      reviewFinish(store.state.review.urls.finish, choice),
    );
    if (!answer) return;
    store.commit(
      { review: { ...store.state.review, state: "finished", outcome: answer.outcome } },
      "finish",
    );
    await offerNext(answer);
  }

  async function offerNext({ outcome, report_url: report, next_url: next, queue_url: queue }) {
    const choice = await openDialog({
      title: "Review finished",
      fill: (close) => [
        el("p", {}, `The case is ${outcome}.`),
        dialogFoot(
          el("a", { class: "button quiet", href: queue }, "Queue"),
          el("a", { class: "button", href: report }, "Report"),
          el(
            "button",
            {
              class: "button primary",
              type: "button",
              autofocus: true,
              onclick: () => close("next"),
            },
            "Next case ▸",
          ),
        ),
      ],
    });
    if (choice === "next") await takeNext(next, queue);
  }

  async function takeNext(next, queue) {
    const answer = await writer.send("Taking the next case", () => nextTake(next));
    if (answer?.url) window.location.assign(answer.url);
    else if (answer) window.location.assign(queue);
  }

  /** Give the case back to the queue, unfinished. */
  async function release() {
    if (!(await painting.saveAll()) || unsavedPhotos(store.state).length) return;
    const { urls } = store.state.review;
    const released = await writer.send("Putting the case back", async () => {
      await reviewRelease(urls.release);
      return true;
    });
    if (!released) return;
    say.tell("The case is back in the queue.");
    window.location.assign(urls.queue);
  }

  return { finish, release };
}
