// Strokes on one label map: painted as they come, remembered as the rectangle they changed.
import { labelMap, paintSegment, readRect, writeRect } from "./mask.js";
import { rectUnion } from "./rects.js";

/** A change is {rect, before, after}: the values of that rectangle, and nothing else. */
export class StrokeRecorder {
  #settled;
  #dirty = null;

  constructor(map) {
    this.map = map;
    // The map as of the last finished stroke; only the rectangle of a stroke is ever copied.
    this.#settled = labelMap(map.width, map.height, map.values.slice());
  }

  get painting() {
    return this.#dirty !== null;
  }

  paint(from, to, radius, value) {
    const rect = paintSegment(this.map, from, to, radius, value);
    this.#dirty = rectUnion(this.#dirty, rect);
    return rect;
  }

  /** End the stroke: its change, or null where it changed nothing. */
  finish() {
    const rect = this.#dirty;
    this.#dirty = null;
    if (!rect) return null;
    const before = readRect(this.#settled, rect);
    const after = readRect(this.map, rect);
    if (before.every((value, index) => value === after[index])) return null;
    writeRect(this.#settled, rect, after);
    return { rect, before, after };
  }

  /** Take the unfinished stroke back; returns the rectangle to draw again. */
  cancel() {
    const rect = this.#dirty;
    this.#dirty = null;
    if (rect) writeRect(this.map, rect, readRect(this.#settled, rect));
    return rect;
  }

  put(rect, values) {
    writeRect(this.map, rect, values);
    writeRect(this.#settled, rect, values);
    return rect;
  }
}

export const changeBytes = (change) => change.before.length + change.after.length;
