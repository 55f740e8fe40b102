/**
 * Finds the entries of a queue that a client names.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import { NumberSet } from "./number_set.ts";

/**
 * Entries in the order given and without duplicates.
 *
 * @param order The numbers of all entries.
 * @param nextEntry Above all numbers that were ever used.
 * @throws {OndacastError} `stale` for an entry that has been removed, `not-found`
 * for one that never was.
 *
 * @example
 * ```ts
 * import { findEntries } from "./find_entries.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual([...findEntries([2, 3], [3, 2, 3], 4)], [3, 2]);
 * assert.throws(() => findEntries([2, 3], [1], 4), { code: "stale" });
 * assert.throws(() => findEntries([2, 3], [4], 4), { code: "not-found" });
 * ```
 */
export function findEntries(
  order: readonly number[],
  numbers: readonly number[],
  nextEntry: number,
): NumberSet {
  const wanted = new NumberSet(numbers);
  let found = 0;
  for (const it of order) if (wanted.has(it)) found++;
  if (found === wanted.size) return wanted;
  const all = new NumberSet(order);
  for (const it of wanted) if (!all.has(it)) throw missing(it, nextEntry);
  return wanted;
}

function missing(entry: number, nextEntry: number): OndacastError {
  const wasThere = Number.isInteger(entry) && entry > 0 && entry < nextEntry;
  return new OndacastError(
    wasThere ? "stale" : "not-found",
    `Cannot find entry ${entry}: it is not in the queue`,
  );
}
