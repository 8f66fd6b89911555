import assert from "node:assert/strict";
import { test } from "node:test";
import { labelMap } from "../../static/js/editor/mask.js";
import { changeBytes, StrokeRecorder } from "../../static/js/editor/strokes.js";
import { mapFrom, rowsOf } from "./helpers.js";

const POINT = { x: 1.5, y: 1.5 };

test("a finished stroke remembers only the rectangle it changed", () => {
  const recorder = new StrokeRecorder(labelMap(100, 100));
  recorder.paint({ x: 20, y: 20 }, { x: 30, y: 20 }, 5, 3);
  const change = recorder.finish();
  assert.deepEqual(change.rect, { x: 15, y: 15, width: 20, height: 10 });
  assert.equal(changeBytes(change), 400);
});

test("putting back what was before undoes the stroke, what was after redoes it", () => {
  const recorder = new StrokeRecorder(mapFrom("111", "121", "111"));
  recorder.paint(POINT, POINT, 1, 5);
  const change = recorder.finish();
  assert.deepEqual(rowsOf(recorder.map), ["151", "555", "151"]);
  recorder.put(change.rect, change.before);
  assert.deepEqual(rowsOf(recorder.map), ["111", "121", "111"]);
  recorder.put(change.rect, change.after);
  assert.deepEqual(rowsOf(recorder.map), ["151", "555", "151"]);
});

test("strokes undo one by one, however they overlap", () => {
  const recorder = new StrokeRecorder(mapFrom("000", "000", "000"));
  const changes = [3, 4, 5].map((value) => {
    recorder.paint({ x: value - 2.5, y: 1.5 }, { x: value - 2.5, y: 1.5 }, 1, value);
    return recorder.finish();
  });
  for (const change of changes.reverse()) recorder.put(change.rect, change.before);
  assert.deepEqual(rowsOf(recorder.map), ["000", "000", "000"]);
});

test("a stroke that changes nothing is none", () => {
  const recorder = new StrokeRecorder(mapFrom("777", "777", "777"));
  recorder.paint(POINT, POINT, 1, 7);
  assert.equal(recorder.finish(), null);
});

test("a cancelled stroke leaves the map as it was", () => {
  const recorder = new StrokeRecorder(mapFrom("000", "020", "000"));
  recorder.paint(POINT, POINT, 1, 5);
  assert.ok(recorder.painting);
  assert.deepEqual(recorder.cancel(), { x: 0, y: 0, width: 3, height: 3 });
  assert.deepEqual(rowsOf(recorder.map), ["000", "020", "000"]);
  assert.equal(recorder.finish(), null);
});
