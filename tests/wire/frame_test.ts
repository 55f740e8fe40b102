import assert from "node:assert/strict";
import {
  EMPTY_DATA_FRAME,
  encodeFrame,
  FRAME_TYPE,
  FrameDecoder,
  MAX_MESSAGE_TO_CLIENT_BYTES,
  MAX_MESSAGE_TO_SERVER_BYTES,
  MAX_PAYLOAD_BYTES,
  MAX_SESSION_DATA_BYTES,
  writeHeader,
} from "../../lib/wire/frame.ts";
import {
  decodeAll,
  type Decoded,
  hex,
  splitAt,
  unhex,
} from "../support/decoded.ts";
import fc from "../support/fast_check.ts";
import { concat, rawFrame } from "../support/raw_peer.ts";
import vectors from "../vectors/frames.json" with { type: "json" };

const GOLDEN = vectors.frames.map(({ name, frame, data, message }) => ({
  name,
  frame: unhex(frame),
  type: message === undefined ? FRAME_TYPE.data : FRAME_TYPE.message,
  payload: data === undefined
    ? new TextEncoder().encode(JSON.stringify(message))
    : unhex(data),
}));

function expected(type: number, payload: Uint8Array): Decoded {
  if (type === FRAME_TYPE.message) return { message: hex(payload) };
  return payload.length === 0 ? "end" : { data: hex(payload) };
}

/** Some frames of each kind, one behind the other. */
const MIXED = concat([
  rawFrame(1, unhex("7b7d")),
  rawFrame(0, unhex("0001000203")),
  rawFrame(1, unhex("")),
  rawFrame(0, unhex("ff")),
  rawFrame(0, unhex("")),
]);
const MIXED_DECODED: Decoded[] = [
  { message: "7b7d" },
  { data: "0001000203" },
  { message: "" },
  { data: "ff" },
  "end",
];

Deno.test("the limits are those of the protocol", () => {
  assert.equal(MAX_PAYLOAD_BYTES, 16_777_215);
  assert.equal(MAX_SESSION_DATA_BYTES, 1_048_576);
  assert.equal(MAX_MESSAGE_TO_SERVER_BYTES, 65_536);
  assert.equal(MAX_MESSAGE_TO_CLIENT_BYTES, 1_048_576);
  assert.equal(hex(EMPTY_DATA_FRAME), "00000000");
});

for (const { name, frame, type, payload } of GOLDEN) {
  Deno.test(`encodeFrame() gives the golden bytes of: ${name}`, () => {
    assert.equal(hex(encodeFrame(type, payload)), hex(frame));
  });

  Deno.test(`push() reads the golden bytes of: ${name}`, () => {
    const { decoded, atFrameStart } = decodeAll([frame]);
    assert.deepEqual(decoded, [expected(type, payload)]);
    assert.equal(atFrameStart, true);
  });
}

for (const { name, type, payloadBytes, header } of vectors.headers) {
  Deno.test(`writeHeader() gives the golden bytes of: ${name}`, () => {
    const into = new Uint8Array(6).fill(0xEE);
    writeHeader(into, 1, type, payloadBytes);
    assert.equal(hex(into), `ee${header}ee`);
  });
}

Deno.test("writeHeader() throws when a length does not fit in 24 bits", () => {
  for (const bytes of [-1, 0.5, NaN, 0x1_000_000, Infinity]) {
    assert.throws(() => writeHeader(new Uint8Array(4), 0, 0, bytes), {
      name: "RangeError",
      message: /Cannot frame a payload/,
    });
  }
});

Deno.test("push() reads frames at every split into two", () => {
  for (let at = 0; at <= MIXED.length; at++) {
    const { decoded } = decodeAll(splitAt(MIXED, [at]));
    assert.deepEqual(decoded, MIXED_DECODED, `split at ${at}`);
  }
});

Deno.test("push() reads frames at every split into three", () => {
  for (let a = 0; a <= MIXED.length; a++) {
    for (let b = a; b <= MIXED.length; b++) {
      const { decoded } = decodeAll(splitAt(MIXED, [a, b]));
      assert.deepEqual(decoded, MIXED_DECODED, `split at ${a} and ${b}`);
    }
  }
});

Deno.test("push() reads no further than the given length, at every split into two", () => {
  const behind = new Uint8Array(50).fill(0xFF); // no frame begins like that
  for (let at = 0; at <= MIXED.length; at++) {
    const { decoded } = decodeAll(splitAt(MIXED, [at]), { behind });
    assert.deepEqual(decoded, MIXED_DECODED, `split at ${at}`);
  }
});

Deno.test("push() reads frames byte by byte", () => {
  const bytes = Array.from(MIXED, (byte) => Uint8Array.of(byte));
  assert.deepEqual(decodeAll(bytes).decoded, MIXED_DECODED);
});

