/**
 * Finds the entries of a queue that a client names.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import type { QueueEntry } from "./queue_entry.ts";

/**
 * Entries by number, in the order given and without duplicates.
 *
 * @param nextEntry Above all numbers that were ever used.
 * @throws {OndacastError} `stale` for an entry that has been removed, `not-found`
 * for one that never was.
 *
 * @example
 * ```ts
 * import { findEntries } from "./find_entries.ts";
 * import assert from "node:assert/strict";
 *
 * const entries = [{ entry: 2, song: "a.wav" }, { entry: 3, song: "b.wav" }];
 * assert.deepEqual([...findEntries(entries, [3, 2], 4).keys()], [3, 2]);
 * assert.throws(() => findEntries(entries, [1], 4), { code: "stale" });
 * assert.throws(() => findEntries(entries, [4], 4), { code: "not-found" });
 * ```
 */
export function findEntries(
  entries: readonly QueueEntry[],
  numbers: readonly number[],
  nextEntry: number,
): Map<number, QueueEntry> {
  const wanted = new Set(numbers);
  const found = new Map<number, QueueEntry>();
  for (const it of entries) {
    if (wanted.has(it.entry)) found.set(it.entry, it);
    if (found.size === wanted.size) break;
  }
  return new Map(
    wanted.values().map((number) => {
      const it = found.get(number);
      if (!it) throw missing(number, nextEntry);
      return [number, it];
    }),
  );
}

function missing(entry: number, nextEntry: number): OndacastError {
  const wasThere = Number.isInteger(entry) && entry > 0 && entry < nextEntry;
  return new OndacastError(
    wasThere ? "stale" : "not-found",
    `Cannot find entry ${entry}: it is not in the queue`,
  );
}
