/**
 * How long a text is, in the characters that limits of the protocol count.
 *
 * @module
 */

/**
 * Whether a text has `least` to `most` characters: Unicode code points, which every
 * language can count, and not the UTF-16 units that JavaScript does.
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
