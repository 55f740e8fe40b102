/**
 * Cursors: the texts by which a client continues a list. Each list makes its own.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";

/** Most UTF-16 units of a text in a cursor that are read. */
export const LONGEST_IN_CURSOR = 8192;

/**
 * The fields of a cursor that is a list in JSON; none of any other text.
 *
 * @example
 * ```ts
 * import { cursorFields } from "./cursor.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(cursorFields('["a",1]'), ["a", 1]);
 * assert.deepEqual(cursorFields("a"), []);
 * ```
 */
export function cursorFields(cursor: string): unknown[] {
  try {
    const fields = JSON.parse(cursor);
    return Array.isArray(fields) ? fields : [];
  } catch {
    return [];
  }
}

/** @param page What the cursor is expected to follow. */
export function wrongCursor(page: string): OndacastError {
  return new OndacastError(
    "not-found",
    `Cannot continue the list: \`after\` is not the \`next\` of ${page}`,
  );
}
