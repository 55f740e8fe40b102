import assert from "node:assert/strict";
import { FrameDecoder, MAX_PAYLOAD_BYTES } from "../../lib/wire/frame.ts";
import { hex, splitAt, unhex } from "../support/decoded.ts";
import { concat, rawFrame } from "../support/raw_peer.ts";

/** The most bytes that a work allocates at once. */
function largestAllocation(work: () => void): number {
  const real = globalThis.Uint8Array;
  let largest = 0;
  globalThis.Uint8Array = new Proxy(real, {
    construct(target, args) {
      if (typeof args[0] === "number") largest = Math.max(largest, args[0]);
      return Reflect.construct(target, args);
    },
  });
  try {
    work();
  } finally {
    globalThis.Uint8Array = real;
  }
  return largest;
}

Deno.test("push() allocates by the bytes received, not by the announced length", () => {
  const handler = { data() {}, dataEnd() {}, message() {} };
  const header = rawFrame(1, new Uint8Array(0), MAX_PAYLOAD_BYTES);
  const piece = new Uint8Array(1000);
  for (const maxMessageBytes of [65_536, MAX_PAYLOAD_BYTES]) {
    const decoder = new FrameDecoder(handler, { maxMessageBytes });
    const largest = largestAllocation(() => {
      try {
        decoder.push(header);
        for (let i = 0; i < 50; i++) decoder.push(piece);
      } catch (error) {
        assert.equal((error as { code: string }).code, "bad-frame");
      }
    });
    const most = maxMessageBytes === 65_536 ? 0 : 2 * 50 * 1000;
    assert.ok(largest <= most, `${largest} bytes at once`);
  }
});

Deno.test("push() keeps a split message when the pushed buffer is used again", () => {
  const messages: string[] = [];
  const decoder = new FrameDecoder({
    data() {},
    dataEnd() {},
    message: (payload) => messages.push(hex(payload)),
  }, { maxMessageBytes: 100 });
  const buffer = new Uint8Array(3);
  for (const piece of splitAt(rawFrame(1, unhex("0102030405")), [3, 6])) {
    buffer.set(piece);
    decoder.push(buffer.subarray(0, piece.length));
    buffer.fill(0xEE);
  }
  assert.deepEqual(messages, ["0102030405"]);
});

/** The messages as they are after all was pushed, where each is a view. */
function viewsOf(pieces: Uint8Array[], reusesMemory: boolean): Uint8Array[] {
  const views: Uint8Array[] = [];
  const decoder = new FrameDecoder({
    data() {},
    dataEnd() {},
    message: (payload) => views.push(payload),
  }, { maxMessageBytes: 100, reusesMemory });
  for (const piece of pieces) decoder.push(piece);
  return views;
}

const THREE = ["010203", "040506", "070809"];
/** Three messages, of which each push has the end of one and the begin of the next. */
const THREE_SPLIT = splitAt(
  concat(THREE.map((payload) => rawFrame(1, unhex(payload)))),
  [5, 12, 19],
);

Deno.test("push() leaves a split message as it is when another follows", () => {
  assert.deepEqual(viewsOf(THREE_SPLIT, false).map(hex), THREE);
});

Deno.test("push() gathers split messages in the same memory if allowed", () => {
  const [first, second, third] = viewsOf(THREE_SPLIT, true);
  assert.equal(first.buffer, second.buffer);
  assert.equal(second.buffer, third.buffer);
});

Deno.test("push() keeps no memory when a message comes in one piece", () => {
  const frame = rawFrame(1, unhex("0102"));
  const split = splitAt(frame, [5]);
  const [first, , third] = viewsOf([...split, frame, ...split], true);
  assert.notEqual(first.buffer, third.buffer);
});
