/**
 * Which songs a full cache lets go of.
 *
 * @module
 */

/** What a cache holds, as far as letting go of it is concerned. */
export interface Evictable {
  /** Bytes that it takes on the disk, whole or half. */
  readonly bytes: number;
  /** When it was last stored or played. */
  readonly usedAtMs: number;
  /** It stays, whatever else must go. */
  readonly keep?: boolean;
}

/**
 * The entries to remove so that the rest fits: least recently used first, and
 * no more of them than needed. If what must stay is too much by itself, all
 * the others.
 *
 * @example
 * ```ts
 * import { toEvict } from "./cache_policy.ts";
 * import assert from "node:assert/strict";
 *
 * const old = { bytes: 40, usedAtMs: 1 };
 * const used = { bytes: 40, usedAtMs: 2 };
 * const now = { bytes: 40, usedAtMs: 3, keep: true };
 * assert.deepEqual(toEvict([now, used, old], 100), [old]);
 * ```
 */
export function toEvict<T extends Evictable>(
  entries: readonly T[],
  maxBytes: number,
): T[] {
  let bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  const evicted: T[] = [];
  const candidates = entries
    .filter((entry) => !entry.keep && entry.bytes > 0)
    .sort((a, b) => a.usedAtMs - b.usedAtMs);
  for (const entry of candidates) {
    if (bytes <= maxBytes) break;
    bytes -= entry.bytes;
    evicted.push(entry);
  }
  return evicted;
}
