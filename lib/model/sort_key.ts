/**
 * Sort keys: texts that `<` compares in the wanted order. They are not kept, but
 * made when something is sorted.
 *
 * @module
 */

import type { Turns } from "../ports/server.ts";
import { sortInTurns } from "./sort_in_turns.ts";
import { TextArena } from "./text_arena.ts";

/** Compared by UTF-16 code units. */
export type SortKey = string;

/** The largest magnitude of a number in a key. */
const MOST = 2 ** 52 - 1;

/**
 * Joins keys of which earlier ones count more. None has a character as low as the
 * one between them, except behind a digit, where all keys have it.
 *
 * @example
 * ```ts
 * import { joinKeys } from "./sort_key.ts";
 * import assert from "node:assert/strict";
 *
 * assert.ok(joinKeys("a", 10) < joinKeys("a b", 9));
 * assert.ok(joinKeys("a", -10) < joinKeys("a", 9));
 * ```
 */
export function joinKeys(...keys: (SortKey | number)[]): SortKey {
  return keys.map((key) => typeof key === "string" ? key : numberKey(key))
    .join("\0");
}

/** Of a whole number; infinities are the largest ones. */
function numberKey(number: number): string {
  const whole = Math.min(MOST, Math.max(-MOST, Math.trunc(number)));
  return String(whole + MOST).padStart(16, "0");
}

/** The steps of computing a key, as in `FORM_STEPS`. */
const KEY_STEPS = 16;

/** Sorts in small steps, and computes the key of each item once. */
export async function sortByKey(
  items: Iterable<number>,
  keyOf: (item: number) => SortKey,
  turns: Turns,
): Promise<Uint32Array> {
  const unsorted = Uint32Array.from(items);
  using keys = new TextArena();
  for (const item of unsorted) {
    keys.push(keyOf(item));
    const pause = turns.next(KEY_STEPS);
    if (pause) await pause;
  }
  const places = await sortInTurns(
    unsorted.map((_, place) => place),
    (a, b) => keys.compare(a, b),
    turns,
  );
  return places.map((place) => unsorted[place]);
}

/** The place behind all items of a sorted list whose keys are not above a key. */
export async function placeBehind(
  sorted: Uint32Array,
  key: SortKey,
  keyOf: (item: number) => SortKey,
  from: number,
  turns: Turns,
): Promise<number> {
  let low = from;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keyOf(sorted[middle]) > key) high = middle;
    else low = middle + 1;
    const pause = turns.next(KEY_STEPS);
    if (pause) await pause;
  }
  return low;
}

/**
 * Removes items from a sorted list and adds others, in small steps. Keys are
 * computed only for the added items and those that they are compared with.
 */
export async function changeSorted(
  sorted: Uint32Array,
  added: ArrayLike<number> & Iterable<number>,
  removed: ReadonlySet<number>,
  keyOf: (item: number) => SortKey,
  turns: Turns,
): Promise<Uint32Array> {
  if (added.length === 0 && removed.size === 0) return sorted;
  let kept = sorted;
  if (removed.size > 0) {
    kept = new Uint32Array(sorted.length);
    let count = 0;
    for (const item of sorted) {
      if (!removed.has(item)) kept[count++] = item;
      const pause = turns.next();
      if (pause) await pause;
    }
    kept = kept.slice(0, count);
  }
  const more = await sortByKey(added, keyOf, turns);
  if (kept.length === 0) return more;
  const changed = new Uint32Array(kept.length + more.length);
  let at = 0;
  for (const [i, item] of more.entries()) {
    const place = await placeBehind(kept, keyOf(item), keyOf, at, turns);
    changed.set(kept.subarray(at, place), at + i);
    changed[place + i] = item;
    at = place;
  }
  changed.set(kept.subarray(at), at + more.length);
  return changed;
}
