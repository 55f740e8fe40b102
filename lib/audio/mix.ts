/**
 * Mixes the channels of a song into the speakers that there are, so that none
 * is lost. It stands right before the player, where that cannot do it itself.
 *
 * @module
 */

import { type PcmFormat, sampleFrameBytes } from "./format.ts";
import { CODECS } from "./samples.ts";
import type { Speaker } from "./speakers.ts";

/** For each speaker, how much of each channel it gets. */
export type MixMatrix = readonly (readonly number[])[];

export const STEREO: readonly Speaker[] = ["FL", "FR"];
export const SURROUND_5_1: readonly Speaker[] = [
  ...["FL", "FR", "FC", "LFE", "BL", "BR"] as const,
];
export const SURROUND_7_1: readonly Speaker[] = [
  ...SURROUND_5_1,
  ...["SL", "SR"] as const,
];

/** 3 dB less, as of a sound that comes from two speakers. */
const HALF_POWER = Math.SQRT1_2;

/** What a missing speaker's sound goes to, and how much of it to each. */
type Fold = readonly [level: number, ...to: Speaker[]];

/**
 * For each speaker what takes its place, best first. Centre and surround go to
 * the front 3 dB lower (ITU-R BS.775, annex 4). Low frequencies are no part of
 * that downmix. Here they go to both sides at half the level, since in some
 * files their channel is all there is. What is above goes to what is below it.
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
/** A channel whose speaker is not known is heard in the middle. */
const UNKNOWN: readonly Fold[] = FOLDS.FC;

/**
 * How channels are mixed into speakers. All is made quieter by as much as it
 * takes that no speaker can clip, as FFmpeg does, so the balance stays.
 *
 * @param channels The speaker of each channel; null: not known.
 * @param speakers What there is, front left and right among them.
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

/** Whether a mix leaves each channel as and where it is. */
export function isUntouched(matrix: MixMatrix): boolean {
  return matrix.every((row, i) =>
    row.length === matrix.length &&
    row.every((level, k) => level === Number(i === k))
  );
}

/**
 * Mixes samples, each channel by itself, into those of each speaker.
 *
 * @param planes As many as the matrix has columns, of one length.
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
 * Mixes interleaved PCM, each sample rounded to the nearest.
 *
 * @param bytes Whole sample frames of the format.
 * @param matrix As many columns as the format has channels.
 * @returns Sample frames of as many channels as the matrix has rows.
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
