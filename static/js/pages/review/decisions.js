// Decisions: shown at once, sent in turn, taken back where the server refuses.
import { decisionMake, decisionUndo } from "../../api/review.js";
import { lastStanding, nextOpen, withDecision } from "../../editor/lines.js";
import { titleOf } from "../../ui/words.js";
import { lineOf, mayDecide, subjectOf } from "./state.js";

const FRESH = [
  "lines",
  "added",
  "photos",
  "decisions",
  "undecided",
  "suggested_outcome",
  "lease_until",
];
const VERBS = { accept: "Accepted", correct: "Corrected", reject: "Rejected", missed: "Added" };

export function createDecisions({ store, writer, say }) {
  const waiting = [];
  let confirmed = store.state.review;

  const show = () => {
    const lines = waiting.reduce(withDecision, confirmed.lines);
    store.commit({ review: { ...confirmed, lines } }, "decisions");
  };

  /** Take over what an answer of the server says of the case. */
  function take(answer) {
    const fresh = FRESH.filter((name) => name in answer).map((name) => [name, answer[name]]);
    confirmed = { ...confirmed, ...Object.fromEntries(fresh) };
    show();
  }

  async function make(body, words) {
    if (!mayDecide(store.state)) return null;
    waiting.push(body);
    show();
    say.tell(`${VERBS[body.verdict]}: ${words}.`);
    const answer = await writer.send(
      `${VERBS[body.verdict]}: ${words}`,
      () => decisionMake(confirmed.urls.decisions, body),
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
    await writer.settled();
    const decision = lastStanding(confirmed.decisions, confirmed.id);
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

  /** "accepted Left front door shell · deformity" */
  function wordsOf(decision) {
    const parts = [...confirmed.lines.flatMap((line) => line.damaged_parts), ...confirmed.added];
    const subject =
      confirmed.lines.find(({ id }) => id === decision.line) ??
      parts.find(({ id }) => id === decision.damaged_part);
    const title = subject?.title ?? (decision.part ? titleOf(decision) : "damage on a photo");
    return `${VERBS[decision.verdict].toLowerCase()} ${title}`;
  }

  const standing = () => lastStanding(confirmed.decisions, confirmed.id);
  return { make, decide, undo, take, wordsOf, standing, goToLine };
}
