/**
 * Determines how much PCM a WAV file has from the sizes in its header, many of
 * which are missing, wrong, or wrapped at 4 GiB. Reading a header ends with it.
 *
 * @module
 */

import { LEAST_HUGE_SIZE, SIZE_UNKNOWN } from "./wav_writer.ts";

/** The sizes and offsets in a header, in bytes. */
export interface HeaderSizes {
  /** The size in `data`. */
  dataBytes: number;
  /** Offset of the PCM from the start of the file. */
  dataOffset: number;
  /** The size in `RIFF`, which excludes the first 8 bytes. */
  riffBytes: number;
  /** Offset of `RIFF` from the start of the file: above 0 behind an ID3 tag. */
  riffOffset: number;
  /** The size of `data` in `ds64`; undefined if there is no `ds64`. */
  bytes64?: number;
  /** The actual size of the file; undefined for a stream. */
  fileBytes?: number;
}

/** 32-bit sizes wrap here. */
const WRAP = 2 ** 32;
/** How far a wrapped file size may deviate from the actual one. */
const SLACK_BYTES = 64 * 1024;

/**
 * The bytes of PCM; null if it lasts until the end of the file or stream.
 *
 * @example 5 GiB, from a writer with 32-bit sizes
 * ```ts
 * import { pcmBytes } from "./wav_sizes.ts";
 * import assert from "node:assert/strict";
 *
 * const bytes = 5 * 2 ** 30;
 * const sizes = { dataBytes: bytes % 2 ** 32, riffBytes: (bytes + 36) % 2 ** 32 };
 * const places = { dataOffset: 44, riffOffset: 0, fileBytes: bytes + 44 };
 * assert.equal(pcmBytes({ ...sizes, ...places }), bytes);
 * ```
 */
export function pcmBytes(sizes: HeaderSizes): number | null {
  const { dataBytes, bytes64 } = sizes;
  if (bytes64 !== undefined && bytes64 > 0) return bytes64;
  if (bytes64 === 0 && [0, SIZE_UNKNOWN].includes(dataBytes)) {
    return isOpen(sizes) ? null : 0;
  }
  // FFmpeg also treats 0 as "until the end", whatever the size of the file.
  if (dataBytes === 0 || isStreamed(dataBytes)) return null;
  return dataBytes + wrappedBytes(sizes);
}

/**
 * Whether the writer never updated the file size, and so left it at 0, at the
 * maximum, or at that of a file without PCM.
 */
function isOpen({ riffBytes, riffOffset, dataOffset }: HeaderSizes): boolean {
  return riffBytes === SIZE_UNKNOWN || riffOffset + riffBytes + 8 <= dataOffset;
}

/** The bytes to add to the size of `data` if the size of the file wrapped. */
function wrappedBytes(sizes: HeaderSizes): number {
  const { dataBytes, dataOffset, riffBytes, riffOffset, fileBytes } = sizes;
  if (fileBytes === undefined) return 0;
  const missing = fileBytes - (riffOffset + 8 + riffBytes);
  const wraps = Math.round(missing / WRAP);
  if (wraps < 1 || Math.abs(missing - wraps * WRAP) > SLACK_BYTES) return 0;
  const more = fileBytes - dataOffset - dataBytes;
  return Math.max(0, Math.floor(more / WRAP)) * WRAP;
}

/**
 * Ranges of sizes that stand for "unknown" when written into a pipe. FFmpeg
 * writes the maximum, others the maximum less a header; MPlayer, mpv, eSpeak and
 * SoX 0x7FFFF000, which SoX rounds down to a sample frame (here at most 512
 * bytes); oggdec and LAME up to 0x7FFFFFFF; arecord 0x80000000.
 */
const STREAMED_SIZES = [
  [LEAST_HUGE_SIZE, SIZE_UNKNOWN],
  [0x7FFFF000 - 511, 0x80000000],
] as const;

function isStreamed(size: number): boolean {
  return STREAMED_SIZES.some(([from, to]) => from <= size && size <= to);
}
