/**
 * A catalogue's songs in an order, as they were at one time.
 *
 * @module
 */

import type { Texts } from "../ports/library.ts";
import type { Turns } from "../ports/server.ts";
import type { AlbumsAndArtists } from "./albums_and_artists.ts";
import type { SongTable } from "./song_table.ts";
import type { TextArena } from "./text_arena.ts";
import { TextList } from "./text_list.ts";

/** A list of more names is kept without strings. */
const MOST_STRINGS = 1000;

export interface CatalogView {
  readonly table: SongTable;
  readonly rows: Uint32Array;
  albumsAndArtists(): Promise<AlbumsAndArtists>;
  /** The names of rows, in small steps. */
  names(rows: ArrayLike<number> & Iterable<number>): Promise<Texts>;
}

/** The names of rows, in small steps; of many, without a string for each. */
export function listNames(
  names: TextArena,
  rows: ArrayLike<number> & Iterable<number>,
  turns: Turns,
): Promise<Texts> {
  return rows.length > MOST_STRINGS
    ? TextList.of(names, rows, turns)
    : namesOf(names, rows, turns);
}

/** The names of rows, in small steps. */
export async function namesOf(
  names: TextArena,
  rows: Iterable<number>,
  turns: Turns,
): Promise<string[]> {
  const found: string[] = [];
  for (const row of rows) {
    found.push(names.at(row));
    const pause = turns.next();
    if (pause) await pause;
  }
  return found;
}
