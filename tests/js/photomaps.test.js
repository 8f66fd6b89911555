import assert from "node:assert/strict";
import { test } from "node:test";
import { PhotoMaps } from "../../static/js/editor/photomaps.js";
import { mapFrom, rowsOf } from "./helpers.js";

const at = (x, y = 0.5) => ({ x, y });
const maps = () => new PhotoMaps({ revision: 0, parts: mapFrom("1111"), damage: mapFrom("0000") });
const dab = (photo, layer, x, value) => {
  photo.paint(layer, at(x), at(x), 0.5, value);
  return photo.finishStroke();
};
const look = (photo) => [...rowsOf(photo.map("parts")), ...rowsOf(photo.map("damage"))];

test("fresh maps have nothing to save and nothing to undo", () => {
  const photo = maps();
  assert.deepEqual([photo.unsaved, photo.canUndo, photo.canRedo], [false, false, false]);
});

test("strokes on both layers undo in the order they were made", () => {
  const photo = maps();
  dab(photo, "damage", 0.5, 3);
  dab(photo, "parts", 1.5, 2);
  assert.deepEqual(look(photo), ["1211", "3000"]);
  assert.equal(photo.undo().layer, "parts");
  assert.deepEqual(look(photo), ["1111", "3000"]);
  assert.equal(photo.undo().layer, "damage");
  assert.deepEqual(look(photo), ["1111", "0000"]);
  assert.equal(photo.undo(), null);
});

test("a redone stroke is there again", () => {
  const photo = maps();
  dab(photo, "damage", 2.5, 3);
  photo.undo();
  assert.equal(photo.redo().layer, "damage");
  assert.deepEqual(look(photo), ["1111", "0030"]);
});

test("a stroke that changes nothing leaves nothing to save", () => {
  const photo = maps();
  assert.equal(dab(photo, "parts", 0.5, 1), false);
  assert.equal(photo.unsaved, false);
});

test("undoing everything leaves nothing to save", () => {
  const photo = maps();
  dab(photo, "damage", 0.5, 3);
  assert.equal(photo.unsaved, true);
  photo.undo();
  assert.equal(photo.unsaved, false);
});

test("what was painted while a save travelled is still unsaved", () => {
  const photo = maps();
  dab(photo, "damage", 0.5, 3);
  const sent = photo.snapshot();
  dab(photo, "damage", 1.5, 3);
  photo.savedAs(1, sent);
  assert.deepEqual([photo.revision, photo.unsaved], [1, true]);
  assert.deepEqual(rowsOf(sent.damage), ["3000"]);
});

test("undoing past a save is a change to be saved", () => {
  const photo = maps();
  dab(photo, "damage", 0.5, 3);
  photo.savedAs(1, photo.snapshot());
  assert.equal(photo.unsaved, false);
  photo.undo();
  assert.equal(photo.unsaved, true);
});

test("strokes that cancel each other out are the revision they lie on", () => {
  const photo = maps();
  dab(photo, "damage", 0.5, 3);
  assert.equal(photo.isRevision(photo.snapshot()), false);
  dab(photo, "damage", 0.5, 0);
  assert.deepEqual([photo.unsaved, photo.isRevision(photo.snapshot())], [true, true]);
});

test("a cancelled stroke leaves map and history alone", () => {
  const photo = maps();
  photo.paint("damage", at(0.5), at(3.5), 0.5, 3);
  assert.equal(photo.cancelStroke().layer, "damage");
  assert.deepEqual([look(photo)[1], photo.unsaved, photo.canUndo], ["0000", false, false]);
});

test("my strokes move onto a newer revision, unsaved and in one undo", () => {
  const photo = maps();
  dab(photo, "damage", 0.5, 3);
  const theirs = { revision: 4, parts: mapFrom("1112"), damage: mapFrom("0005") };
  const { maps: rebased, changed, contested } = photo.rebasedOn(theirs);
  assert.deepEqual(look(rebased), ["1112", "3005"]);
  assert.deepEqual([changed, contested, rebased.revision, rebased.unsaved], [1, 0, 4, true]);
  rebased.undo();
  assert.deepEqual([look(rebased)[1], rebased.unsaved], ["0005", false]);
});

test("only unsaved strokes move onto a newer revision", () => {
  const photo = maps();
  dab(photo, "damage", 0.5, 3);
  photo.savedAs(1, photo.snapshot());
  dab(photo, "damage", 1.5, 4);
  const theirs = { revision: 2, parts: mapFrom("1111"), damage: mapFrom("0000") };
  assert.deepEqual(look(photo.rebasedOn(theirs).maps), ["1111", "0400"]);
});
