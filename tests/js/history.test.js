import assert from "node:assert/strict";
import { test } from "node:test";
import { History } from "../../static/js/editor/history.js";

test("undo gives the newest first and nothing at the end", () => {
  const history = new History();
  history.push("a");
  history.push("b");
  assert.deepEqual([history.undo(), history.undo(), history.undo()], ["b", "a", null]);
});

test("redo gives back what was undone", () => {
  const history = new History();
  history.push("a");
  history.undo();
  assert.deepEqual([history.redo(), history.redo(), history.last], ["a", null, "a"]);
});

test("a new entry ends what could be redone", () => {
  const history = new History();
  history.push("a");
  history.undo();
  history.push("b");
  assert.equal(history.next, null);
});

test("beyond its bytes the oldest are forgotten, never the newest", () => {
  const history = new History({ mostBytes: 10, bytesOf: (entry) => entry });
  for (const bytes of [4, 5, 6, 50]) history.push(bytes);
  assert.deepEqual([history.depth, history.last], [1, 50]);
});
