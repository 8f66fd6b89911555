// Decisions: shown at once, sent in turn, taken back where the server refuses.
import { decisionMake, decisionUndo } from "../../api/review.js";
import { lastStanding, nextOpen, withDecision } from "../../editor/lines.js";
import { titleOf } from "../../ui/words.js";
import { lineOf, mayDecide, subjectOf } from "./state.js";

// What every answer says of the case anew.
const FRESH = ["lines", "added", "photos", "decisions", "undecided", "suggested_outcome"];
const VERBS = { accept: "Accepted", correct: "Corrected", reject: "Rejected", missed: "Added" };

const pick = (source, names) =>
  Object.fromEntries(names.filter((name) => name in source).map((name) => [name, source[name]]));

export function createDecisions({ store, writer, say }) {
  const waiting = [];
  let confirmed = pick(store.state.review, FRESH);

  const show = (more = {}) => {
    const lines = waiting.reduce(withDecision, confirmed.lines);
    store.commit({ review: { ...store.state.review, ...confirmed, ...more, lines } }, "decisions");
  };

  /** Take over what an answer of the server says of the case. */
  function take(answer) {
    confirmed = { ...confirmed, ...pick(answer, FRESH) };
    show(pick(answer, ["lease_until"]));
  }

  async function make(body, words) {
    if (!mayDecide(store.state)) return null;
    waiting.push(body);
    show();
    say.tell(`${VERBS[body.verdict]}: ${words}.`);
    const answer = await writer.send(
      `${VERBS[body.verdict]}: ${words}`,
      () => decisionMake(store.state.review.urls.decisions, body),
      { again: () => make(body, words) },
    );
    waiting.splice(waiting.indexOf(body), 1);
    if (answer) take(answer);
    else show();
    return answer;
  }

  /** Decide what the page points at, and go on to what is open next. */
  function decide(verdict, details = {}) {
    const subject = subjectOf(store.state);
    if (!subject) return null;
    const { lineId, partId } = store.state;
    const made = make({ verdict, ...subject.body, ...details }, titleOf(subject.words));
    const line = lineOf(store.state);
    // A line with damaged parts still open keeps the eye; a finished one hands it on.
    if (!partId || (line && line.state !== "undecided" && line.state !== "partly decided")) {
      const next = nextOpen(store.state.review.lines, lineId);
      if (next) goToLine(next);
    }
    return made;
  }

  function goToLine(line) {
    store.commit({ lineId: line.id, partId: null, photoId: line.best_photo }, "decisions");
  }

  /** Undo the newest decision that stands, once all before it have arrived. */
  async function undo() {
    if (!mayDecide(store.state)) return null;
    while (waiting.length > 0) await writer.settled();
    const decision = lastStanding(confirmed.decisions, store.state.review.id);
    if (!decision) {
      say.tell("There is no decision to undo.");
      return null;
    }
    const answer = await writer.send("Undo of a decision", () => decisionUndo(decision.undo_url));
    if (answer) {
      take(answer);
      pointAt(decision);
      say.tell(`Undone: ${wordsOf(decision)}.`);
    }
    return answer;
  }

  function pointAt(decision) {
    const line = confirmed.lines.find(
      ({ id, damaged_parts: parts }) =>
        id === decision.line || parts.some((part) => part.id === decision.damaged_part),
    );
    if (line) goToLine(line);
  }

  /** "accepted Left front door · deformity" */
  function wordsOf(decision) {
    const parts = [...confirmed.lines.flatMap((line) => line.damaged_parts), ...confirmed.added];
    const subject =
      confirmed.lines.find(({ id }) => id === decision.line) ??
      parts.find(({ id }) => id === decision.damaged_part);
    const title = subject?.title ?? (decision.part ? titleOf(decision) : "damage on a photo");
    return `${VERBS[decision.verdict].toLowerCase()} ${title}`;
  }

  const standing = () => lastStanding(confirmed.decisions, store.state.review.id);
  return { make, decide, undo, take, wordsOf, standing, goToLine };
}
