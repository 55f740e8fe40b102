/**
 * Compares long byte strings without printing them.
 *
 * @module
 */

import assert from "node:assert/strict";

/** Fails if two byte strings differ, with the offset and the bytes there. */
export function assertBytes(
  actual: Uint8Array,
  expected: Uint8Array,
  what = "bytes",
): void {
  const length = Math.max(actual.length, expected.length);
  for (let at = 0; at < length; at++) {
    if (actual[at] === expected[at]) continue;
    const show = (bytes: Uint8Array) =>
      `${bytes.subarray(at, at + 8)} … of ${bytes.length}`;
    assert.fail(
      `${what} differ at ${at}: ${show(actual)}, expected ${show(expected)}`,
    );
  }
}
