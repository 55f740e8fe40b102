/**
 * Names of servers that are one. `NAME:song` reaches a song of one of them.
 *
 * @module
 */

/** Words that begin selections, and so cannot name a server. */
const TAKEN = ["song", "album", "artist", "playlist", "live"];

/** What such a name is made of, for messages. */
export const PLACE_NAME = `1 to 32 of a-z, 0-9 and -, and none of ${
  TAKEN.join(", ")
}`;

/**
 * Whether a text can name a server.
 *
 * @example
 * ```ts
 * import { isPlaceName } from "./place_name.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(isPlaceName("attic-2"), true);
 * assert.equal(isPlaceName("album"), false);
 * ```
 */
export function isPlaceName(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,31}$/.test(text) && !TAKEN.includes(text);
}
