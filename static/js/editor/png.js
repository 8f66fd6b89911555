// 8-bit greyscale PNG, exactly. A canvas would pass the values through colour management.
import { labelMap } from "./mask.js";

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
const GREY = 0;
const INDEXED = 3;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, start) => {
  let value = start;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

export function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

const through = async (bytes, stream) =>
  new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());

/** Read a label map PNG (greyscale or indexed, 8 bit, not interlaced). */
export async function decodePng(bytes) {
  const { header, data } = chunksOf(bytes);
  const raw = await through(data, new DecompressionStream("deflate"));
  if (raw.length !== header.height * (header.width + 1)) {
    throw new RangeError("This PNG's data do not fill its size.");
  }
  return labelMap(header.width, header.height, unfiltered(raw, header));
}

function chunksOf(bytes) {
  if (!SIGNATURE.every((byte, index) => bytes[index] === byte)) {
    throw new TypeError("This is no PNG.");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data = [];
  let header = null;
  for (let at = SIGNATURE.length; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (view.getUint32(at + 8 + length) !== crc32(bytes.subarray(at + 4, at + 8 + length))) {
      throw new RangeError(`The ${type} chunk of this PNG is damaged.`);
    }
    if (type === "IHDR") header = headerOf(body);
    if (type === "IDAT") data.push(body);
    at += 12 + length;
  }
  if (!header) throw new RangeError("This PNG has no header.");
  return { header, data: joined(data) };
}

function headerOf(body) {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const [depth, colour, , , interlaced] = body.subarray(8);
  if (depth !== 8 || ![GREY, INDEXED].includes(colour) || interlaced) {
    throw new TypeError("A label map is an 8-bit greyscale or indexed PNG without interlacing.");
  }
  return { width: view.getUint32(0), height: view.getUint32(4) };
}

function joined(pieces) {
  const out = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

const paeth = (left, up, corner) => {
  const estimate = left + up - corner;
  const toLeft = Math.abs(estimate - left);
  const toUp = Math.abs(estimate - up);
  const toCorner = Math.abs(estimate - corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
};

// What each of the five filters predicts from the pixels left, above and above left.
const PREDICT = [() => 0, (left) => left, (_, up) => up, (left, up) => (left + up) >> 1, paeth];

function unfiltered(raw, { width, height }) {
  const out = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const start = y * (width + 1);
    const predict = PREDICT[raw[start]];
    if (!predict) throw new RangeError(`This PNG uses the unknown filter ${raw[start]}.`);
    const row = y * width;
    for (let x = 0; x < width; x += 1) {
      const left = x ? out[row + x - 1] : 0;
      const up = y ? out[row + x - width] : 0;
      const corner = x && y ? out[row + x - width - 1] : 0;
      out[row + x] = raw[start + 1 + x] + predict(left, up, corner);
    }
  }
  return out;
}

/** Write a label map as 8-bit greyscale PNG. */
export async function encodePng(map) {
  const data = await through(filteredUp(map), new CompressionStream("deflate"));
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, map.width);
  view.setUint32(4, map.height);
  header[8] = 8;
  header[9] = GREY;
  return joined([
    Uint8Array.from(SIGNATURE),
    chunk("IHDR", header),
    chunk("IDAT", data),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

/** Rows as the difference to the row above: label maps are flat, so nearly all zeros. */
function filteredUp({ width, height, values }) {
  const out = new Uint8Array(height * (width + 1));
  for (let y = 0; y < height; y += 1) {
    const start = y * (width + 1);
    out[start] = 2;
    for (let x = 0; x < width; x += 1) {
      const at = y * width + x;
      out[start + 1 + x] = values[at] - (y ? values[at - width] : 0);
    }
  }
  return out;
}

function chunk(type, body) {
  const out = new Uint8Array(12 + body.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, body.length);
  out.set(
    [...type].map((letter) => letter.charCodeAt(0)),
    4,
  );
  out.set(body, 8);
  view.setUint32(8 + body.length, crc32(out.subarray(4, 8 + body.length)));
  return out;
}
