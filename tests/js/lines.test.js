import assert from "node:assert/strict";
import { test } from "node:test";
import {
  agreementWords,
  firstLine,
  lastStanding,
  neighbour,
  nextOpen,
  progressOf,
  stateOfParts,
  withDecision,
} from "../../static/js/editor/lines.js";

const part = (id, state = "undecided") => ({
  id,
  state,
  part: "Hood",
  side: "",
  damage: "Deformity",
});
const line = (id, { flagged = false, states = ["undecided"] } = {}) => {
  const parts = states.map((state, index) => part(`${id}${index}`, state));
  return { id, flagged, damaged_parts: parts, state: stateOfParts(parts) };
};
const LINES = [
  line("a", { flagged: true }),
  line("b", { flagged: true, states: ["accepted"] }),
  line("c"),
  line("d", { flagged: true }),
];

for (const [states, expected] of [
  [["accepted", "accepted"], "accepted"],
  [["undecided", "accepted"], "partly decided"],
  [["rejected", "rejected"], "rejected"],
  [["accepted", "rejected"], "corrected"],
  [["corrected", "accepted"], "corrected"],
]) {
  test(`damaged parts ${states.join(" and ")} make a line ${expected}`, () => {
    assert.equal(stateOfParts(states.map((state, index) => part(index, state))), expected);
  });
}

test("after a decision comes the next open flagged line, round the end", () => {
  assert.equal(nextOpen(LINES, "a").id, "d");
  assert.equal(nextOpen(LINES, "d").id, "a");
});

test("without open flagged lines the open others come", () => {
  assert.equal(nextOpen([line("a", { flagged: true }), line("b")], "a").id, "b");
});

test("when all is decided nothing comes next", () => {
  assert.equal(nextOpen([line("a", { states: ["rejected"] })], "a"), null);
});

test("the first line to look at is the first open flagged one", () => {
  assert.equal(firstLine([line("x"), line("y", { flagged: true })]).id, "y");
  assert.equal(firstLine([line("x")]).id, "x");
  assert.equal(firstLine([]), null);
});

test("stepping through a list stops at its ends", () => {
  assert.equal(neighbour(LINES, "a", -1).id, "a");
  assert.equal(neighbour(LINES, "a", 1).id, "b");
  assert.equal(neighbour(LINES, null, 1).id, "a");
  assert.equal(neighbour([], null, 1), null);
});

test("progress counts decided lines and open flagged ones", () => {
  assert.deepEqual(progressOf(LINES), { total: 4, decided: 1, flaggedOpen: 2 });
});

test("agreement reads as a sentence", () => {
  assert.equal(agreementWords({ photos_agree: 2, photos_asked: 3 }), "2 of 3 photos agree on it");
  assert.equal(agreementWords({ photos_agree: 1, photos_asked: 3 }), "1 of 3 photos shows it");
});

test("a decision on a line shows on all its damaged parts at once", () => {
  const [after] = withDecision([line("a", { states: ["undecided", "undecided"] })], {
    verdict: "accept",
    line: "a",
  });
  assert.deepEqual(
    [after.state, after.damaged_parts.map((item) => item.state)],
    ["accepted", ["accepted", "accepted"]],
  );
});

test("a decision on one damaged part leaves the others", () => {
  const [after] = withDecision([line("a", { states: ["undecided", "undecided"] })], {
    verdict: "reject",
    damaged_part: "a1",
  });
  assert.deepEqual(
    [after.state, after.damaged_parts.map((item) => item.state)],
    ["partly decided", ["undecided", "rejected"]],
  );
});

test("a correction brings its words", () => {
  const [after] = withDecision([line("a")], { verdict: "correct", line: "a", part: "Roof" });
  const { part: name, damage, state } = after.damaged_parts[0];
  assert.deepEqual([name, damage, state], ["Roof", "Deformity", "corrected"]);
});

test("missed damage changes no line", () => {
  assert.equal(withDecision(LINES, { verdict: "missed", photo: "p" }), LINES);
});

test("what can be undone is the newest standing decision of this review", () => {
  const decision = (id, review, undone = null) => ({
    id,
    undone_at: undone,
    undo_url: `/api/v1/reviews/${review}/decisions/${id}/undo/`,
  });
  const decisions = [
    decision(1, "r"),
    decision(2, "r", "2026-11-28T10:00:00Z"),
    decision(3, "old"),
  ];
  assert.equal(lastStanding(decisions, "r").id, 1);
  assert.equal(lastStanding([], "r"), null);
});
