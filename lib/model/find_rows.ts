/**
 * Finds the rows of a catalogue that pass a test, in small steps.
 *
 * @module
 */

import type { Found } from "../ports/library.ts";
import type { Turns } from "../ports/server.ts";
import type { RowTest, Steps } from "./song_search.ts";

/** Rows that were found; see {@linkcode Found}. */
export type FoundRows = Found<number>;

export interface Sought {
  /** Index of the first row that is tested. */
  first: number;
  is: RowTest;
  /** Rows that are wanted at most. */
  limit: number;
  /** The number of rows in the table. */
  size: number;
}

/** Rows that are tested in their order before all are, as they are in memory. */
const TESTED_IN_ORDER = 2048;
/** Testing a row in memory's order takes this part of the time in another one. */
const QUICKER_BY = 4;
/** Steps that are taken before others may have a turn. */
const STEPS_AT_ONCE = 32;
/** Rows that are looked up in one step, of which it is known whether they pass. */
const KNOWN_EACH = 16;

/**
 * Finds up to `limit` rows, starting at index `first`, that pass a test. Few in an
 * order are tested there. Many are tested in the order in which the table has them:
 * in another order, the processor would wait for nearly each.
 *
 * @param isOver Whether the result is no longer needed.
 */
export async function findRows(
  rows: Uint32Array,
  { first, is, limit, size }: Sought,
  turns: Turns,
  isOver: () => boolean = () => false,
): Promise<FoundRows> {
  const found: number[] = [];
  let compared = 0;
  /** Goes through rows, and takes as many at once as a few steps allow. */
  const through = async (
    [next, end]: [next: number, end: number],
    take: (next: number, end: number, steps: Steps) => number,
  ): Promise<number> => {
    const steps = { count: 0 };
    // One more than the limit, to know whether there are more.
    while (next < end && found.length <= limit && !isOver()) {
      steps.count = 0;
      next = take(next, end, steps);
      const pause = turns.next(steps.count);
      if (pause) await pause;
    }
    return next;
  };
  const isLong = (rows.length - first - TESTED_IN_ORDER) * QUICKER_BY > size;
  const inOrder = isLong ? first + TESTED_IN_ORDER : rows.length;
  const next = await through([first, inOrder], (at, end, steps) => {
    const most = limit + 1 - found.length;
    let passed = 0;
    while (at < end && steps.count < STEPS_AT_ONCE && passed < most) {
      const row = rows[at++];
      steps.count++;
      if (!is(row, steps)) continue;
      found.push(row);
      passed++;
    }
    compared += steps.count;
    return at;
  });
  if (next < rows.length && found.length <= limit) {
    const passed = new Uint8Array(size);
    await through([0, size], (row, end, steps) => {
      for (; row < end && steps.count < STEPS_AT_ONCE; row++) {
        steps.count++;
        if (is(row, steps)) passed[row] = 1;
      }
      compared += steps.count;
      return row;
    });
    await through([next, rows.length], (at, end, steps) => {
      steps.count = 1;
      const last = Math.min(end, at + KNOWN_EACH);
      for (; at < last; at++) if (passed[rows[at]] === 1) found.push(rows[at]);
      return at;
    });
  }
  const more = found.length > limit;
  return { rows: more ? found.slice(0, limit) : found, more, compared };
}
