/**
 * Searches the rows of a catalogue for words, in small steps.
 *
 * @module
 */

import type { SongPage, Turns } from "../ports/server.ts";
import type { Row } from "./catalog_rows.ts";
import { foldText } from "./natural_order.ts";

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

/** Searching this many characters takes about as long as starting on a word. */
const STEP_CHARACTERS = 64;

/**
 * Finds up to `limit` rows, starting at index `first`, whose names contain all
 * words.
 *
 * @param isOver Whether the result is no longer needed.
 * @returns `compared`: the cost in steps, as in `Catalog.search()`.
 */
export async function searchRows<T>(
  rows: readonly Row<T>[],
  { first, words, limit }: { first: number; words: string[]; limit: number },
  turns: Turns,
  isOver: () => boolean,
): Promise<SongPage<T> & { compared: number }> {
  const found: T[] = [];
  let compared = 0;
  // One more than the limit, to know whether there are more.
  for (let i = first; i < rows.length && found.length <= limit; i++) {
    const { folded, song } = rows[i];
    const perWord = 1 + Math.floor(folded.length / STEP_CHARACTERS);
    let steps = 1;
    const isFound = words.every((word) => {
      steps += perWord;
      return folded.includes(word);
    });
    if (isFound) found.push(song);
    compared += steps;
    const pause = turns.next(steps);
    if (pause) await pause;
    if (isOver()) break;
  }
  const more = found.length > limit;
  return { rows: more ? found.slice(0, limit) : found, more, compared };
}
