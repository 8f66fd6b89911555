// Compressed COCO run lengths ({size: [height, width], counts}), column by column.

/** Run lengths of compressed counts: 5 bits a character, from the fourth on as differences. */
export function runsOf(counts) {
  const runs = [];
  let value = 0;
  let shift = 0;
  for (let i = 0; i < counts.length; i += 1) {
    const chunk = counts.charCodeAt(i) - 48;
    value += (chunk & 0x1f) * 2 ** shift;
    shift += 5;
    if (chunk & 0x20) continue;
    if (chunk & 0x10) value -= 2 ** shift;
    runs.push(runs.length > 2 ? value + runs[runs.length - 2] : value);
    value = 0;
    shift = 0;
  }
  return runs;
}

/** The mask inside `rect` as 0 and 1, row by row; pixels outside are left out. */
export function maskInRect(rle, rect) {
  const height = rle.size[0];
  const out = new Uint8Array(rect.width * rect.height);
  let at = 0;
  runsOf(rle.counts).forEach((length, index) => {
    if (index % 2) fillRun(out, rect, height, at, at + length);
    at += length;
  });
  return out;
}

function fillRun(out, rect, height, from, to) {
  for (let at = from; at < to;) {
    const column = Math.floor(at / height);
    const columnEnd = Math.min((column + 1) * height, to);
    if (column >= rect.x && column < rect.x + rect.width) {
      const first = Math.max(at - column * height, rect.y);
      const last = Math.min(columnEnd - column * height, rect.y + rect.height);
      for (let y = first; y < last; y += 1) {
        out[(y - rect.y) * rect.width + column - rect.x] = 1;
      }
    }
    at = columnEnd;
  }
}
