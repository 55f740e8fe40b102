/**
 * Cuts a batch between its frames, for transports that carry messages instead of
 * a stream of bytes.
 *
 * @module
 */

import { HEADER_BYTES } from "./frame.ts";

/**
 * Cuts a batch into parts of whole frames, each as long as `mostBytes` allows. A
 * longer frame is a part of its own.
 *
 * @param batch Whole frames, back to back.
 * @returns Views on the batch.
 *
 * @example
 * ```ts
 * import { cutBatch } from "./cut_batch.ts";
 * import assert from "node:assert/strict";
 *
 * const batch = new Uint8Array([0, 0, 0, 1, 7, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
 * const parts = [...cutBatch(batch, 10)];
 * assert.deepEqual(parts.map((part) => part.length), [10, 4]);
 * ```
 */
export function* cutBatch(
  batch: Uint8Array,
  mostBytes: number,
): Generator<Uint8Array> {
  let start = 0;
  let end = 0;
  while (end < batch.length) {
    const next = end + HEADER_BYTES + payloadBytes(batch, end);
    if (next - start > mostBytes && end > start) {
      yield batch.subarray(start, end);
      start = end;
    }
    end = next;
  }
  if (end > start) yield batch.subarray(start, end);
}

function payloadBytes(batch: Uint8Array, at: number): number {
  return batch[at + 1] << 16 | batch[at + 2] << 8 | batch[at + 3];
}
