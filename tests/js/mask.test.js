import assert from "node:assert/strict";
import { test } from "node:test";
import {
  areasOf,
  classAt,
  labelMap,
  mergedOnto,
  paintSegment,
  readRect,
  sameMap,
  writeRect,
} from "../../static/js/editor/mask.js";
import { mapFrom, randomFrom, rowsOf } from "./helpers.js";

/** The definition, pixel by pixel: a centre within the radius of the segment. */
function painted(map, from, to, radius, value) {
  const length2 = (to.x - from.x) ** 2 + (to.y - from.y) ** 2;
  const out = labelMap(map.width, map.height, map.values.slice());
  out.values.forEach((_, index) => {
    const x = (index % map.width) + 0.5;
    const y = Math.floor(index / map.width) + 0.5;
    const along = ((x - from.x) * (to.x - from.x) + (y - from.y) * (to.y - from.y)) / length2;
    const t = length2 ? Math.min(1, Math.max(0, along)) : 0;
    const distance = Math.hypot(x - from.x - t * (to.x - from.x), y - from.y - t * (to.y - from.y));
    if (distance <= radius) out.values[index] = value;
  });
  return out;
}

test("a map knows how many values it needs", () => {
  assert.throws(() => labelMap(3, 2, new Uint8Array(5)), /5 values do not fill 3 × 2/);
});

test("the class under a point is read, outside there is none", () => {
  const map = mapFrom("012", "345");
  assert.equal(classAt(map, { x: 2.9, y: 1.1 }), 5);
  assert.equal(classAt(map, { x: -0.1, y: 0 }), null);
  assert.equal(classAt(map, { x: 3, y: 0 }), null);
});

test("a dab paints a disc", () => {
  const map = labelMap(5, 5);
  const rect = paintSegment(map, { x: 2.5, y: 2.5 }, { x: 2.5, y: 2.5 }, 2, 7);
  assert.deepEqual(rowsOf(map), ["00700", "07770", "77777", "07770", "00700"]);
  assert.deepEqual(rect, { x: 0, y: 0, width: 5, height: 5 });
});

test("a stroke paints what lies within the radius of its way, as defined pixel by pixel", () => {
  const random = randomFrom(7);
  for (let round = 0; round < 200; round += 1) {
    const map = labelMap(40, 30);
    const point = () => ({ x: random() * 60 - 10, y: random() * 50 - 10 });
    const [from, to, radius] = [point(), point(), 0.5 + random() * 9];
    const expected = painted(map, from, to, radius, 3);
    paintSegment(map, from, to, radius, 3);
    assert.deepEqual(rowsOf(map), rowsOf(expected), JSON.stringify({ from, to, radius }));
  }
});

test("a stroke touches nothing outside the rectangle it names", () => {
  const map = labelMap(60, 60);
  const rect = paintSegment(map, { x: 20, y: 25 }, { x: 40, y: 31 }, 4.3, 9);
  writeRect(map, rect, new Uint8Array(rect.width * rect.height));
  assert.equal(areasOf(map)[0], 3600);
});

test("a stroke beside the photo touches nothing", () => {
  const map = labelMap(10, 10);
  assert.equal(paintSegment(map, { x: -20, y: 5 }, { x: -12, y: 5 }, 3, 1), null);
});

test("a rectangle read and written back is unchanged", () => {
  const map = mapFrom("0123", "4567", "8901");
  const rect = { x: 1, y: 1, width: 2, height: 2 };
  const values = readRect(map, rect);
  assert.deepEqual([...values], [5, 6, 9, 0]);
  writeRect(map, rect, Uint8Array.of(1, 2, 3, 4));
  assert.deepEqual(rowsOf(map), ["0123", "4127", "8341"]);
});

test("areas count every class", () => {
  const counts = areasOf(mapFrom("0112", "2221"));
  assert.deepEqual([...counts.subarray(0, 4)], [1, 3, 4, 0]);
});

test("my strokes go onto another's revision and leave the rest of it", () => {
  const base = mapFrom("0000");
  const merged = mergedOnto(base, mapFrom("0110"), mapFrom("2002"));
  assert.deepEqual(rowsOf(merged.map), ["2112"]);
  assert.deepEqual([merged.changed, merged.contested], [2, 0]);
});

test("pixels that both of us changed are counted, mine stand", () => {
  const merged = mergedOnto(mapFrom("000"), mapFrom("111"), mapFrom("210"));
  assert.deepEqual(rowsOf(merged.map), ["111"]);
  assert.deepEqual([merged.changed, merged.contested], [3, 1]);
});

test("two maps are the same when every pixel is", () => {
  assert.ok(sameMap(mapFrom("012"), mapFrom("012")));
  assert.ok(!sameMap(mapFrom("012"), mapFrom("013")));
});

test("a move of a large brush on a 1600 × 1200 map takes well under a frame", () => {
  const map = labelMap(1600, 1200);
  const moves = 200;
  const start = performance.now();
  for (let i = 0; i < moves; i += 1) {
    paintSegment(map, { x: 8 * i, y: 5 * i }, { x: 8 * i + 40, y: 5 * i + 25 }, 80, 1);
  }
  assert.ok((performance.now() - start) / moves < 8);
});
