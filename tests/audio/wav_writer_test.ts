import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "../support/fast_check.ts";
import {
  CONTAINER_BITS,
  type Encoding,
  type PcmFormat,
} from "../../lib/audio/format.ts";
import { WavHeaderReader } from "../../lib/audio/wav.ts";
import { wavHeader } from "../../lib/audio/wav_writer.ts";

const ENCODINGS = Object.keys(CONTAINER_BITS) as Encoding[];

function format(
  encoding: Encoding,
  channels = 2,
  validBits?: number,
): PcmFormat {
  const bits = CONTAINER_BITS[encoding];
  const plain = { encoding, rate: 44100, channels, bits };
  return validBits === undefined ? plain : { ...plain, validBits };
}

const CD = format("s16le");

const GOLDEN: [name: string, PcmFormat, number | null, hex: string][] = [
  [
    "CD audio",
    CD,
    176400,
    "52494646 34b10200 57415645 666d7420 10000000 0100 0200 44ac0000 10b10200 0400 1000 64617461 10b10200",
  ],
  [
    "CD audio, streamed",
    CD,
    null,
    "52494646 ffffffff 57415645 666d7420 10000000 0100 0200 44ac0000 10b10200 0400 1000 64617461 ffffffff",
  ],
  [
    "an odd number of bytes, so padded",
    format("u8", 1),
    3,
    "52494646 28000000 57415645 666d7420 10000000 0100 0100 44ac0000 44ac0000 0100 0800 64617461 03000000",
  ],
  [
    "float, with a fact chunk",
    format("f32le"),
    80,
    "52494646 82000000 57415645 666d7420 12000000 0300 0200 44ac0000 20620500 0800 2000 0000 66616374 04000000 0a000000 64617461 50000000",
  ],
  [
    "A-law, streamed",
    format("alaw", 1),
    null,
    "52494646 ffffffff 57415645 666d7420 12000000 0600 0100 44ac0000 44ac0000 0100 0800 0000 66616374 04000000 ffffffff 64617461 ffffffff",
  ],
  [
    "six channels of 20 bits in 24",
    { ...format("s24le", 6, 20), channelMask: 0x3F },
    36,
    "52494646 60000000 57415645 666d7420 28000000 feff 0600 44ac0000 c81c0c00 1200 1800 1600 1400 3f000000 01000000 0000 1000 800000aa00389b71 64617461 24000000",
  ],
  [
    "8 GiB, so RF64",
    CD,
    2 ** 33,
    "52463634 ffffffff 57415645 64733634 1c000000 4800000002000000 0000000002000000 0000008000000000 00000000 666d7420 10000000 0100 0200 44ac0000 10b10200 0400 1000 64617461 ffffffff",
  ],
];

for (const [name, format, dataBytes, hex] of GOLDEN) {
  Deno.test(`wavHeader() gives the expected bytes when given ${name}`, () => {
    const bytes = Buffer.from(wavHeader(format, dataBytes)).toString("hex");
    assert.equal(bytes, hex.replaceAll(" ", ""));
  });
}

for (
  const [encoding, bytes] of [
    ["u8", 44],
    ["s16le", 44],
    ["s24le", 44],
    ["s32le", 44],
    ["f32le", 58],
    ["f64le", 58],
    ["alaw", 58],
    ["mulaw", 58],
  ] as const
) {
  Deno.test(`wavHeader() has ${bytes} bytes when given stereo ${encoding}`, () =>
    assert.equal(wavHeader(format(encoding), 0).length, bytes));
}

Deno.test("wavHeader() writes the format's speakers, if any", () => {
  for (const channelMask of [undefined, 0x107, 0xFFFFFFFF]) {
    const header = wavHeader({ ...format("s16le", 4), channelMask }, 0);
    const mask = new DataView(header.buffer).getUint32(40, true);
    assert.equal(mask, channelMask ?? 0);
  }
});

for (
  const [dataBytes, kind] of [
    [0xFFFFF000 - 37, "RIFF"],
    [0xFFFFF000 - 36, "RF64"],
    [2 ** 32, "RF64"],
    [2 ** 52, "RF64"],
  ] as const
) {
  Deno.test(`wavHeader() makes ${kind} when given ${dataBytes} bytes`, () => {
    const mono = format("u8", 1);
    const header = wavHeader(mono, dataBytes - dataBytes % 2);
    assert.equal(String.fromCharCode(...header.subarray(0, 4)), kind);
  });
}

const BAD: [name: string, format: PcmFormat, dataBytes: number | null][] = [
  ["no channels", { ...CD, channels: 0 }, 0],
  ["65 channels", { ...CD, channels: 65 }, 0],
  ["half a channel", { ...CD, channels: 0.5 }, 0],
  ["a rate of 0", { ...CD, rate: 0 }, 0],
  ["a rate of 768,001", { ...CD, rate: 768001 }, 0],
  ["a rate that is NaN", { ...CD, rate: NaN }, 0],
  ["bits of another encoding", { ...CD, bits: 24 }, 0],
  ["an unknown encoding", { ...CD, encoding: "mp3" as Encoding }, 0],
  ["no valid bits", { ...CD, validBits: 0 }, 0],
  ["more valid bits than bits", { ...CD, validBits: 17 }, 0],
  ["a mask beyond 32 bits", { ...CD, channelMask: 2 ** 32 }, 0],
  ["a negative size", CD, -1],
  ["a broken size", CD, 0.5],
  ["an infinite size", CD, Infinity],
  ["a size beyond 2^52", CD, 2 ** 52 + 1],
];

for (const [name, format, dataBytes] of BAD) {
  Deno.test(`wavHeader() throws RangeError when given ${name}`, () =>
    assert.throws(() => wavHeader(format, dataBytes), {
      name: "RangeError",
      message: /^Cannot write WAV .+: .+, expected .+/,
    }));
}

Deno.test("wavHeader() round-trips for any format", () => {
  const anyFormat = fc.record({
    encoding: fc.constantFrom(...ENCODINGS),
    channels: fc.integer({ min: 1, max: 64 }),
    rate: fc.integer({ min: 1, max: 768_000 }),
    valid: fc.option(fc.integer({ min: 1, max: 31 }), { nil: undefined }),
    mask: fc.option(fc.integer({ min: 1, max: 2 ** 32 - 1 })),
  }).map(({ encoding, channels, rate, valid, mask }): PcmFormat => {
    const bits = CONTAINER_BITS[encoding];
    const validBits = /^[us]/.test(encoding) && valid! < bits
      ? valid
      : undefined;
    const pcm = { ...format(encoding, channels, validBits), rate };
    return mask === null ? pcm : { ...pcm, channelMask: mask };
  });
  // Sizes around 2 and 4 GiB, and 0, mean "streamed" in 32 bits.
  const anySize = fc.option(fc.oneof(
    fc.integer({ min: 1, max: 0x7FFFEE00 }),
    fc.integer({ min: 0x80000001, max: 0xFFFFFFFF }),
    fc.integer({ min: 2 ** 32, max: 2 ** 52 }),
  ));
  fc.assert(
    fc.property(anyFormat, anySize, (format, dataBytes) => {
      const bytes = wavHeader(format, dataBytes);
      assert.deepEqual(new WavHeaderReader().push(bytes), {
        format,
        dataOffset: bytes.length,
        dataBytes,
      });
    }),
    { numRuns: 2000 },
  );
});
