// From label maps to colours: palettes, and the pixels of one rectangle.
// Colours lie in the byte order of ImageData; a Uint32 view only moves four bytes at a time.

const STRIPE_PERIOD = 12;
const MODES = ["fill", "stripe", "edge"];

const channel = (colour, at) => Number.parseInt(colour.slice(at, at + 2), 16);

/** [r, g, b] of "#rrggbb". */
export const rgbOf = (colour) => [channel(colour, 1), channel(colour, 3), channel(colour, 5)];

/**
 * 256 colours for the inside, the stripes and the outline of every class, at the opacities
 * (0 to 1) of those names; classes in `hidden` stay clear.
 */
export function paletteOf(classes, opacities, hidden = new Set()) {
  const palette = {};
  for (const mode of MODES) {
    const bytes = new Uint8ClampedArray(256 * 4);
    const alpha = Math.round((opacities[mode] ?? opacities.fill) * 255);
    for (const { id, colour } of classes) {
      if (!hidden.has(id)) bytes.set([...rgbOf(colour), alpha], id * 4);
    }
    palette[mode] = new Uint32Array(bytes.buffer);
  }
  return palette;
}

/** On a stripe? Direction 1 rises, 2 falls, 0 has none: classes differ by more than their hue. */
const onStripe = (direction, x, y) => {
  if (!direction) return false;
  return (direction === 1 ? x + y : x - y + 0x7fffffff) % STRIPE_PERIOD < STRIPE_PERIOD / 3;
};

/**
 * The colours of `rect` of a label map, as the bytes of an ImageData of that size. A pixel whose
 * neighbour at `thickness` is of another class belongs to the outline; `stripes[id]` is the
 * direction of a class's stripes.
 */
export function coloursOf(
  map,
  rect,
  palette,
  { thickness = 1, stripes = new Uint8Array(256) } = {},
) {
  const out = new Uint32Array(rect.width * rect.height);
  const { width, height, values } = map;
  for (let row = 0; row < rect.height; row += 1) {
    const y = rect.y + row;
    const up = y >= thickness ? thickness * width : 0;
    const down = y + thickness < height ? thickness * width : 0;
    for (let column = 0; column < rect.width; column += 1) {
      const x = rect.x + column;
      const at = y * width + x;
      const value = values[at];
      if (value === 0) continue;
      const left = x >= thickness ? thickness : 0;
      const right = x + thickness < width ? thickness : 0;
      const isEdge =
        values[at - up] !== value ||
        values[at + down] !== value ||
        values[at - left] !== value ||
        values[at + right] !== value;
      const mode = isEdge ? "edge" : onStripe(stripes[value], x, y) ? "stripe" : "fill";
      out[row * rect.width + column] = palette[mode][value];
    }
  }
  return new Uint8ClampedArray(out.buffer);
}

const LINES = new Uint32Array(Uint8ClampedArray.of(255, 255, 255, 255, 10, 12, 14, 200).buffer);

/** The union of masks ({rect, values} of 0 and 1) inside one rectangle. */
export function maskUnion(masks, rect) {
  const out = new Uint8Array(rect.width * rect.height);
  for (const { rect: own, values } of masks) {
    for (let row = 0; row < own.height; row += 1) {
      const start = (own.y + row - rect.y) * rect.width + own.x - rect.x;
      for (let column = 0; column < own.width; column += 1) {
        if (values[row * own.width + column]) out[start + column] = 1;
      }
    }
  }
  return out;
}

/**
 * What is pointed at, in full colour: `colours` (bytes of the same rectangle) inside the mask,
 * a light line along its inner border, a dark one outside, nothing elsewhere.
 */
export function spotlightOf(colours, mask, width, thickness) {
  const height = mask.length / width;
  const out = new Uint32Array(colours.slice().buffer);
  const at = (x, y) => (x < 0 || y < 0 || x >= width || y >= height ? 0 : mask[y * width + x]);
  const borders = (x, y, inside) =>
    at(x - thickness, y) !== inside ||
    at(x + thickness, y) !== inside ||
    at(x, y - thickness) !== inside ||
    at(x, y + thickness) !== inside;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const inside = at(x, y);
      if (borders(x, y, inside)) out[y * width + x] = LINES[inside ? 0 : 1];
      else if (!inside) out[y * width + x] = 0;
    }
  }
  return new Uint8ClampedArray(out.buffer);
}
