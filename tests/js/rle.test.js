import assert from "node:assert/strict";
import { test } from "node:test";
import { maskInRect, runsOf } from "../../static/js/editor/rle.js";
import { labelMap } from "../../static/js/editor/mask.js";
import { rowsOf } from "./helpers.js";

// Written by pycocotools.
const SMALL = { size: [4, 6], counts: "545NOON0" };
const LARGE = { size: [1200, 1600], counts: "ZZdi0lT1d00Zfm:UkN]mP;" };

const rowsIn = (rle, rect) => rowsOf(labelMap(rect.width, rect.height, maskInRect(rle, rect)));

test("compressed counts give their run lengths", () => {
  assert.deepEqual(runsOf(SMALL.counts), [5, 4, 5, 2, 4, 1, 2, 1]);
});

test("a mask is read row by row", () => {
  assert.deepEqual(rowsIn(SMALL, { x: 0, y: 0, width: 6, height: 4 }), [
    "001001",
    "010000",
    "010100",
    "010101",
  ]);
});

test("only the rectangle asked for is read", () => {
  assert.deepEqual(rowsIn(SMALL, { x: 1, y: 2, width: 3, height: 2 }), ["101", "101"]);
});

test("runs of a large photo stay exact", () => {
  const mask = maskInRect(LARGE, { x: 600, y: 0, width: 500, height: 1200 });
  assert.equal(
    mask.reduce((sum, value) => sum + value, 0),
    2 * 1180 + 1,
  );
  assert.equal(mask[500 * 500 + 400], 1);
});
