import assert from "node:assert/strict";
import { PcmExtractor } from "../../lib/client/pcm_extractor.ts";
import { splitAt } from "../support/decoded.ts";
import fc from "../support/fast_check.ts";
import { PHONE } from "../support/memory_songs.ts";
import { concat } from "../support/raw_peer.ts";

const FILE = Uint8Array.from({ length: 100 }, (_, i) => i);

function cutFrom(offset: number, dataOffset: number, dataBytes: number | null) {
  return new PcmExtractor({ ...PHONE, dataOffset, dataBytes }, offset);
}

Deno.test("extract() returns the PCM between header and tags, at any splits and from any offset", () => {
  fc.assert(fc.property(
    fc.nat(100),
    fc.nat(100),
    fc.option(fc.nat(120)),
    fc.array(fc.nat(100), { maxLength: 9 }),
    (offset, dataOffset, dataBytes, places) => {
      const cut = cutFrom(offset, dataOffset, dataBytes);
      const pieces = splitAt(FILE.subarray(offset), places);
      const pcm = concat(pieces.map((piece) => cut.extract(piece)));
      const end = dataBytes === null ? 100 : dataOffset + dataBytes;
      const from = Math.max(dataOffset, offset);
      assert.deepEqual(pcm, FILE.slice(from, Math.max(from, end)));
      assert.equal(cut.offset, 100);
    },
  ));
});

Deno.test("extract() returns a view of the same bytes when all are PCM", () => {
  const cut = cutFrom(44, 44, 1000);
  assert.equal(cut.extract(FILE), FILE);
});

Deno.test("extract() returns nothing before and after the PCM", () => {
  const cut = cutFrom(0, 44, 10);
  assert.equal(cut.extract(FILE.subarray(0, 44)).length, 0);
  assert.equal(cut.extract(FILE.subarray(44, 54)).length, 10);
  assert.equal(cut.extract(FILE.subarray(54)).length, 0);
});
