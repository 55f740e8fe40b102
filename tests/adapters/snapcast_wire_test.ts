import assert from "node:assert/strict";
import {
  decodeJson,
  encodeChunk,
  encodeCodecHeader,
  encodeSettings,
  encodeTime,
  HEADER_BYTES,
  MOST_PAYLOAD_BYTES,
  SnapcastReader,
  TYPE,
} from "../../lib/adapters/snapcast/wire.ts";

const encoder = new TextEncoder();

function bytesOf(...hex: string[]): Uint8Array {
  return Uint8Array.fromHex(hex.join("").replaceAll(" ", ""));
}

function jsonMessage(type: number, text: string, id = 1): Uint8Array {
  const json = encoder.encode(text);
  const message = new Uint8Array(HEADER_BYTES + 4 + json.length);
  const view = new DataView(message.buffer);
  view.setUint16(0, type, true);
  view.setUint16(2, id, true);
  view.setUint32(22, 4 + json.length, true);
  view.setUint32(26, json.length, true);
  message.set(json, 30);
  return message;
}

Deno.test("a time answer says which request it answers, and times in two numbers", () => {
  const message = encodeTime(-250_000, {
    sentUs: 3_000_001,
    id: 2,
    refersTo: 0x1234,
  });
  assert.deepEqual(
    message,
    bytesOf(
      "0400 0200 3412",
      "03000000 01000000 00000000 00000000 08000000",
      "ffffffff b0710b00", // -1 s + 750,000 µs
    ),
  );
});

Deno.test("a chunk carries the time stamp of its first sample frame", () => {
  const message = encodeChunk(Uint8Array.of(1, 2, 3, 4), 5_000_020, {
    sentUs: 0,
  });
  assert.deepEqual(
    message.subarray(0, 26),
    bytesOf("0200 0000 0000", "00".repeat(16), "10000000"),
  );
  assert.deepEqual(
    message.subarray(26),
    bytesOf("05000000 14000000 04000000 01020304"),
  );
});

Deno.test("the codec header describes PCM of 48,000 Hz, 16 bits, stereo", () => {
  const message = encodeCodecHeader({ sentUs: 0 });
  assert.deepEqual(
    message.subarray(26),
    bytesOf(
      "03000000 70636d 2c000000",
      "52494646 24000000 57415645 666d7420 10000000 0100 0200",
      "80bb0000 00ee0200 0400 1000 64617461 00000000",
    ),
  );
});

Deno.test("settings are JSON after its length", () => {
  const message = encodeSettings(
    { bufferMs: 400, latency: 0, muted: false, volume: 80 },
    { sentUs: 0, refersTo: 1 },
  );
  assert.deepEqual(decodeJson(message.subarray(26)), {
    bufferMs: 400,
    latency: 0,
    muted: false,
    volume: 80,
  });
});

Deno.test("messages are the same however their bytes are split", () => {
  const all = new Uint8Array([
    ...jsonMessage(TYPE.hello, '{"ID":"a"}'),
    ...encodeTime(0, { sentUs: 1, id: 2 }),
    ...jsonMessage(TYPE.clientInfo, "{}", 3),
  ]);
  const whole = new SnapcastReader().push(all);
  assert.deepEqual(whole.map(({ type, id }) => [type, id]), [
    [TYPE.hello, 1],
    [TYPE.time, 2],
    [TYPE.clientInfo, 3],
  ]);
  for (let cut = 0; cut <= all.length; cut++) {
    const reader = new SnapcastReader();
    const parts = [
      ...reader.push(all.subarray(0, cut)),
      ...reader.push(all.subarray(cut)),
    ];
    assert.deepEqual(parts, whole, `split at ${cut}`);
  }
  const reader = new SnapcastReader();
  const single = [...all].flatMap((byte) => reader.push(Uint8Array.of(byte)));
  assert.deepEqual(single, whole);
});

Deno.test("a message that announces more than the most is refused with its header", () => {
  for (
    const [bytes, isRefused] of [
      [MOST_PAYLOAD_BYTES, false],
      [MOST_PAYLOAD_BYTES + 1, true],
      [2 ** 32 - 1, true],
    ] as const
  ) {
    const header = new Uint8Array(HEADER_BYTES);
    new DataView(header.buffer).setUint32(22, bytes, true);
    const read = () => new SnapcastReader().push(header);
    if (isRefused) assert.throws(read, RangeError);
    else assert.deepEqual(read(), []);
  }
});

Deno.test("a message of no payload is complete with its header", () => {
  const [message] = new SnapcastReader().push(new Uint8Array(HEADER_BYTES));
  assert.equal(message.payload.length, 0);
});

Deno.test("what is no JSON object in its own length is refused", () => {
  const payload = (text: string, length = text.length) => {
    const bytes = new Uint8Array(4 + text.length);
    new DataView(bytes.buffer).setUint32(0, length, true);
    bytes.set(encoder.encode(text), 4);
    return bytes;
  };
  assert.deepEqual(decodeJson(payload("{}")), {});
  const wrong = [
    ...["", "1", "null", '"a"', "{", "{}}"].map((text) => payload(text)),
    payload("{}", 1),
    payload("{}", 3),
    new Uint8Array(3),
    Uint8Array.of(1, 0, 0, 0, 0xFF),
    payload("[".repeat(4000)),
  ];
  for (const bytes of wrong) {
    assert.throws(() => decodeJson(bytes), RangeError, `${bytes}`);
  }
});
