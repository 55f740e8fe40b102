import assert from "node:assert/strict";
import {
  type DecodedPcm,
  renditionOf,
  segmentFrames,
  silentByte,
} from "../../lib/audio/rendition.ts";

const SONG: DecodedPcm = {
  ...{ encoding: "s16le", rate: 44100, channels: 2 },
  ...{ validBits: 16, sampleFrames: 1000 },
};

/** The values of the `fmt ` chunk, and the length of the header. */
function headOf(more: Partial<DecodedPcm>) {
  const { header, format, bytes } = renditionOf({ ...SONG, ...more });
  const view = new DataView(header.buffer);
  assert.equal(format.dataOffset, header.length);
  assert.equal(bytes, header.length + format.dataBytes!);
  const isExtensible = view.getUint16(20, true) === 0xFFFE;
  return {
    length: header.length,
    tag: view.getUint16(isExtensible ? 44 : 20, true),
    bits: view.getUint16(34, true),
    ...(isExtensible && {
      validBits: view.getUint16(38, true),
      mask: view.getUint32(40, true),
    }),
  };
}

const HEADS: [Partial<DecodedPcm>, ReturnType<typeof headOf>][] = [
  [{}, { length: 44, tag: 1, bits: 16 }],
  [{ channels: 1, channelMask: 4 }, { length: 44, tag: 1, bits: 16 }],
  [{ encoding: "u8", validBits: 8 }, { length: 44, tag: 1, bits: 8 }],
  [
    { validBits: 12 },
    { length: 68, tag: 1, bits: 16, validBits: 12, mask: 3 },
  ],
  [
    { encoding: "s24le", validBits: 24 },
    { length: 68, tag: 1, bits: 24, validBits: 24, mask: 3 },
  ],
  [
    { encoding: "s24le", validBits: 20, channels: 1 },
    { length: 68, tag: 1, bits: 24, validBits: 20, mask: 4 },
  ],
  [
    { encoding: "f32le", validBits: 32 },
    { length: 68, tag: 3, bits: 32, validBits: 32, mask: 3 },
  ],
  [
    { channels: 6 },
    { length: 68, tag: 1, bits: 16, validBits: 16, mask: 0x3F },
  ],
  [
    { channels: 6, channelMask: 0x60F },
    { length: 68, tag: 1, bits: 16, validBits: 16, mask: 0x60F },
  ],
];

for (const [more, head] of HEADS) {
  Deno.test(`renditionOf() makes the expected header for ${JSON.stringify(more)}`, () => {
    assert.deepEqual(headOf(more), head);
  });
}

Deno.test("renditionOf() makes an RF64 beyond 4 GiB", () => {
  const { header, format, bytes } = renditionOf({
    ...SONG,
    sampleFrames: 2 ** 30,
  });
  assert.equal(new TextDecoder().decode(header.subarray(0, 4)), "RF64");
  assert.equal(header.length, 44 + 36);
  assert.equal(format.dataBytes, 2 ** 32);
  assert.equal(bytes, 2 ** 32 + 80);
});

const HOUR = 3600 * SONG.rate;

for (
  const [more, reason] of [
    [{ sampleFrames: 100 * HOUR + 1 }, /more than 100 hours/],
    [
      {
        ...{ channels: 8, rate: 192_000, encoding: "s32le", validBits: 32 },
        sampleFrames: 2 ** 31 + 1,
      },
      /more than 64 GiB/,
    ],
    [{ rate: 768_001 }, /768001 Hz/],
    [{ channels: 9 }, /9 channels/],
  ] as [Partial<DecodedPcm>, RegExp][]
) {
  Deno.test(`renditionOf() refuses ${reason.source}`, () => {
    const renditon = () => renditionOf({ ...SONG, ...more });
    assert.throws(renditon, { code: "unsupported", message: reason });
  });
}

Deno.test("segments are at most 3 s and 4 MiB long, lossless ones 1 s", () => {
  const frames = (more: Partial<DecodedPcm>, codec = "mp3") =>
    segmentFrames(renditionOf({ ...SONG, ...more }).format, codec);
  assert.equal(frames({}), 3 * 44_100);
  for (const codec of ["flac", "alac", "pcm"]) {
    assert.equal(frames({}, codec), 44_100);
  }
  const wide = frames({
    ...{ channels: 8, rate: 768_000, encoding: "s32le", validBits: 32 },
  });
  assert.equal(wide, 2 ** 22 / 32);
});

Deno.test("silence is the middle of the range", () => {
  assert.equal(silentByte("u8"), 0x80);
  assert.equal(silentByte("s24le"), 0);
  assert.equal(silentByte("mulaw"), 0xFF);
});
