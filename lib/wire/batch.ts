/**
 * Batches: many data frames of one block size, back to back in one buffer, so
 * that one write sends a megabyte of them.
 *
 * @module
 */

import { FRAME_TYPE, HEADER_BYTES, writeHeader } from "./frame.ts";

/**
 * The length of a payload as frames of `blockBytes` (the last one shorter), with
 * their headers.
 *
 * @example
 * ```ts
 * import { framedBytes } from "./batch.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(framedBytes(20_000, 8192), 20_000 + 3 * 4);
 * ```
 */
export function framedBytes(payloadBytes: number, blockBytes: number): number {
  return payloadBytes + HEADER_BYTES * Math.ceil(payloadBytes / blockBytes);
}

/**
 * Frames a payload in place. It lies at the buffer's end, where one read put it;
 * each block is moved forward behind its header. Moving is cheaper than a read
 * per block, because the bytes are still in the processor's cache.
 *
 * @param buffer {@linkcode framedBytes} long.
 * @param payloadBytes The payload in it.
 * @throws {RangeError} If the buffer has another length.
 *
 * @example
 * ```ts
 * import { frameInPlace } from "./batch.ts";
 * import assert from "node:assert/strict";
 *
 * const buffer = new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3]);
 * frameInPlace(buffer, 3, 2);
 * assert.deepEqual([...buffer], [0, 0, 0, 2, 1, 2, 0, 0, 0, 1, 3]);
 * ```
 */
export function frameInPlace(
  buffer: Uint8Array,
  payloadBytes: number,
  blockBytes: number,
): void {
  const expected = framedBytes(payloadBytes, blockBytes);
  if (buffer.length !== expected) {
    throw new RangeError(
      `Cannot frame ${payloadBytes} bytes in ${buffer.length}: expected ${expected}`,
    );
  }
  let to = 0;
  for (let from = buffer.length - payloadBytes; from < buffer.length;) {
    const bytes = Math.min(blockBytes, buffer.length - from);
    buffer.copyWithin(to + HEADER_BYTES, from, from + bytes);
    writeHeader(buffer, to, FRAME_TYPE.data, bytes);
    from += bytes;
    to += HEADER_BYTES + bytes;
  }
}
