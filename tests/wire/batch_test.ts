import assert from "node:assert/strict";
import { framedBytes, frameInPlace } from "../../lib/wire/batch.ts";
import { hex, unhex } from "../support/decoded.ts";
import fc from "../support/fast_check.ts";
import { concat, rawFrame } from "../support/raw_peer.ts";

Deno.test("framedBytes() counts a header for each block, begun ones too", () => {
  const table: [payload: number, block: number, framed: number][] = [
    [0, 8192, 0],
    [1, 8192, 5],
    [8191, 8192, 8195],
    [8192, 8192, 8196],
    [8193, 8192, 8201],
    [1 << 20, 8192, (1 << 20) + 512],
    [1 << 20, 1 << 20, (1 << 20) + 4],
    [3, 1, 15],
  ];
  for (const [payload, block, framed] of table) {
    assert.equal(framedBytes(payload, block), framed, `${payload}/${block}`);
  }
});

Deno.test("frameInPlace() gives the golden bytes of two and a half blocks", () => {
  const buffer = unhex("000000000000000000000000" + "0102030405");
  frameInPlace(buffer, 5, 2);
  assert.equal(hex(buffer), "000000020102" + "000000020304" + "0000000105");
});

Deno.test("frameInPlace() leaves nothing when there is no payload", () => {
  frameInPlace(new Uint8Array(0), 0, 8192);
});

Deno.test("frameInPlace() throws when the buffer has another length", () => {
  for (const length of [0, 8, 10]) {
    assert.throws(() => frameInPlace(new Uint8Array(length), 5, 8192), {
      name: "RangeError",
    });
  }
});

Deno.test("frameInPlace() equals framing each block by itself", () => {
  fc.assert(fc.property(
    fc.uint8Array({ maxLength: 3000 }),
    fc.integer({ min: 1, max: 700 }),
    (payload, block) => {
      const buffer = new Uint8Array(framedBytes(payload.length, block))
        .fill(0xEE);
      buffer.set(payload, buffer.length - payload.length);
      frameInPlace(buffer, payload.length, block);
      const frames: Uint8Array[] = [];
      for (let at = 0; at < payload.length; at += block) {
        frames.push(rawFrame(0, payload.subarray(at, at + block)));
      }
      assert.equal(hex(buffer), hex(concat(frames)));
    },
  ));
});
