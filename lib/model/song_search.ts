/**
 * Tests whether rows of a catalogue match a query.
 *
 * @module
 */

import type { SongQuery } from "../ports/library.ts";
import { foldTag, foldText } from "./natural_order.ts";
import type { SongTable } from "./song_table.ts";
import { tagValues } from "./tags.ts";
import { encodeText } from "./text_arena.ts";
import { TextPattern } from "./text_pattern.ts";

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
export type RowTest = (row: number, steps: Steps) => boolean;

/** The steps of testing a row. */
export interface Steps {
  count: number;
}

/** Searching 64 characters takes about as long as starting to search a word. */
const STEP_BITS = 6;

/**
 * Makes a test of rows from a query.
 *
 * @param album The number of the album that the query names.
 */
export function isRowOf(
  table: SongTable,
  { match = "", artist, genre, folder }: SongQuery,
  album?: number,
): RowTest {
  const begin = encodeText(folder === undefined ? "" : folderStart(folder));
  const { texts } = table.shared;
  const hasArtist = artist === undefined ? null : hasValue(texts, artist);
  const hasGenre = genre === undefined ? null : hasValue(texts, genre);
  // The text of a row contains the values of its tags, and is quick to search.
  const values = [artist, genre].filter((value) => value !== undefined);
  const words = [...values.map(foldTag), ...searchWords(match)]
    .filter((word) => word !== "")
    .map((word) => new TextPattern(encodeText(word)));
  let tested = 0;
  const has = (word: TextPattern) => table.texts.includes(tested, word);
  return (row, steps) => {
    if (album !== undefined && table.album(row) !== album) return false;
    if (begin.length > 0 && !table.texts.startsWith(row, begin)) return false;
    const length = table.texts.lengthAt(row);
    tested = row;
    return hasAll(words, has, length, steps) &&
      (!hasArtist || hasArtist(table.number(row, "artist"), steps) ||
        hasArtist(table.number(row, "albumArtist"), steps)) &&
      (!hasGenre || hasGenre(table.number(row, "genre"), steps));
  };
}

/** Whether a folded text has all words; counts the steps. */
export function hasWords(text: string, words: string[], steps: Steps): boolean {
  return hasAll(words, (word) => text.includes(word), text.length, steps);
}

/**
 * Whether a text of some length has all words. A word that it lacks comes first
 * from then on, because most texts lack the same ones.
 */
function hasAll<Word>(
  words: Word[],
  has: (word: Word) => boolean,
  length: number,
  steps: Steps,
): boolean {
  const perWord = 1 + (length >> STEP_BITS);
  for (let i = 0; i < words.length; i++) {
    steps.count += perWord;
    if (has(words[i])) continue;
    [words[0], words[i]] = [words[i], words[0]];
    return false;
  }
  return true;
}

/** The start of the folded names of all songs in a folder. */
function folderStart(folder: string): string {
  const folded = foldText(folder).replace(/^\/|\/$/g, "");
  return folded === "" ? "" : `${folded}/`;
}

/** Tests whether a tag has a value, folded; each text is split only once. */
function hasValue(
  texts: readonly string[],
  value: string,
): (text: number, steps: Steps) => boolean {
  const wanted = foldTag(value);
  const known = new Map<number, boolean>();
  return (number, steps) => {
    let has = known.get(number);
    if (has === undefined) {
      const text = texts[number];
      steps.count += text.length;
      has = foldTag(text) === wanted ||
        tagValues(text).some((one) => foldTag(one) === wanted);
      known.set(number, has);
    }
    return has;
  };
}
