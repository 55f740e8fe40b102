/**
 * Searching rows of a catalogue for words, in small steps.
 *
 * @module
 */

import type { SongPage, Turns } from "../ports/server.ts";
import type { Row } from "./catalog_rows.ts";
import { foldText } from "./natural_order.ts";

/**
 * The words of a text, folded, the longest first: it is in the fewest names.
 * What is in another word is left out, as a name with that one has it too.
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
  // All kept ones in one text, as looking through it is quicker by far than
  // through hundreds of texts, and no word has a blank.
  let longer = "";
  for (const word of words) {
    if (longer.includes(word)) continue;
    kept.push(word);
    longer += ` ${word}`;
  }
  return kept;
}

/** Characters of a name that are searched as quickly as one word is begun. */
const STEP_CHARACTERS = 64;

/**
 * The first rows from one on whose names have all of some words.
 *
 * @param isOver Whether nobody waits for it any more.
 */
export async function searchRows<T>(
  rows: readonly Row<T>[],
  { first, words, limit }: { first: number; words: string[]; limit: number },
  turns: Turns,
  isOver: () => boolean,
): Promise<SongPage<T> & { compared: number }> {
  const found: T[] = [];
  let compared = 0;
  // One more than is wanted tells that there is more.
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
