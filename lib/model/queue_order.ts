/**
 * Where entries of a queue are put, and which of them can be played next. An
 * order is the list of their numbers.
 *
 * @module
 */

import type { NumberSet } from "./number_set.ts";

/** Where songs are added. `now` replaces the whole queue. */
export type Place = "now" | "next" | "end";

type Put = (
  into: readonly number[],
  added: readonly number[],
  playing: number | null,
) => readonly number[];

/** Puts new entries into an order, beside the one that plays. */
export const PUT: Record<Place, Put> = {
  now: (_, added) => added,
  next(into, added, playing) {
    const at = playing === null ? 0 : into.indexOf(playing) + 1;
    return into.slice(0, at).concat(added, into.slice(at));
  },
  end: (into, added) => into.concat(added),
};

/**
 * The order with some entries moved to the place before another; without one to
 * the end. The other may be among them.
 *
 * @example
 * ```ts
 * import { movedBefore } from "./queue_order.ts";
 * import { NumberSet } from "./number_set.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(movedBefore([1, 2, 3, 4], new NumberSet([4, 1]), 3), [2, 4, 1, 3]);
 * ```
 */
export function movedBefore(
  order: readonly number[],
  moved: NumberSet,
  before: number | null,
): number[] {
  const at = before === null ? order.length : order.indexOf(before);
  const isKept = (it: number) => !moved.has(it);
  return order.slice(0, at).filter(isKept)
    .concat([...moved], order.slice(at).filter(isKept));
}

/**
 * The first playable entry from an index on; null if there is none.
 *
 * @param wraps Whether the first entry follows the last one.
 */
export function playableFrom(
  order: readonly number[],
  wraps: boolean,
  from: number,
  isPlayable: (entry: number) => boolean,
): number | null {
  const most = wraps ? from + order.length : order.length;
  for (let i = from; i < most; i++) {
    const entry = order[i % order.length];
    if (isPlayable(entry)) return entry;
  }
  return null;
}

/** The last playable entry before an index; null as well before -1. */
export function playableBefore(
  order: readonly number[],
  wraps: boolean,
  index: number,
  isPlayable: (entry: number) => boolean,
): number | null {
  if (index < 0) return null;
  const { length } = order;
  for (let i = index - 1; i >= (wraps ? index - length : 0); i--) {
    const entry = order[(i + length) % length];
    if (isPlayable(entry)) return entry;
  }
  return null;
}
