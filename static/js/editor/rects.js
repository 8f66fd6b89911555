// Rectangles of whole pixels, {x, y, width, height}; null is the empty one.

export const rectUnion = (a, b) => {
  if (!a || !b) return a ?? b;
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
};

/** The whole pixels inside `size` that the box from (left, top) to (right, bottom) touches. */
export function rectClipped(left, top, right, bottom, size) {
  const x = Math.max(0, Math.floor(left));
  const y = Math.max(0, Math.floor(top));
  const width = Math.min(size.width, Math.ceil(right)) - x;
  const height = Math.min(size.height, Math.ceil(bottom)) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}

export const rectGrown = (rect, by, size) =>
  rectClipped(rect.x - by, rect.y - by, rect.x + rect.width + by, rect.y + rect.height + by, size);

export const rectOfBox = ([x, y, width, height]) => ({ x, y, width, height });
