/**
 * The length of a text in characters, as the limits of the protocol count them.
 *
 * @module
 */

/**
 * Whether a text has `least` to `most` characters. A character is a Unicode code
 * point, which every language can count, not a UTF-16 unit as in JavaScript.
 *
 * @example
 * ```ts
 * import { isOfCharacters } from "./characters.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal("🎵🎵".length, 4);
 * assert.equal(isOfCharacters("🎵🎵", 1, 2), true);
 * assert.equal(isOfCharacters("🎵🎵🎵", 1, 2), false);
 * ```
 */
export function isOfCharacters(
  text: string,
  least: number,
  most: number,
): boolean {
  // A character is one unit or two, so most texts need not be counted.
  if (text.length > 2 * most) return false;
  if (text.length <= most && text.length >= 2 * least) return true;
  const characters = [...text].length;
  return characters >= least && characters <= most;
}
