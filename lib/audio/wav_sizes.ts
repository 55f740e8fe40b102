/**
 * How much PCM a WAV file has, from what its sizes say: many are left open,
 * wrong, or wrapped at 4 GiB. The reader of headers asks for it.
 *
 * @module
 */

import { LEAST_HUGE_SIZE, SIZE_UNKNOWN } from "./wav_writer.ts";

/** The sizes that a file tells, in bytes. */
export interface ToldSizes {
  /** What `data` tells. */
  dataBytes: number;
  /** Byte of the file at which the PCM begins. */
  dataOffset: number;
  /** What the file tells of its own size, without its first 8 bytes. */
  riffBytes: number;
  /** Byte of the file at which it begins: later than 0 behind a tag. */
  riffOffset: number;
  /** What `ds64` tells of `data`; undefined: it is none with 64-bit sizes. */
  bytes64?: number;
  /** The size of the file; undefined: not known, a stream. */
  fileBytes?: number;
}

/** Where sizes wrap that are written in 32 bits. */
const WRAP = 2 ** 32;
/** What the size of a file may be wrong by and still tell that it wrapped. */
const SLACK_BYTES = 64 * 1024;

/**
 * Bytes of PCM; null: as many as come until the end.
 *
 * @example 5 GiB, by a writer of 32 bits
 * ```ts
 * import { pcmBytes } from "./wav_sizes.ts";
 * import assert from "node:assert/strict";
 *
 * const bytes = 5 * 2 ** 30;
 * const told = { dataBytes: bytes % 2 ** 32, riffBytes: (bytes + 36) % 2 ** 32 };
 * const places = { dataOffset: 44, riffOffset: 0, fileBytes: bytes + 44 };
 * assert.equal(pcmBytes({ ...told, ...places }), bytes);
 * ```
 */
export function pcmBytes(sizes: ToldSizes): number | null {
  const { dataBytes, bytes64 } = sizes;
  if (bytes64 !== undefined && bytes64 > 0) return bytes64;
  if (bytes64 === 0 && [0, SIZE_UNKNOWN].includes(dataBytes)) {
    return isOpen(sizes) ? null : 0;
  }
  // FFmpeg takes 0 for "until the end", too, whatever the file's size says.
  if (dataBytes === 0 || isStreamed(dataBytes)) return null;
  return dataBytes + wrappedBytes(sizes);
}

/**
 * Whether a writer never came back to the file's size, and so left it at 0, at
 * the greatest, or at what a file without PCM has.
 */
function isOpen({ riffBytes, riffOffset, dataOffset }: ToldSizes): boolean {
  return riffBytes === SIZE_UNKNOWN || riffOffset + riffBytes + 8 <= dataOffset;
}

/** What is missing of a size that wrapped, as that of the whole file did. */
function wrappedBytes(sizes: ToldSizes): number {
  const { dataBytes, dataOffset, riffBytes, riffOffset, fileBytes } = sizes;
  if (fileBytes === undefined) return 0;
  const missing = fileBytes - (riffOffset + 8 + riffBytes);
  const wraps = Math.round(missing / WRAP);
  if (wraps < 1 || Math.abs(missing - wraps * WRAP) > SLACK_BYTES) return 0;
  const more = fileBytes - dataOffset - dataBytes;
  return Math.max(0, Math.floor(more / WRAP)) * WRAP;
}

/**
 * The sizes, from and to, that writers into a pipe put for one that they do
 * not know: FFmpeg the greatest, others that less a header; MPlayer, mpv,
 * eSpeak and SoX 0x7FFFF000, SoX rounded down to a sample frame (here at most
 * 512 bytes); oggdec and LAME up to 0x7FFFFFFF; arecord 0x80000000.
 */
const STREAMED_SIZES = [
  [LEAST_HUGE_SIZE, SIZE_UNKNOWN],
  [0x7FFFF000 - 511, 0x80000000],
] as const;

function isStreamed(size: number): boolean {
  return STREAMED_SIZES.some(([from, to]) => from <= size && size <= to);
}
