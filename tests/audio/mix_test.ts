import assert from "node:assert/strict";
import { deviceMix } from "../../lib/audio/device_mix.ts";
import {
  CONTAINER_BITS,
  type Encoding,
  type PcmFormat,
} from "../../lib/audio/format.ts";
import {
  isUntouched,
  mixMatrix,
  mixPcm,
  mixPlanes,
  STEREO,
  SURROUND_5_1,
  SURROUND_7_1,
} from "../../lib/audio/mix.ts";
import { toFloats } from "../../lib/audio/pcm.ts";
import {
  channelSpeakers,
  type Speaker,
  SPEAKERS,
} from "../../lib/audio/speakers.ts";
import fc from "../support/fast_check.ts";

const LAYOUTS = [STEREO, SURROUND_5_1, SURROUND_7_1];

function pcm(channels: number, channelMask?: number): PcmFormat {
  const format = { encoding: "s16le", rate: 48000, bits: 16 } as const;
  return { ...format, channels, channelMask };
}

// The part of each channel in the stereo mix, before all are attenuated alike:
// by ITU-R BS.775, with low frequencies at half.
const HEARD: [
  name: string,
  channels: number,
  mask: number | undefined,
  string,
][] = [
  ["2.1", 3, 0xB, "L1 R1 L.5+R.5"],
  ["3.0", 3, 0x7, "L1 R1 L.71+R.71"],
  ["three without a mask, so 2.1", 3, undefined, "L1 R1 L.5+R.5"],
  ["3.1", 4, 0xF, "L1 R1 L.71+R.71 L.5+R.5"],
  ["4.0", 4, 0x107, "L1 R1 L.71+R.71 L.5+R.5"],
  ["four of mask 0, so 4.0", 4, 0, "L1 R1 L.71+R.71 L.5+R.5"],
  ["quad", 4, 0x33, "L1 R1 L.71 R.71"],
  ["4.1", 5, 0x10F, "L1 R1 L.71+R.71 L.5+R.5 L.5+R.5"],
  ["5.0", 5, undefined, "L1 R1 L.71+R.71 L.71 R.71"],
  ["5.1", 6, 0x3F, "L1 R1 L.71+R.71 L.5+R.5 L.71 R.71"],
  ["5.1 (side)", 6, 0x60F, "L1 R1 L.71+R.71 L.5+R.5 L.71 R.71"],
  ["6.1", 7, undefined, "L1 R1 L.71+R.71 L.5+R.5 L.5+R.5 L.71 R.71"],
  ["7.0", 7, 0x637, "L1 R1 L.71+R.71 L.71 R.71 L.71 R.71"],
  ["7.1", 8, undefined, "L1 R1 L.71+R.71 L.5+R.5 L.71 R.71 L.71 R.71"],
  ["7.1 (wide)", 8, 0xFF, "L1 R1 L.71+R.71 L.5+R.5 L.71 R.71 L1 R1"],
  ["a mask of too few", 4, 0x3, "L1 R1 L.71+R.71 L.5+R.5"],
  [
    "nine without a known layout",
    9,
    undefined,
    Array(9).fill("L.71+R.71").join(" "),
  ],
  ["mono on the left", 1, 0x1, "L1"],
  ["back stereo", 2, 0x30, "L.71 R.71"],
];

for (const [name, channels, mask, expected] of HEARD) {
  Deno.test(`mixMatrix() mixes into stereo by ITU-R BS.775 when given ${name}`, () => {
    const matrix = mixMatrix(channelSpeakers(pcm(channels, mask)), STEREO);
    const heard = expected.split(" ").map((column) => {
      const level = (side: string) =>
        Number(new RegExp(`${side}([\\d.]+)`).exec(column)?.[1] ?? 0);
      return [level("L"), level("R")].map((it) =>
        it === .71 ? Math.SQRT1_2 : it
      );
    });
    const sums = [0, 1].map((side) =>
      heard.reduce((sum, levels) => sum + levels[side], 0)
    );
    const most = Math.max(1, ...sums);
    heard.forEach((levels, channel) =>
      levels.forEach((level, side) =>
        assert.ok(Math.abs(matrix[side][channel] - level / most) < 1e-9)
      )
    );
  });
}

