import assert from "node:assert/strict";
import { test } from "node:test";
import {
  coloursOf,
  maskUnion,
  paletteOf,
  rgbOf,
  spotlightOf,
} from "../../static/js/editor/layers.js";
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
  assert.deepEqual(
    alphas(coloursOf(map, whole(map), palette)),
    [0, 0, 0, 0, 0, 0, 255, 255, 255, 0, 0, 255, 51, 255, 0, 0, 255, 255, 255, 0, 0, 0, 0, 0, 0],
  );
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

test("masks unite inside one rectangle", () => {
  const masks = [
    { rect: { x: 1, y: 0, width: 2, height: 1 }, values: [1, 0] },
    { rect: { x: 2, y: 1, width: 1, height: 1 }, values: [1] },
  ];
  const union = maskUnion(masks, { x: 1, y: 0, width: 2, height: 2 });
  assert.deepEqual([...union], [1, 0, 0, 1]);
});

test("a spotlight is light on the border, dark around it, clear elsewhere", () => {
  const mask = Uint8Array.from([0, 0, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0, 0]);
  const colours = new Uint8ClampedArray(80).fill(99);
  const bytes = spotlightOf(colours, mask, 4, 1);
  const reds = alphas(bytes).map((alpha, index) => (alpha ? bytes[index * 4] : null));
  assert.deepEqual(reds.slice(4, 8), [255, 255, 255, 10]);
  assert.deepEqual(reds.slice(8, 12), [255, 99, 255, 10]);
  assert.equal(reds[3], null);
  assert.equal(colours[0], 99);
});
