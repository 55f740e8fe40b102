/**
 * Searches the rows of a catalogue, in small steps.
 *
 * @module
 */

import type { Found, SongQuery } from "../ports/library.ts";
import type { Turns } from "../ports/server.ts";
import type { Row, Tagged } from "./catalog_rows.ts";
import { foldTag, foldText } from "./natural_order.ts";
import { tagValues } from "./tags.ts";

/**
 * The folded words of a text, longest first: long words match the fewest names.
 * A word that another one contains is left out because it always matches too.
 *
 * @example
 * ```ts
 * import { searchWords } from "./song_search.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(searchWords(" a Élise für lis A"), ["elise", "fur", "a"]);
 * ```
 */
export function searchWords(text: string): string[] {
  const words = [...new Set(foldText(text).split(/\s+/))]
    .filter((word) => word !== "")
    .sort((a, b) => b.length - a.length);
  const kept: string[] = [];
  // One string of all kept words, because searching it is far quicker than
  // searching hundreds of strings. Words contain no blanks.
  let longer = "";
  for (const word of words) {
    if (longer.includes(word)) continue;
    kept.push(word);
    longer += ` ${word}`;
  }
  return kept;
}

/** Tests whether a row matches, and counts the steps. */
export type RowTest<T> = (row: Row<T>, steps: Steps) => boolean;

/** The steps of testing a row. */
export interface Steps {
  count: number;
}

/** Searching this many characters takes about as long as starting to search a word. */
const STEP_CHARACTERS = 64;

/**
 * Makes a test of rows from a query.
 *
 * @param album The album that the query names, as rows refer to it.
 */
export function isRowOf<T extends Tagged>(
  { match = "", artist, genre, folder }: SongQuery,
  album?: object,
): RowTest<T> {
  const begin = folder === undefined ? "" : folderStart(folder);
  const hasArtist = artist === undefined ? null : hasValue(artist);
  const hasGenre = genre === undefined ? null : hasValue(genre);
  // The text of a row contains the values of its tags, and is quick to search.
  const values = [artist, genre].filter((value) => value !== undefined);
  const words = [...values.map(foldTag), ...searchWords(match)];
  return ({ song: { tags }, text, album: own }, steps) => {
    if (album !== undefined && own !== album) return false;
    if (!text.startsWith(begin)) return false;
    return hasWords(text, words, steps) &&
      (!hasArtist || hasArtist(tags?.artist, steps) ||
        hasArtist(tags?.albumArtist, steps)) &&
      (!hasGenre || hasGenre(tags?.genre, steps));
  };
}

/** Whether a folded text has all words; counts the steps. */
export function hasWords(
  text: string,
  words: readonly string[],
  steps: Steps,
): boolean {
  const perWord = 1 + Math.floor(text.length / STEP_CHARACTERS);
  return words.every((word) => {
    steps.count += perWord;
    return text.includes(word);
  });
}

/** The start of the folded names of all songs in a folder. */
function folderStart(folder: string): string {
  const folded = foldText(folder).replace(/^\/|\/$/g, "");
  return folded === "" ? "" : `${folded}/`;
}

/** Tests whether a field has a value, folded; each text is split only once. */
export function hasValue(
  value: string,
): (field: string | undefined, steps: Steps) => boolean {
  const wanted = foldTag(value);
  const known = new Map<string, boolean>();
  return (field, steps) => {
    if (field === undefined) return false;
    let has = known.get(field);
    if (has === undefined) {
      steps.count += field.length;
      has = foldTag(field) === wanted ||
        tagValues(field).some((one) => foldTag(one) === wanted);
      known.set(field, has);
    }
    return has;
  };
}

/**
 * Finds up to `limit` rows, starting at index `first`, that pass a test.
 *
 * @param isOver Whether the result is no longer needed.
 */
export async function findRows<T, Item>(
  rows: readonly Row<T>[],
  { first, is, limit }: { first: number; is: RowTest<T>; limit: number },
  itemOf: (row: Row<T>) => Item,
  turns: Turns,
  isOver: () => boolean,
): Promise<Found<Item>> {
  const found: Item[] = [];
  const steps = { count: 0 };
  let compared = 0;
  // One more than the limit, to know whether there are more.
  for (let i = first; i < rows.length && found.length <= limit; i++) {
    steps.count = 1;
    if (is(rows[i], steps)) found.push(itemOf(rows[i]));
    compared += steps.count;
    const pause = turns.next(steps.count);
    if (pause) await pause;
    if (isOver()) break;
  }
  const more = found.length > limit;
  return { rows: more ? found.slice(0, limit) : found, more, compared };
}