const anySpeakers = fc.array(
  fc.option(fc.constantFrom<Speaker>(...SPEAKERS)),
  { minLength: 1, maxLength: 64 },
);

Deno.test("mixMatrix() drops no channel and clips no speaker, for any speakers", () => {
  fc.assert(fc.property(
    anySpeakers,
    fc.constantFrom(...LAYOUTS),
    (channels, speakers) => {
      const matrix = mixMatrix(channels, speakers);
      assert.equal(matrix.length, speakers.length);
      channels.forEach((_, i) => assert.ok(matrix.some((row) => row[i] > 0)));
      for (const row of matrix) {
        assert.ok(row.reduce((sum, level) => sum + level, 0) < 1 + 1e-9);
      }
    },
  ));
});

Deno.test("mixMatrix() is the identity when each channel has its speaker", () => {
  for (const speakers of LAYOUTS) {
    assert.ok(isUntouched(mixMatrix(speakers, speakers)));
  }
  assert.ok(!isUntouched(mixMatrix(["FR", "FL"], STEREO)));
  assert.ok(!isUntouched(mixMatrix(STEREO, SURROUND_5_1)));
});

Deno.test("mixMatrix() mixes side and back into whichever of them exists", () => {
  const matrix = mixMatrix(["SL", "SR"], SURROUND_5_1);
  assert.deepEqual([matrix[4], matrix[5]], [[1, 0], [0, 1]]);
  const back = mixMatrix(["BC"], SURROUND_7_1).map(([level]) => level);
  assert.deepEqual(back, [0, 0, 0, 0, Math.SQRT1_2, Math.SQRT1_2, 0, 0]);
});

for (const encoding of Object.keys(CONTAINER_BITS) as Encoding[]) {
  Deno.test(`mixPcm() equals the mix of floats when samples are ${encoding}`, () => {
    const bits = CONTAINER_BITS[encoding];
    const format = { ...pcm(6, 0x3F), encoding, bits };
    const matrix = mixMatrix(channelSpeakers(format), STEREO);
    const bytes = Uint8Array.from(
      { length: 60 * bits / 8 },
      (_, i) => i * 97 % 63,
    );
    const mixed = mixPcm(format, bytes, matrix);
    const heard = toFloats({ ...format, channels: 2 }, mixed);
    const exact = mixPlanes(toFloats(format, bytes), matrix);
    // One step of 8 bits, and the largest of G.711.
    const step = bits > 8 ? 2 ** -15 : encoding === "u8" ? 2 ** -7 : 2 ** -5;
    heard.forEach((plane, side) =>
      plane.forEach((sample, i) =>
        assert.ok(Math.abs(sample - exact[side][i]) <= step)
      )
    );
  });
}

const FULL = 0x7FFF;

/** One sample frame of s16le. */
function frame(...samples: number[]): Uint8Array {
  return new Uint8Array(Int16Array.from(samples).buffer);
}

Deno.test("deviceMix() leaves mono and stereo unchanged", () => {
  for (const channels of [1, 2]) {
    const mix = deviceMix(pcm(channels), 8);
    assert.equal(mix.channels, channels);
    assert.equal(mix.planes(frame(5, 6)).length, channels);
  }
});

for (const [name, channels, mask] of HEARD) {
  if (channels <= 2) continue;
  Deno.test(`deviceMix() makes each channel audible on two and on six speakers when given ${name}`, () => {
    for (const device of [1, 2, 6, 8]) {
      const mix = deviceMix(pcm(channels, mask), device);
      assert.equal(mix.channels, device < 6 ? 2 : 6);
      for (let channel = 0; channel < channels; channel++) {
        const tone = Array.from(
          { length: channels },
          (_, i) => i === channel ? FULL : 0,
        );
        const planes = mix.planes(frame(...tone));
        assert.ok(Math.max(...planes.map(([sample]) => sample)) > 0.05);
      }
    }
  });
}
