/**
 * How samples lie in bytes, and the sums between bytes, sample frames and
 * seconds. Everything on the walk that must know where a second is asks here.
 *
 * A *sample frame* is one sample of every channel, interleaved, as the WAV
 * specification has it ("Multimedia Programming Interface and Data
 * Specifications 1.0", IBM and Microsoft, 1991, section "WAVE Format").
 *
 * @module
 */

import { channelMask } from "./speakers.ts";

/** How one sample is stored; multi-byte ones are little-endian. */
export type Encoding =
  | "u8"
  | "s16le"
  | "s24le"
  | "s32le"
  | "f32le"
  | "f64le"
  | "alaw"
  | "mulaw";

/** Bits that one sample of each encoding takes. */
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
  /** Sample frames a second, in hertz. */
  rate: number;
  /** Samples in a sample frame. */
  channels: number;
  /** Bits of a sample's container, a multiple of 8. */
  bits: number;
  /** Bits of the container that carry sound (the upper ones), where fewer. */
  validBits?: number;
  /**
   * A bit for each speaker that has a channel, as `SPEAKERS` in `speakers.ts`
   * has them; none where the file names no speakers.
   */
  channelMask?: number;
}

/** The format of a song and where its PCM lies in the file. */
export interface SongFormat extends PcmFormat {
  /** Byte of the file at which the PCM begins. */
  dataOffset: number;
  /** Bytes of PCM, whole sample frames; null: not known, a live stream. */
  dataBytes: number | null;
}

/** Bytes of one sample frame. */
export function sampleFrameBytes(format: PcmFormat): number {
  return format.channels * format.bits / 8;
}

/** Bytes of one second. */
export function bytesPerSecond(format: PcmFormat): number {
  return format.rate * sampleFrameBytes(format);
}

/** The length of so many bytes of PCM, in seconds. */
export function bytesToSeconds(format: PcmFormat, bytes: number): number {
  return bytes / bytesPerSecond(format);
}

/**
 * The bytes of PCM before the sample frame nearest to a time, so always a
 * whole number of sample frames. Negative times are 0.
 *
 * @example CD audio has 4 bytes a sample frame
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

/** The greatest whole number of sample frames in so many bytes, in bytes. */
export function wholeSampleFrames(format: PcmFormat, bytes: number): number {
  return bytes - bytes % sampleFrameBytes(format);
}

/**
 * Whether PCM of one format can go on where PCM of the other stopped, with each
 * channel heard on the same speaker.
 */
export function sameLayout(a: PcmFormat, b: PcmFormat): boolean {
  return a.encoding === b.encoding && a.rate === b.rate &&
    a.channels === b.channels && channelMask(a) === channelMask(b);
}

/**
 * What other programs are told of a format: all but the valid bits, by which
 * many take another codec, and play noise.
 */
export function containerOf(format: PcmFormat): PcmFormat {
  const { validBits: _, ...container } = format;
  return container;
}

/**
 * A format in a person's words.
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
