// Label maps, {width, height, values: Uint8Array of finest class ids}, and painting on them.
// Every write says which rectangle it touched, so that nothing else is drawn or remembered.
import { rectClipped } from "./rects.js";

export const BACKGROUND = 0;
export const IGNORE = 255;

export const labelMap = (width, height, values = new Uint8Array(width * height)) => {
  if (values.length !== width * height) {
    throw new RangeError(`${values.length} values do not fill ${width} × ${height} pixels.`);
  }
  return { width, height, values };
};

export function classAt(map, point) {
  const x = Math.floor(point.x);
  const y = Math.floor(point.y);
  const inside = x >= 0 && y >= 0 && x < map.width && y < map.height;
  return inside ? map.values[y * map.width + x] : null;
}

/** Pixels of every class, as an array of 256 counts. */
export function areasOf(map) {
  const counts = new Uint32Array(256);
  for (const value of map.values) counts[value] += 1;
  return counts;
}

export function readRect(map, rect) {
  const out = new Uint8Array(rect.width * rect.height);
  for (let row = 0; row < rect.height; row += 1) {
    const start = (rect.y + row) * map.width + rect.x;
    out.set(map.values.subarray(start, start + rect.width), row * rect.width);
  }
  return out;
}

export function writeRect(map, rect, values) {
  for (let row = 0; row < rect.height; row += 1) {
    const start = (rect.y + row) * map.width + rect.x;
    map.values.set(values.subarray(row * rect.width, (row + 1) * rect.width), start);
  }
}

/**
 * Give `value` to every pixel whose centre lies within `radius` of the way from one photo point
 * to another; returns the rectangle touched, null outside the photo. Row by row: the shape is
 * convex, so a row is one run.
 */
export function paintSegment(map, from, to, radius, value) {
  const rect = rectClipped(
    Math.min(from.x, to.x) - radius,
    Math.min(from.y, to.y) - radius,
    Math.max(from.x, to.x) + radius,
    Math.max(from.y, to.y) + radius,
    map,
  );
  if (!rect) return null;
  const corners = flanks(from, to, radius);
  for (let y = rect.y; y < rect.y + rect.height; y += 1) {
    const run = runAt(y + 0.5, from, to, radius, corners);
    const first = Math.max(rect.x, Math.ceil(run.left - 0.5));
    const last = Math.min(rect.x + rect.width - 1, Math.floor(run.right - 0.5));
    if (last >= first) map.values.fill(value, y * map.width + first, y * map.width + last + 1);
  }
  return rect;
}

/** The corners of the straight piece between the two round ends. */
function flanks(from, to, radius) {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  if (length === 0) return [];
  const nx = (-(to.y - from.y) / length) * radius;
  const ny = ((to.x - from.x) / length) * radius;
  return [
    { x: from.x + nx, y: from.y + ny },
    { x: to.x + nx, y: to.y + ny },
    { x: to.x - nx, y: to.y - ny },
    { x: from.x - nx, y: from.y - ny },
  ];
}

function runAt(y, from, to, radius, corners) {
  const run = { left: Infinity, right: -Infinity };
  const take = (left, right) => {
    run.left = Math.min(run.left, left);
    run.right = Math.max(run.right, right);
  };
  for (const end of [from, to]) {
    const half = radius * radius - (y - end.y) ** 2;
    if (half >= 0) take(end.x - Math.sqrt(half), end.x + Math.sqrt(half));
  }
  corners.forEach((a, index) => {
    const b = corners[(index + 1) % corners.length];
    if (a.y === b.y || y < Math.min(a.y, b.y) || y > Math.max(a.y, b.y)) return;
    const x = a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x);
    take(x, x);
  });
  return run;
}

/**
 * My changes to `base`, put onto `theirs`. Returns the new map and how many pixels both of us
 * changed to different values (mine stand).
 */
export function mergedOnto(base, mine, theirs) {
  const merged = labelMap(theirs.width, theirs.height, theirs.values.slice());
  let contested = 0;
  let changed = 0;
  for (let i = 0; i < merged.values.length; i += 1) {
    if (mine.values[i] === base.values[i]) continue;
    changed += 1;
    const both = theirs.values[i] !== base.values[i] && theirs.values[i] !== mine.values[i];
    if (both) contested += 1;
    merged.values[i] = mine.values[i];
  }
  return { map: merged, changed, contested };
}

export const sameMap = (a, b) => a.values.every((value, index) => value === b.values[index]);
