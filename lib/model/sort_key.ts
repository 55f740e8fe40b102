/**
 * Sort keys: lists of texts and numbers, compared one by one.
 *
 * @module
 */

import type { Turns } from "../ports/server.ts";
import { sortInTurns } from "./sort_in_turns.ts";

/** Texts are compared by UTF-16 code units. Both keys have the same types. */
export type SortKey = readonly (string | number)[];

/** @returns Negative if `a` comes first, positive if `b` does. */
export function compareKeys(a: SortKey, b: SortKey): number {
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
  }
  return 0;
}

/** The steps of computing a key, as in `FORM_STEPS`. */
const KEY_STEPS = 16;

/** Sorts in small steps, and computes the key of each item once. */
export async function sortByKey<T>(
  items: readonly T[],
  keyOf: (item: T) => SortKey,
  turns: Turns,
): Promise<T[]> {
  const keyed: { item: T; key: SortKey }[] = [];
  for (const item of items) {
    keyed.push({ item, key: keyOf(item) });
    const pause = turns.next(KEY_STEPS);
    if (pause) await pause;
  }
  const sorted = await sortInTurns(
    keyed,
    (a, b) => compareKeys(a.key, b.key),
    turns,
  );
  return sorted.map(({ item }) => item);
}

/**
 * Removes items from a sorted list and adds others, in small steps. Keys are
 * computed only for the added items and those that they are compared with.
 */
export async function changeSorted<T>(
  sorted: readonly T[],
  added: readonly T[],
  removed: ReadonlySet<T>,
  keyOf: (item: T) => SortKey,
  turns: Turns,
): Promise<readonly T[]> {
  if (added.length === 0 && removed.size === 0) return sorted;
  const kept: T[] = [];
  for (const item of sorted) {
    if (!removed.has(item)) kept.push(item);
    const pause = turns.next();
    if (pause) await pause;
  }
  if (kept.length === 0) return sortByKey(added, keyOf, turns);
  const more = await sortByKey(added, keyOf, turns);
  const places: number[] = [];
  for (const item of more) {
    const key = keyOf(item);
    let low = places.at(-1) ?? 0;
    let high = kept.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareKeys(keyOf(kept[middle]), key) > 0) high = middle;
      else low = middle + 1;
      const pause = turns.next(KEY_STEPS);
      if (pause) await pause;
    }
    places.push(low);
  }
  const changed: T[] = [];
  let at = 0;
  for (const [i, place] of places.entries()) {
    while (at < place) {
      changed.push(kept[at++]);
      const pause = turns.next();
      if (pause) await pause;
    }
    changed.push(more[i]);
  }
  for (; at < kept.length; at++) {
    changed.push(kept[at]);
    const pause = turns.next();
    if (pause) await pause;
  }
  return changed;
}
