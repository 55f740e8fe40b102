/**
 * The rows of a catalogue: songs with their folded names, and the sort orders of
 * lists.
 *
 * @module
 */

import type { SongQuery, Turns } from "../ports/server.ts";
import { foldText, naturalKey } from "./natural_order.ts";
import { MAX_NAME_BYTES, nameKey } from "./song_name.ts";
import { sortInTurns } from "./sort_in_turns.ts";

/** Anything identified by a song's name. */
export interface Named {
  readonly name: string;
}

/** A song with the forms of its name that are compared. */
export interface Row<T> {
  readonly song: T;
  readonly key: string;
  readonly folded: string;
  /** Computed at the first natural sort. */
  natural?: string;
}

/** What it takes to make a form of a name, in steps of `Turns`: some 15 us. */
export const FORM_STEPS = 8;

export function rowOf<T extends Named>(song: T): Row<T> {
  const key = nameKey(song.name);
  const folded = foldText(song.name);
  // Usually equal; then only one string is kept in memory.
  return { song, key, folded: folded === key ? key : folded };
}

/** Compares rows by name, in UTF-16 code units. */
export function byRowName<T extends Named>(a: Row<T>, b: Row<T>): number {
  return compare(a.song.name, b.song.name);
}

/** Sorts rows, which are already sorted by name, in natural order. */
export async function sortRowsNaturally<T extends Named>(
  rows: readonly Row<T>[],
  turns: Turns,
): Promise<Row<T>[]> {
  for (const row of rows) {
    row.natural ??= naturalKey(row.song.name);
    const pause = turns.next(FORM_STEPS);
    if (pause) await pause;
  }
  // The sort is stable, so rows with equal keys stay sorted by name.
  return sortInTurns(rows, (a, b) => compare(a.natural!, b.natural!), turns);
}

/** Whether a row sorts behind a name, which need not exist. */
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
 * Cuts a text to the length of the longest song name. Folding 64 KiB would block
 * the event loop for too long.
 */
function asLongAsName(text: string): string {
  return text.slice(0, new TextEncoder().encodeInto(text, LONGEST_NAME).read);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
