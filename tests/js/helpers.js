// Small label maps that read as pictures: one digit a pixel.
import { labelMap } from "../../static/js/editor/mask.js";

export const mapFrom = (...rows) =>
  labelMap(rows[0].length, rows.length, Uint8Array.from(rows.join(""), Number));

export const rowsOf = ({ width, height, values }) =>
  Array.from({ length: height }, (_, y) =>
    [...values.subarray(y * width, (y + 1) * width)].join(""),
  );

/** The same numbers on every run (mulberry32). */
export function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const randomMap = (width, height, seed) => {
  const random = randomFrom(seed);
  return labelMap(
    width,
    height,
    Uint8Array.from({ length: width * height }, () => random() * 256),
  );
};
