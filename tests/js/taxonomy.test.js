import assert from "node:assert/strict";
import { test } from "node:test";
import {
  commonest,
  damageOfType,
  partChoices,
  partOfId,
  stripesOf,
  typesOf,
} from "../../static/js/editor/taxonomy.js";

const CATEGORICAL = [
  { name: "Surface Damage", side: "", members: [2, 6] },
  { name: "Deformity", side: "", members: [3, 5] },
  { name: "Body Damage", side: "", members: [1, 4, 7] },
];
const SIDES = [
  { name: "Hood", side: "", members: [6] },
  { name: "Mirror", side: "left", members: [33] },
  { name: "Mirror", side: "right", members: [34] },
];
const names = ["Missing", "Scratch", "Dent", "Corrosion", "Crack", "Paint Chip", "Broken"];
const TAXONOMY = {
  layers: {
    parts: { classes: [], merges: { sides: SIDES } },
    damage: {
      classes: names.map((name, index) => ({ id: index + 1, name })),
      merges: { categorical: CATEGORICAL },
    },
  },
};

test("a part can be chosen with the sides it has", () => {
  assert.deepEqual(partChoices(SIDES), [
    { name: "Hood", sides: [""] },
    { name: "Mirror", sides: ["left", "right"] },
  ]);
});

test("a merged damage knows its original types, and a type its merged damage", () => {
  assert.deepEqual(typesOf(TAXONOMY, "categorical", "Deformity"), ["Dent", "Crack"]);
  assert.equal(damageOfType(TAXONOMY, "categorical", "Broken"), "Body Damage");
});

test("a finest class names its part under the merge, background none", () => {
  assert.deepEqual(partOfId(SIDES, 34), SIDES[2]);
  assert.equal(partOfId(SIDES, 0), null);
});

test("the three kinds of damage differ by their stripes", () => {
  const stripes = stripesOf(TAXONOMY);
  assert.deepEqual([stripes[2], stripes[3], stripes[7]], [1, 0, 2]);
});

test("the commonest class leaves background and ignore out", () => {
  assert.equal(commonest(Uint8Array.of(0, 0, 0, 255, 255, 4, 4, 9)), 4);
  assert.equal(commonest(Uint8Array.of(0, 0)), 0);
});
