import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { labelMap } from "../../static/js/editor/mask.js";
import { crc32, decodePng, encodePng } from "../../static/js/editor/png.js";
import { mapFrom, randomMap, rowsOf } from "./helpers.js";

const chunk = (type, body) => {
  const out = Buffer.alloc(12 + body.length);
  out.writeUInt32BE(body.length, 0);
  out.write(type, 4, "latin1");
  Buffer.from(body).copy(out, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + body.length)), 8 + body.length);
  return out;
};

/** A PNG whose row data (filter byte first) are given as they are. */
function pngOf(width, height, raw, { depth = 8, colour = 0, interlaced = 0 } = {}) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colour, 0, 0, interlaced], 8);
  const data = deflateSync(Buffer.from(raw));
  const half = data.length >> 1;
  return new Uint8Array(
    Buffer.concat([
      Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
      chunk("IHDR", header),
      chunk("IDAT", data.subarray(0, half)),
      chunk("IDAT", data.subarray(half)),
      chunk("IEND", Buffer.alloc(0)),
    ]),
  );
}

test("the checksum is the one of the PNG specification", () => {
  assert.equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
});

test("every value survives writing and reading", async () => {
  const map = randomMap(97, 61, 3);
  const back = await decodePng(await encodePng(map));
  assert.deepEqual([back.width, back.height], [97, 61]);
  assert.deepEqual(back.values, map.values);
});

test("a map of one pixel survives too", async () => {
  assert.deepEqual(rowsOf(await decodePng(await encodePng(mapFrom("7")))), ["7"]);
});

test("all five filters are read", async () => {
  const rows = [
    [0, 10, 20, 30],
    [1, 10, 10, 10], // left
    [2, 1, 2, 3], // up
    [3, 5, 5, 5], // mean of left and up
    [4, 1, 255, 2], // Paeth
  ];
  const map = await decodePng(pngOf(3, 5, rows.flat()));
  assert.deepEqual([...map.values], [10, 20, 30, 10, 20, 30, 11, 22, 33, 10, 21, 32, 11, 20, 34]);
});

test("an indexed PNG gives its indices", async () => {
  const map = await decodePng(pngOf(2, 1, [0, 4, 9], { colour: 3 }));
  assert.deepEqual(rowsOf(map), ["49"]);
});

test("a flat map is small", async () => {
  const png = await encodePng(labelMap(1600, 1200));
  assert.ok(png.length < 5000, `${png.length} bytes`);
});

for (const [name, bytes, message] of [
  ["text", new TextEncoder().encode("<svg/>"), /no PNG/],
  ["16 bit", pngOf(1, 1, [0, 0, 1], { depth: 16 }), /8-bit/],
  ["true colour", pngOf(1, 1, [0, 1, 2, 3], { colour: 2 }), /8-bit/],
  ["interlaced", pngOf(1, 1, [0, 1], { interlaced: 1 }), /interlacing/],
  ["short data", pngOf(2, 2, [0, 1, 2]), /do not fill/],
  ["an unknown filter", pngOf(1, 1, [5, 1]), /unknown filter 5/],
]) {
  test(`${name} is refused by name`, async () => {
    await assert.rejects(async () => decodePng(bytes), message);
  });
}

test("a damaged chunk is noticed", async () => {
  const png = await encodePng(mapFrom("0123"));
  png[45] ^= 1;
  await assert.rejects(async () => decodePng(png), /damaged/);
});
