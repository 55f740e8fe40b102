/**
 * Natural order of names, and folding for search: accents and case are ignored,
 * and 2 sorts before 10.
 *
 * @module
 */

import { nameKey } from "./song_name.ts";

/** ASCII, which folding only lower-cases, covers most names. */
const PLAIN = /^[ -~]*$/;
const MARKS = /\p{M}+/gu;
const DIGITS = /[0-9]+/g;

/**
 * Removes accents and case, for searching and sorting: compatibility
 * decomposition (NFKD, Unicode Standard Annex 15) without combining marks, case
 * folded.
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
  return fold(text, MOST_FOLDED.name);
}

/**
 * The longest folded texts, in UTF-16 units: some characters become 18, so that
 * the longest names would take 50 KB each.
 */
const MOST_FOLDED = { tag: 512, name: 4096 } as const;

/** Folds a tag as {@linkcode foldText} does, and cuts what grows far beyond it. */
export function foldTag(text: string): string {
  return fold(text, MOST_FOLDED.tag);
}

function fold(text: string, most: number): string {
  if (PLAIN.test(text)) return text.toLowerCase();
  return withoutMarks(nameKey(withoutMarks(text).slice(0, most)));
}

/**
 * A key that `<` compares in natural order: the folded text, in which a run of
 * digits of any length is ordered by its value.
 */
export function naturalKey(text: string): string {
  return foldedKey(foldText(text));
}

/** The {@linkcode naturalKey} of a text that is folded already. */
export function foldedKey(folded: string): string {
  return folded.replace(DIGITS, digitsKey);
}

/**
 * Compares two texts in natural order, with ties broken by UTF-16 code units. So
 * only identical texts are equal.
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

/** A copy sorted by a text of each item; each key is computed once. */
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
  // Marks are removed before normalizing as well, because ordering successive
  // marks takes quadratic time.
  return text.replace(MARKS, "").normalize("NFKD").replace(MARKS, "");
}

/** Begins with a digit, so that numbers keep their place among other characters; then the length. */
function digitsKey(digits: string): string {
  const value = digits.replace(/^0+/, "");
  const { length } = value;
  return "0" + String.fromCharCode(length >>> 15, length & 0x7fff) + value;
}
