/**
 * The depth of JSON, found from its bytes before it is parsed.
 *
 * @module
 */

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN, CLOSE] = new TextEncoder()
  .encode('"\\[]{}');

/**
 * Whether objects and lists are nested deeper than `depth`. The result is
 * meaningless for bytes that are not JSON, which the parser refuses.
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
  // Most messages are too short for that, and need no scan.
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