Deno.test("push() reads any frames at any splits", () => {
  const frames = fc.array(
    fc.record({
      type: fc.constantFrom(0, 1),
      payload: fc.uint8Array({ maxLength: 300 }),
    }),
    { maxLength: 12 },
  );
  fc.assert(fc.property(
    frames,
    fc.array(fc.nat(4000), { maxLength: 20 }),
    (frames, places) => {
      const bytes = concat(
        frames.map(({ type, payload }) => encodeFrame(type, payload)),
      );
      const whole = decodeAll(
        frames.map(({ type, payload }) => rawFrame(type, payload)),
      );
      for (const reusesMemory of [false, true]) {
        const split = decodeAll(splitAt(bytes, places), { reusesMemory });
        assert.deepEqual(split, whole);
        assert.equal(split.atFrameStart, true);
      }
    },
  ));
});

Deno.test("atFrameStart is false when the bytes are cut within a frame", () => {
  const starts = new Set([0, 6, 15, 19, 24, 28]);
  for (let end = 0; end <= MIXED.length; end++) {
    const { atFrameStart } = decodeAll([MIXED.subarray(0, end)]);
    assert.equal(atFrameStart, starts.has(end), `cut at ${end}`);
  }
});

Deno.test("push() hands data on before its frame is complete", () => {
  const { decoded, atFrameStart } = decodeAll([
    rawFrame(0, unhex("0102"), 0xFFFFFF),
  ]);
  assert.deepEqual(decoded, [{ data: "0102" }]);
  assert.equal(atFrameStart, false);
});

Deno.test("push() throws bad-frame when the type is reserved, 2 to 255", () => {
  for (let type = 2; type <= 255; type++) {
    for (const payload of [new Uint8Array(0), new Uint8Array(3)]) {
      assert.throws(() => decodeAll([rawFrame(type, payload)]), {
        code: "bad-frame",
        fatal: true,
      });
    }
  }
});

Deno.test("push() throws bad-frame when a header of a reserved type comes byte by byte", () => {
  const bytes = Array.from(rawFrame(2, unhex("00")), (b) => Uint8Array.of(b));
  assert.throws(() => decodeAll(bytes), { code: "bad-frame" });
});

Deno.test("push() accepts a message of exactly the most bytes", () => {
  const payload = new Uint8Array(65_536).fill(0x20);
  const frame = rawFrame(1, payload);
  for (const pieces of [[frame], splitAt(frame, [7, 60_000])]) {
    assert.deepEqual(decodeAll(pieces).decoded, [{ message: hex(payload) }]);
  }
});

Deno.test("push() throws bad-frame on the header alone when a message is too long", () => {
  for (const length of [65_537, 1 << 20, 0xFFFFFF]) {
    const header = rawFrame(1, new Uint8Array(0), length);
    assert.throws(() => decodeAll([header]), { code: "bad-frame" });
    const bytes = Array.from(header, (byte) => Uint8Array.of(byte));
    assert.throws(() => decodeAll(bytes), { code: "bad-frame" });
  }
});

Deno.test("push() throws bad-frame at the header of data that is too long", () => {
  const decoder = () =>
    new FrameDecoder({ data() {}, dataEnd() {}, message() {} }, {
      ...{ maxMessageBytes: 100, maxDataBytes: 1000 },
    });
  decoder().push(rawFrame(0, new Uint8Array(1000)));
  for (const bytes of [1001, MAX_PAYLOAD_BYTES]) {
    assert.throws(
      () => decoder().push(rawFrame(0, new Uint8Array(0), bytes)),
      { code: "bad-frame", fatal: true },
    );
  }
});

Deno.test("push() takes all four bytes as the length when the stream is plain", () => {
  const bytes = unhex("00000002" + "aabb" + "01000000" + "cc");
  const { decoded, atFrameStart } = decodeAll([bytes], { plain: true });
  assert.deepEqual(decoded, [{ data: "aabbcc" }]);
  assert.equal(atFrameStart, false); // 16,777,215 bytes are still to come
});

Deno.test("push() reads a plain stream's largest length, 4 GiB less a byte", () => {
  const { decoded } = decodeAll([unhex("ffffffff" + "07")], { plain: true });
  assert.deepEqual(decoded, [{ data: "07" }]);
});

Deno.test("push() reads a plain stream to its end at every split", () => {
  const bytes = unhex("00000003010203" + "0000000104" + "00000000");
  for (let at = 0; at <= bytes.length; at++) {
    const { decoded, atFrameStart } = decodeAll(splitAt(bytes, [at]), {
      plain: true,
    });
    assert.deepEqual(decoded, [{ data: "01020304" }, "end"], `at ${at}`);
    assert.equal(atFrameStart, true);
  }
});
