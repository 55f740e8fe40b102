/**
 * Mixes the channels of a song for the available speakers, so that none is lost.
 * It runs right before the player, if the player cannot do it.
 *
 * @module
 */

import { type PcmFormat, sampleFrameBytes } from "./format.ts";
import { CODECS } from "./samples.ts";
import type { Speaker } from "./speakers.ts";

/** For each speaker, the gain of each channel. */
export type MixMatrix = readonly (readonly number[])[];

export const STEREO: readonly Speaker[] = ["FL", "FR"];
export const SURROUND_5_1: readonly Speaker[] = [
  ...["FL", "FR", "FC", "LFE", "BL", "BR"] as const,
];
export const SURROUND_7_1: readonly Speaker[] = [
  ...SURROUND_5_1,
  ...["SL", "SR"] as const,
];

/** -3 dB, for a sound that comes from two speakers. */
const HALF_POWER = Math.SQRT1_2;

/** The speakers that replace a missing one, and the gain for each. */
type Fold = readonly [level: number, ...to: Speaker[]];

/**
 * Replacements for each speaker, best first. Centre and surround go to the front
 * at -3 dB (ITU-R BS.775, annex 4). That downmix omits low frequencies; here they
 * go to both sides at half the level because some files have no other channel.
 * Top speakers go to those below them.
 */
const FOLDS: Readonly<Record<Speaker, readonly Fold[]>> = {
  FL: [[HALF_POWER, "FC"]],
  FR: [[HALF_POWER, "FC"]],
  FC: [[HALF_POWER, "FL", "FR"]],
  LFE: [[HALF_POWER, "FC"], [0.5, "FL", "FR"]],
  BL: [[1, "SL"], [HALF_POWER, "FL"]],
  BR: [[1, "SR"], [HALF_POWER, "FR"]],
  FLC: [[1, "FL"]],
  FRC: [[1, "FR"]],
  BC: [[HALF_POWER, "BL", "BR"], [HALF_POWER, "SL", "SR"], [0.5, "FL", "FR"]],
  SL: [[1, "BL"], [HALF_POWER, "FL"]],
  SR: [[1, "BR"], [HALF_POWER, "FR"]],
  TC: [[0.5, "FL", "FR"]],
  TFL: [[HALF_POWER, "FL"]],
  TFC: [[HALF_POWER, "FC"], [0.5, "FL", "FR"]],
  TFR: [[HALF_POWER, "FR"]],
  TBL: [[HALF_POWER, "BL"], [HALF_POWER, "SL"], [0.5, "FL"]],
  TBC: [[0.5, "BL", "BR"], [0.5, "SL", "SR"], [0.5, "FL", "FR"]],
  TBR: [[HALF_POWER, "BR"], [HALF_POWER, "SR"], [0.5, "FR"]],
};
/** A channel without a known speaker goes to the centre. */
const UNKNOWN: readonly Fold[] = FOLDS.FC;

/**
 * Makes the matrix for a mix. As in FFmpeg, all gains are scaled down equally so
 * that no speaker can clip.
 *
 * @param channels The speaker of each channel; null if unknown.
 * @param speakers The available speakers, which include front left and right.
 *
 * @example A centre in stereo
 * ```ts
 * import { mixMatrix, STEREO } from "./mix.ts";
 * import assert from "node:assert/strict";
 *
 * const [left, right] = mixMatrix(["FL", "FR", "FC"], STEREO);
 * assert.deepEqual(left.map((level) => level.toFixed(3)), ["0.586", "0.000", "0.414"]);
 * assert.deepEqual(right.map((level) => level.toFixed(3)), ["0.000", "0.586", "0.414"]);
 * ```
 */
export function mixMatrix(
  channels: readonly (Speaker | null)[],
  speakers: readonly Speaker[],
): MixMatrix {
  const matrix = speakers.map(() => channels.map(() => 0));
  channels.forEach((channel, column) => {
    const [level, ...to] = foldOf(channel, speakers);
    for (const speaker of to) matrix[speakers.indexOf(speaker)][column] = level;
  });
  const sums = matrix.map((row) => row.reduce((sum, level) => sum + level, 0));
  const most = Math.max(1, ...sums);
  return matrix.map((row) => row.map((level) => level / most));
}

function foldOf(
  channel: Speaker | null,
  speakers: readonly Speaker[],
): Fold {
  if (channel !== null && speakers.includes(channel)) return [1, channel];
  const folds = channel === null ? UNKNOWN : FOLDS[channel];
  return folds.find(([, ...to]) => to.every((it) => speakers.includes(it))) ??
    UNKNOWN[0];
}

/** Whether a matrix is the identity. */
export function isUntouched(matrix: MixMatrix): boolean {
  return matrix.every((row, i) =>
    row.length === matrix.length &&
    row.every((level, k) => level === Number(i === k))
  );
}

/**
 * Mixes one array of samples per channel into one per speaker.
 *
 * @param planes One array per column of the matrix, all of equal length.
 *
 * @example
 * ```ts
 * import { mixMatrix, mixPlanes, STEREO } from "./mix.ts";
 * import assert from "node:assert/strict";
 *
 * const planes = [[0.5], [0], [0.25]].map((plane) => Float32Array.from(plane));
 * const mixed = mixPlanes(planes, mixMatrix(["FL", "FR", "BC"], STEREO));
 * assert.deepEqual(mixed.map(([sample]) => sample.toFixed(4)), ["0.4167", "0.0833"]);
 * ```
 */
export function mixPlanes(
  planes: readonly Float32Array<ArrayBuffer>[],
  matrix: MixMatrix,
): Float32Array<ArrayBuffer>[] {
  return matrix.map((row) => {
    const mixed = new Float32Array(planes[0].length);
    row.forEach((level, channel) => {
      if (level === 0) return;
      const plane = planes[channel];
      for (let i = 0; i < mixed.length; i++) mixed[i] += level * plane[i];
    });
    return mixed;
  });
}

/**
 * Mixes interleaved PCM, rounding samples to the nearest value.
 *
 * @param bytes Whole sample frames.
 * @param matrix One column per channel of the format.
 * @returns Sample frames with one channel per row of the matrix.
 *
 * @example
 * ```ts
 * import { mixPcm } from "./mix.ts";
 * import assert from "node:assert/strict";
 *
 * const stereo = { encoding: "u8", rate: 8000, channels: 2, bits: 8 } as const;
 * const mono = mixPcm(stereo, Uint8Array.of(0x80, 0xA0, 0x60, 0x60), [[0.5, 0.5]]);
 * assert.deepEqual(mono, Uint8Array.of(0x90, 0x60));
 * ```
 */
export function mixPcm(
  format: PcmFormat,
  bytes: Uint8Array,
  matrix: MixMatrix,
): Uint8Array<ArrayBuffer> {
  const { read, write } = CODECS[format.encoding];
  const step = format.bits / 8;
  const frameBytes = sampleFrameBytes(format);
  const frames = Math.floor(bytes.length / frameBytes);
  const mixed = new Uint8Array(frames * matrix.length * step);
  const from = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const to = new DataView(mixed.buffer);
  const samples = new Float64Array(format.channels);
  let out = 0;
  for (let frame = 0; frame < frames; frame++) {
    for (let i = 0; i < samples.length; i++) {
      samples[i] = read(from, frame * frameBytes + i * step);
    }
    for (const row of matrix) {
      let sum = 0;
      for (let i = 0; i < samples.length; i++) {
        if (row[i] !== 0) sum += row[i] * samples[i];
      }
      write(to, out, sum);
      out += step;
    }
  }
  return mixed;
}
