// The two label maps of one photo while a person paints on them: which revision they lie on,
// what was painted, what of it is saved.
import { History } from "./history.js";
import { labelMap, mergedOnto, sameMap } from "./mask.js";
import { changeBytes, StrokeRecorder } from "./strokes.js";

export const LAYERS = ["parts", "damage"];

const copyOf = (map) => labelMap(map.width, map.height, map.values.slice());
const wholeOf = (map) => ({ x: 0, y: 0, width: map.width, height: map.height });

export class PhotoMaps {
  #recorders;
  #base;
  #history = new History({ bytesOf: ({ change }) => changeBytes(change) });
  #savedAt = null;
  #painting = null;

  constructor({ revision, parts, damage }) {
    this.revision = revision;
    this.#recorders = { parts: new StrokeRecorder(parts), damage: new StrokeRecorder(damage) };
    this.#base = { parts: copyOf(parts), damage: copyOf(damage) };
  }

  map(layer) {
    return this.#recorders[layer].map;
  }

  get unsaved() {
    return this.#history.last !== this.#savedAt;
  }

  get canUndo() {
    return this.#history.last !== null;
  }

  get canRedo() {
    return this.#history.next !== null;
  }

  /** Paint a piece of a stroke; returns the rectangle to draw again. */
  paint(layer, from, to, radius, value) {
    this.#painting = layer;
    return this.#recorders[layer].paint(from, to, radius, value);
  }

  /** End the stroke; true where it changed something (and can be undone). */
  finishStroke() {
    const layer = this.#painting;
    this.#painting = null;
    const change = layer && this.#recorders[layer].finish();
    if (change) this.#history.push({ layer, change });
    return Boolean(change);
  }

  /** Take the unfinished stroke back; {layer, rect} to draw again, or null. */
  cancelStroke() {
    const layer = this.#painting;
    this.#painting = null;
    const rect = layer && this.#recorders[layer].cancel();
    return rect ? { layer, rect } : null;
  }

  undo() {
    return this.#put(this.#history.undo(), "before");
  }

  redo() {
    return this.#put(this.#history.redo(), "after");
  }

  #put(entry, side) {
    if (!entry) return null;
    const { layer, change } = entry;
    return { layer, rect: this.#recorders[layer].put(change.rect, change[side]) };
  }

  /** What is painted now, to be sent; painting may go on while it travels. */
  snapshot() {
    return {
      parts: copyOf(this.map("parts")),
      damage: copyOf(this.map("damage")),
      at: this.#history.last,
    };
  }

  /** Strokes may cancel each other out: such a snapshot is its revision already. */
  isRevision(snapshot) {
    return LAYERS.every((layer) => sameMap(this.#base[layer], snapshot[layer]));
  }

  /** A snapshot became this revision. */
  savedAs(revision, snapshot) {
    this.revision = revision;
    this.#base = { parts: snapshot.parts, damage: snapshot.damage };
    this.#savedAt = snapshot.at;
  }

  /**
   * My unsaved painting on top of another revision ({revision, parts, damage}). Returns the new
   * maps, still unsaved, with the number of pixels carried over and of those both sides changed.
   */
  rebasedOn(theirs) {
    const rebased = new PhotoMaps(theirs);
    const counts = { changed: 0, contested: 0 };
    for (const layer of LAYERS) {
      const { map, changed, contested } = mergedOnto(
        this.#base[layer],
        this.map(layer),
        theirs[layer],
      );
      counts.changed += changed;
      counts.contested += contested;
      if (changed) rebased.#replace(layer, map);
    }
    return { maps: rebased, ...counts };
  }

  #replace(layer, map) {
    const rect = wholeOf(map);
    const before = this.map(layer).values.slice();
    this.#recorders[layer].put(rect, map.values);
    this.#history.push({ layer, change: { rect, before, after: map.values.slice() } });
  }
}
