/**
 * Pages of lists of albums and artists.
 *
 * @module
 */

import type { Listed } from "../ports/library.ts";
import type { Turns } from "../ports/server.ts";
import { firstIndex } from "./binary_search.ts";
import type { Steps } from "./song_search.ts";

/** Steps of comparing one album or artist. */
export const ITEM_STEPS = 2;

/** The matching items of a sorted list after a position. */
export async function listed<I>(
  sorted: ArrayLike<I>,
  { isBehind, is, limit, turns, isOver }: {
    isBehind(item: I): boolean;
    /** Tests an item, and counts the steps. */
    is(item: I, steps: Steps): boolean;
    limit: number;
    turns: Turns;
    isOver(): boolean;
  },
): Promise<Listed<I>> {
  const first = firstIndex(sorted, isBehind);
  const rows: I[] = [];
  let total = 0;
  let more = false;
  let compared = 0;
  const steps = { count: 0 };
  for (let i = 0; i < sorted.length; i++) {
    steps.count = ITEM_STEPS;
    const isFound = is(sorted[i], steps);
    compared += steps.count;
    const pause = turns.next(steps.count);
    if (pause) await pause;
    if (isOver()) break;
    if (!isFound) continue;
    total++;
    if (i < first) continue;
    if (rows.length < limit) rows.push(sorted[i]);
    else more = true;
  }
  return { rows, more, total, compared };
}
