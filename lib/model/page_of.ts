/**
 * Cuts lists into pages.
 *
 * @module
 */

import type { Page } from "../ports/library.ts";

/**
 * Up to `limit` items of a list from an index on.
 *
 * @example
 * ```ts
 * import { pageOf } from "./page_of.ts";
 * import assert from "node:assert/strict";
 *
 * const page = { rows: ["b"], more: true, total: 3 };
 * assert.deepEqual(pageOf(["a", "b", "c"], 1, 1), page);
 * ```
 */
export function pageOf<T>(
  list: { readonly length: number; slice(start: number, end: number): T[] },
  first: number,
  limit: number,
): Page<T> {
  const rows = list.slice(first, first + limit);
  return { rows, more: first + rows.length < list.length, total: list.length };
}
