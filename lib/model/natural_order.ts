/**
 * The order in which people look for names, and the form in which they search
 * them: accents and case do not count, and 2 comes before 10.
 *
 * @module
 */

import { nameKey } from "./song_name.ts";

/** Characters that folding only lower-cases: those of most names. */
const PLAIN = /^[ -~]*$/;
const MARKS = /\p{M}+/gu;
const DIGITS = /[0-9]+/g;

/**
 * A text without accents and case, for searching and sorting: its
 * compatibility decomposition (NFKD, Unicode Standard Annex 15) without marks,
 * case folded.
 *
 * @example
 * ```ts
 * import { foldText } from "./natural_order.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(foldText("Café ＺＯË"), "cafe zoe");
 * ```
 */
export function foldText(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase();
  return withoutMarks(nameKey(withoutMarks(text)));
}

/**
 * A key by which `<` has the natural order: the folded text, in which a run of
 * digits counts by its value, however long it is.
 */
export function naturalKey(text: string): string {
  return foldText(text).replace(DIGITS, digitsKey);
}

/**
 * Compares two texts in natural order; those that it takes for the same, by
 * UTF-16 code units. So only equal texts are equal.
 *
 * @returns Negative if `a` comes first, positive if `b` does.
 *
 * @example
 * ```ts
 * import { compareNatural } from "./natural_order.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(["10 b", "2 a", "Ébène", "eb"].sort(compareNatural), [
 *   "2 a",
 *   "10 b",
 *   "eb",
 *   "Ébène",
 * ]);
 * ```
 */
export function compareNatural(a: string, b: string): number {
  return compare(naturalKey(a), naturalKey(b)) || compare(a, b);
}

/** A copy in natural order of a text of each item, whose keys are made once. */
export function sortNaturally<T>(
  items: Iterable<T>,
  textOf: (item: T) => string,
): T[] {
  return Array.from(items, (item) => {
    const text = textOf(item);
    return { item, text, key: naturalKey(text) };
  })
    .sort((a, b) => compare(a.key, b.key) || compare(a.text, b.text))
    .map(({ item }) => item);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function withoutMarks(text: string): string {
  // Before, too: bringing marks into their order takes the square of how many
  // there are in a row.
  return text.replace(MARKS, "").normalize("NFKD").replace(MARKS, "");
}

/** A digit first, so that numbers keep their place among other characters; then the length. */
function digitsKey(digits: string): string {
  const value = digits.replace(/^0+/, "");
  const { length } = value;
  return "0" + String.fromCharCode(length >>> 15, length & 0x7fff) + value;
}
