import assert from "node:assert/strict";
import { test } from "node:test";
import { clockOf, clockShortOf, count, percent, titleOf } from "../../static/js/ui/words.js";

test("shares read as percent without decimals, nothing as a dash", () => {
  assert.deepEqual([percent(0.615), percent(1), percent(null)], ["62 %", "100 %", "–"]);
});

test("times have two digits everywhere", () => {
  const date = new Date(2026, 10, 28, 9, 3, 7);
  assert.deepEqual([clockOf(date), clockShortOf(date)], ["09:03:07", "09:03"]);
});

test("one is not many", () => {
  assert.deepEqual([count(1, "line"), count(2, "line")], ["1 line", "2 lines"]);
});

test("a damaged part reads as words", () => {
  const words = { part: "Front Door Shell", side: "left", damage: "Deformity" };
  assert.equal(titleOf(words), "Left front door · deformity");
  assert.equal(titleOf({ part: "Hood", side: "", damage: "Body Damage" }), "Hood · body damage");
});
