/**
 * Batches: many data frames of one block size, back to back in one buffer, so
 * that one read fills and one write sends a megabyte of them.
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
 * @param buffer {@linkcode framedBytes} long, less `into`.
 * @param payloadBytes The payload in it.
 * @param into The bytes of the first frame that lie before the buffer, header
 * included: 0 to less than a frame. The last frame ends with the buffer.
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
  into = 0,
): void {
  const payloadBefore = Math.max(0, into - HEADER_BYTES);
  const expected = framedBytes(payloadBefore + payloadBytes, blockBytes) - into;
  if (buffer.length !== expected) {
    throw new RangeError(
      `Cannot frame ${payloadBytes} bytes in ${buffer.length}: expected ${expected}`,
    );
  }
  let from = buffer.length - payloadBytes;
  let to = -into;
  while (from < buffer.length) {
    const end = to + HEADER_BYTES + blockBytes;
    const start = Math.max(0, to + HEADER_BYTES);
    const bytes = Math.min(end - start, buffer.length - from);
    buffer.copyWithin(start, from, from + bytes);
    if (to >= 0) writeHeader(buffer, to, FRAME_TYPE.data, bytes);
    else if (start > 0) writeHeaderEnd(buffer, start, bytes);
    from += bytes;
    to = end;
  }
}

/** Writes the last bytes of a header that begins before the buffer. */
function writeHeaderEnd(
  buffer: Uint8Array,
  headerBytes: number,
  payloadBytes: number,
): void {
  const header = new Uint8Array(HEADER_BYTES);
  writeHeader(header, 0, FRAME_TYPE.data, payloadBytes);
  buffer.set(header.subarray(HEADER_BYTES - headerBytes));
}
