import assert from "node:assert/strict";
import { test } from "node:test";
import { coloursOf, outlineOf, paletteOf, rgbOf } from "../../static/js/editor/layers.js";
import { labelMap } from "../../static/js/editor/mask.js";
import { mapFrom } from "./helpers.js";

const CLASSES = [
  { id: 1, colour: "#102030" },
  { id: 2, colour: "#405060" },
];
const OPACITIES = { fill: 0.2, stripe: 0.6, edge: 1 };
const palette = paletteOf(CLASSES, OPACITIES);
const whole = (map) => ({ x: 0, y: 0, width: map.width, height: map.height });
const alphas = (bytes) => Array.from({ length: bytes.length / 4 }, (_, i) => bytes[i * 4 + 3]);

test("a colour is read as red, green, blue", () => {
  assert.deepEqual(rgbOf("#10ff07"), [16, 255, 7]);
});

test("background stays clear, the inside is light, the outline full", () => {
  const map = mapFrom("00000", "01110", "01110", "01110", "00000");
  assert.deepEqual(alphas(coloursOf(map, whole(map), palette)), [
    0, 0, 0, 0, 0, 0, 255, 255, 255, 0, 0, 255, 51, 255, 0, 0, 255, 255, 255, 0, 0, 0, 0, 0, 0,
  ]);
});

test("a pixel has its class's colour", () => {
  const map = mapFrom("2");
  assert.deepEqual([...coloursOf(map, whole(map), palette)].slice(0, 3), [64, 80, 96]);
});

test("the photo's border is no outline", () => {
  const map = mapFrom("111", "111", "111");
  assert.ok(alphas(coloursOf(map, whole(map), palette)).every((alpha) => alpha === 51));
});

test("where two classes meet, both have an outline", () => {
  const map = mapFrom("11122", "11122", "11122");
  assert.deepEqual(alphas(coloursOf(map, whole(map), palette)).slice(0, 5), [51, 51, 255, 255, 51]);
});

test("hidden classes stay clear", () => {
  const map = mapFrom("12");
  const hidden = paletteOf(CLASSES, OPACITIES, new Set([1]));
  assert.deepEqual(alphas(coloursOf(map, whole(map), hidden)), [0, 255]);
});

test("stripes tell classes apart without their hue", () => {
  const map = labelMap(24, 24, new Uint8Array(576).fill(1));
  const stripes = new Uint8Array(256);
  stripes[1] = 1;
  const seen = new Set(alphas(coloursOf(map, whole(map), palette, { stripes })));
  assert.deepEqual(seen, new Set([51, 153]));
});

test("a rectangle drawn alone equals that piece of the whole", () => {
  const map = mapFrom("001100", "012210", "012210", "001100");
  const rect = { x: 1, y: 1, width: 3, height: 2 };
  const all = new Uint32Array(coloursOf(map, whole(map), palette).buffer);
  const piece = new Uint32Array(coloursOf(map, rect, palette).buffer);
  const expected = [7, 8, 9, 13, 14, 15].map((index) => all[index]);
  assert.deepEqual([...piece], expected);
});

test("a mask's outline is light inside and dark outside", () => {
  const mask = Uint8Array.from([0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]);
  const bytes = outlineOf(mask, 4, 1);
  const light = Array.from(mask, (_, index) => bytes[index * 4 + 3] && bytes[index * 4] === 255);
  assert.deepEqual(
    light.map((value, index) => (value ? index : -1)).filter((index) => index >= 0),
    [5, 6],
  );
  assert.equal(bytes[1 * 4 + 3], 190);
});
