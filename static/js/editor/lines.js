// Report lines and their damaged parts as the page walks through them: what is open, what comes
// next, and what a decision will do before the server has answered.

const DECIDED_AS = { accept: "accepted", correct: "corrected", reject: "rejected" };

export const isOpen = (line) => line.state === "undecided" || line.state === "partly decided";

/** A line takes its damaged parts' state where they agree. */
export function stateOfParts(parts) {
  const states = new Set(parts.map((part) => part.state));
  if (states.size === 1) return [...states][0];
  if (states.has("undecided")) return "partly decided";
  return states.has("corrected") || states.has("accepted") ? "corrected" : "rejected";
}

/** The next line a person should look at: flagged ones first, from here on, then round. */
export function nextOpen(lines, currentId) {
  const start = lines.findIndex((line) => line.id === currentId) + 1;
  const inTurn = [...lines.slice(start), ...lines.slice(0, start)];
  const open = inTurn.filter((line) => isOpen(line) && line.id !== currentId);
  return open.find((line) => line.flagged) ?? open[0] ?? null;
}

/** The neighbour in a list, without going round. */
export function neighbour(items, currentId, step) {
  const at = items.findIndex((item) => item.id === currentId);
  if (at < 0) return items[0] ?? null;
  return items[Math.min(Math.max(at + step, 0), items.length - 1)];
}

export function progressOf(lines) {
  const decided = lines.filter((line) => !isOpen(line)).length;
  const flaggedOpen = lines.filter((line) => line.flagged && isOpen(line)).length;
  return { total: lines.length, decided, flaggedOpen };
}

/** "2 of 3 photos agree"; with one photo there is nothing to agree with. */
export function agreementWords({ photos_agree: agree, photos_asked: asked }) {
  if (asked === 1) return "Only one photo could show it";
  return `${agree} of ${asked} photos ${agree === 1 ? "shows" : "agree on"} it`;
}

const changed = (part, request) => {
  const words = ["part", "side", "damage", "damage_type"].filter((name) => name in request);
  return {
    ...part,
    ...Object.fromEntries(words.map((name) => [name, request[name]])),
    state: DECIDED_AS[request.verdict],
  };
};

/** The lines as they will be once `request` (the body of a decision) is accepted. */
export function withDecision(lines, request) {
  if (!(request.verdict in DECIDED_AS)) return lines;
  return lines.map((line) => {
    const meant = (part) => request.line === line.id || request.damaged_part === part.id;
    if (!line.damaged_parts.some(meant)) return line;
    const parts = line.damaged_parts.map((part) => (meant(part) ? changed(part, request) : part));
    return { ...line, damaged_parts: parts, state: stateOfParts(parts) };
  });
}

/** The newest decision of this review that stands, or null. */
export function lastStanding(decisions, reviewId) {
  const mine = ({ undone_at: undone, undo_url: url }) =>
    !undone && url.includes(`/reviews/${reviewId}/`);
  return decisions.filter(mine).at(-1) ?? null;
}

/** All damaged parts, those of lines and those a person added. */
export const allParts = ({ lines, added }) => [
  ...lines.flatMap((line) => line.damaged_parts),
  ...added,
];

/** Where to look first: the first flagged open line, else the first line. */
export const firstLine = (lines) =>
  lines.find((line) => line.flagged && isOpen(line)) ?? lines[0] ?? null;
