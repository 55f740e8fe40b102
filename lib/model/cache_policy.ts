/**
 * Chooses the songs that a full cache evicts.
 *
 * @module
 */

/** A cache entry, as far as eviction is concerned. */
export interface Evictable {
  /** Bytes on disk, complete or not. */
  readonly bytes: number;
  /** Time of the last store or playback. */
  readonly usedAtMs: number;
  /** Never evicted. */
  readonly keep?: boolean;
}

/**
 * The entries to remove so that the rest fits into `maxBytes`: least recently
 * used first, and no more than needed. If the kept entries alone exceed the
 * limit, all others are returned.
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
