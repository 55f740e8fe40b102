/**
 * PCM formats, and conversion between bytes, sample frames and seconds. Every
 * stage of the walk uses it.
 *
 * A *sample frame* is one sample of every channel, interleaved, as defined in
 * "Multimedia Programming Interface and Data Specifications 1.0" (IBM and
 * Microsoft, 1991), section "WAVE Format".
 *
 * @module
 */

import { channelMask } from "./speakers.ts";

/** How one sample is stored. Multi-byte encodings are little-endian. */
export type Encoding =
  | "u8"
  | "s16le"
  | "s24le"
  | "s32le"
  | "f32le"
  | "f64le"
  | "alaw"
  | "mulaw";

/** Bits per stored sample of each encoding. */
export const CONTAINER_BITS: Readonly<Record<Encoding, number>> = {
  u8: 8,
  s16le: 16,
  s24le: 24,
  s32le: 32,
  f32le: 32,
  f64le: 64,
  alaw: 8,
  mulaw: 8,
};

/** The layout of PCM: interleaved sample frames of one encoding. */
export interface PcmFormat {
  encoding: Encoding;
  /** Sample frames per second. */
  rate: number;
  channels: number;
  /** Bits of a stored sample, a multiple of 8. */
  bits: number;
  /** Significant bits, the upper ones, if fewer than `bits`. */
  validBits?: number;
  /**
   * One bit per speaker that has a channel, in the order of `SPEAKERS` in
   * `speakers.ts`; undefined if the file does not assign speakers.
   */
  channelMask?: number;
}

/** The layout of a player in a group of several, unless another is chosen. */
export const STEP_LAYOUT: PcmFormat = {
  encoding: "f32le",
  rate: 48_000,
  channels: 2,
  bits: 32,
};

/** The format of a song and the position of its PCM in the file. */
export interface SongFormat extends PcmFormat {
  /** Offset of the PCM from the start of the file. */
  dataOffset: number;
  /** Bytes of PCM, in whole sample frames; null if unknown, as for a live stream. */
  dataBytes: number | null;
}

export function sampleFrameBytes(format: PcmFormat): number {
  return format.channels * format.bits / 8;
}

export function bytesPerSecond(format: PcmFormat): number {
  return format.rate * sampleFrameBytes(format);
}

export function bytesToSeconds(format: PcmFormat, bytes: number): number {
  return bytes / bytesPerSecond(format);
}

/**
 * Converts a time to bytes of PCM, rounded to the nearest whole sample frame.
 * Negative times give 0.
 *
 * @example CD audio has 4 bytes per sample frame
 * ```ts
 * import { secondsToBytes } from "./format.ts";
 * import assert from "node:assert/strict";
 *
 * const cd = { encoding: "s16le", rate: 44100, channels: 2, bits: 16 } as const;
 * assert.equal(secondsToBytes(cd, 1.5), 1.5 * 44100 * 4);
 * assert.equal(secondsToBytes(cd, 1 / 3), 14700 * 4);
 * ```
 */
export function secondsToBytes(format: PcmFormat, seconds: number): number {
  return Math.max(0, Math.round(seconds * format.rate)) *
    sampleFrameBytes(format);
}

/** Rounds a number of bytes down to whole sample frames. */
export function wholeSampleFrames(format: PcmFormat, bytes: number): number {
  return bytes - bytes % sampleFrameBytes(format);
}

/**
 * Whether PCM of both formats can be played back to back without reopening the
 * player: same encoding, rate, channels and speakers.
 */
export function sameLayout(a: PcmFormat, b: PcmFormat): boolean {
  return a.encoding === b.encoding && a.rate === b.rate &&
    a.channels === b.channels && channelMask(a) === channelMask(b);
}

/**
 * The format without its valid bits, for other programs. Many of them choose
 * another codec by the valid bits, and play noise.
 */
export function containerOf(format: PcmFormat): PcmFormat {
  const { validBits: _, ...container } = format;
  return container;
}

/**
 * Describes a format to a user.
 *
 * @example
 * ```ts
 * import { describeFormat } from "./format.ts";
 * import assert from "node:assert/strict";
 *
 * const cd = { encoding: "s16le", rate: 44100, channels: 2, bits: 16 } as const;
 * assert.equal(describeFormat(cd), "44.1 kHz 16-bit stereo");
 * ```
 */
export function describeFormat(format: PcmFormat): string {
  return `${format.rate / 1000} kHz ${describeSample(format)} ${
    CHANNEL_WORDS[format.channels] ?? `${format.channels} channels`
  }`;
}

const CHANNEL_WORDS: Record<number, string> = { 1: "mono", 2: "stereo" };

function describeSample(format: PcmFormat): string {
  switch (format.encoding) {
    case "alaw":
      return "A-law";
    case "mulaw":
      return "µ-law";
    case "f32le":
    case "f64le":
      return `${format.bits}-bit float`;
    default:
      return `${format.validBits ?? format.bits}-bit`;
  }
}
