/**
 * Block sizes as a user gives them: a number of bytes, or a duration of audio.
 *
 * @module
 */

import {
  bytesPerSecond,
  type PcmFormat,
  secondsToBytes,
} from "../audio/format.ts";
import { OndacastError } from "../errors.ts";

/** Used unless `--block` gives another. */
export const DEFAULT_BLOCK_BYTES = 8192;
/** Smallest and largest block that can be given in bytes. */
export const BLOCK_BYTES_RANGE = { min: 512, max: 1 << 20 } as const;

/** A size in bytes, or a duration whose bytes depend on the song's format. */
export type BlockSize = { bytes: number } | { seconds: number };

/**
 * Parses `8192`, `64KiB` or `30s`.
 *
 * @throws {OndacastError} `usage`.
 *
 * @example
 * ```ts
 * import { parseBlockSize } from "./block_size.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(parseBlockSize("30s"), { seconds: 30 });
 * assert.deepEqual(parseBlockSize("64KiB"), { bytes: 65536 });
 * ```
 */
export function parseBlockSize(text: string): BlockSize {
  const time = /^(\d+(?:\.\d+)?)\s*(ms|s|min)$/i.exec(text);
  if (time) {
    const seconds = Number(time[1]) * SECONDS[time[2].toLowerCase()];
    if (seconds > 0) return { seconds };
  }
  const size = /^(\d+)\s*(?:(k|m)i?b?|b)?$/i.exec(text);
  if (size) {
    const bytes = Number(size[1]) * (FACTORS[size[2]?.toLowerCase()] ?? 1);
    if (bytes >= BLOCK_BYTES_RANGE.min && bytes <= BLOCK_BYTES_RANGE.max) {
      return { bytes };
    }
  }
  throw new OndacastError(
    "usage",
    `Cannot use the block size "${text}": expected ${BLOCK_BYTES_RANGE.min} to ${BLOCK_BYTES_RANGE.max} bytes (8192, 64KiB) or a time (30s)`,
  );
}

/**
 * The block size for a song in bytes, limited to what a frame can hold.
 *
 * @param format Null if the song cannot be played; a duration then gives
 * `maxBytes`.
 */
export function blockBytes(
  size: BlockSize,
  format: PcmFormat | null,
  maxBytes: number,
): number {
  if ("bytes" in size) return Math.min(size.bytes, maxBytes);
  if (format === null) return maxBytes;
  const bytes = secondsToBytes(
    format,
    Math.min(size.seconds, maxBytes / bytesPerSecond(format)),
  );
  return Math.min(Math.max(bytes, BLOCK_BYTES_RANGE.min), maxBytes);
}

const SECONDS: Record<string, number> = { ms: 0.001, s: 1, min: 60 };
const FACTORS: Record<string, number> = { k: 1 << 10, m: 1 << 20 };
