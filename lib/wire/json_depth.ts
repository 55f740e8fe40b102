/**
 * How deep JSON is, told from its bytes, before it is parsed and made.
 *
 * @module
 */

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN, CLOSE] = new TextEncoder()
  .encode('"\\[]{}');

/**
 * Whether more objects and lists lie in each other than so many. Of what is no
 * JSON it says something, too; that is for the parser to refuse.
 *
 * @param json UTF-8.
 *
 * @example
 * ```ts
 * import { isDeeper } from "./json_depth.ts";
 * import assert from "node:assert/strict";
 *
 * const json = new TextEncoder().encode('{"a":[1,"[["]}');
 * assert.deepEqual([isDeeper(json, 1), isDeeper(json, 2)], [true, false]);
 * ```
 */
export function isDeeper(json: Uint8Array, depth: number): boolean {
  // Most messages are too short for that, and are not looked through.
  if (json.length <= 2 * depth) return false;
  let open = 0;
  let inText = false;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i];
    if (byte === QUOTE) inText = !inText;
    else if (inText) {
      if (byte === BACKSLASH) i++;
    } else if (byte === OPEN || byte === OPEN_LIST) {
      if (++open > depth) return true;
    } else if (byte === CLOSE || byte === CLOSE_LIST) open--;
  }
  return false;
}
