/**
 * The rows of a catalogue: songs with the forms of their names, in the orders
 * that lists have.
 *
 * @module
 */

import type { SongQuery, Turns } from "../ports/server.ts";
import { foldText, naturalKey } from "./natural_order.ts";
import { MAX_NAME_BYTES, nameKey } from "./song_name.ts";
import { sortInTurns } from "./sort_in_turns.ts";

/** Whatever has a song's name. */
export interface Named {
  readonly name: string;
}

/** A song, and the forms of its name that are compared. */
export interface Row<T> {
  readonly song: T;
  readonly key: string;
  readonly folded: string;
  /** Made when it is first sorted by. */
  natural?: string;
}

/** A row of a song. */
export function rowOf<T extends Named>(song: T): Row<T> {
  const key = nameKey(song.name);
  const folded = foldText(song.name);
  // Mostly the same: then it is kept once.
  return { song, key, folded: folded === key ? key : folded };
}

/** The order of rows by name: by UTF-16 code units, as `<` has it. */
export function byRowName<T extends Named>(a: Row<T>, b: Row<T>): number {
  return compare(a.song.name, b.song.name);
}

/** Rows that are sorted by name, in natural order. */
export async function sortRowsNaturally<T extends Named>(
  rows: readonly Row<T>[],
  turns: Turns,
): Promise<Row<T>[]> {
  for (const row of rows) {
    row.natural ??= naturalKey(row.song.name);
    const pause = turns.next();
    if (pause) await pause;
  }
  // By name already, and equal ones keep that order.
  return sortInTurns(rows, (a, b) => compare(a.natural!, b.natural!), turns);
}

/** Whether a row comes behind a name, be there a row of it or not. */
export function isBehind(
  after: string,
  sort: SongQuery["sort"],
): (row: Row<Named>) => boolean {
  if (sort === undefined) return ({ song }) => song.name > after;
  const key = naturalKey(asLongAsName(after));
  return ({ natural, song }) =>
    (compare(natural!, key) || compare(song.name, after)) > 0;
}

const LONGEST_NAME = new Uint8Array(MAX_NAME_BYTES);

/**
 * A text up to the length of the longest song's name: folding 64 KiB takes far
 * longer than others may be kept waiting.
 */
function asLongAsName(text: string): string {
  return text.slice(0, new TextEncoder().encodeInto(text, LONGEST_NAME).read);
}

/** The index of the first item of which something is true, as it is of all behind it. */
export function firstAfter<T>(
  sorted: readonly T[],
  is: (item: T) => boolean,
): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (is(sorted[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
