/**
 * Requests a complete list of a server, page by page, within a bound: a hostile
 * server's list may have no end.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";

/** The limits of a list. */
export interface ListBounds {
  rows: number;
  /** UTF-16 code units of all texts. */
  characters: number;
}

/** How a list is requested. */
export interface ListOptions<T> {
  /** The kind of rows, for errors. */
  what: string;
  bounds: ListBounds;
  /** Requests the page after a cursor; undefined: the first page. */
  ask(after: string | undefined): Promise<ListPage<T>>;
  /** The cursor of a row, of a list whose pages have no `next`. */
  cursor?(row: T): string;
}

/** One page of a list. */
export interface ListPage<T> {
  rows: T[];
  more: boolean;
  /** The cursor of the page that follows. */
  next?: string;
}

/**
 * All rows.
 *
 * @throws {OndacastError} `too-large` beyond the bounds; `bad-message`, if a page
 * is repeated.
 *
 * @example
 * ```ts
 * import { allPages } from "./all_pages.ts";
 * import assert from "node:assert/strict";
 *
 * const rows = await allPages({
 *   what: "letters",
 *   bounds: { rows: 10, characters: 100 },
 *   ask: (after) => Promise.resolve({ rows: after ? ["b"] : ["a"], more: !after }),
 *   cursor: (row) => row,
 * });
 * assert.deepEqual(rows, ["a", "b"]);
 * ```
 */
export async function allPages<T>(options: ListOptions<T>): Promise<T[]> {
  const { what, bounds, ask, cursor } = options;
  const rows: T[] = [];
  const seen = new Set<string>();
  let characters = 0;
  let after: string | undefined;
  while (true) {
    const page = await ask(after);
    for (const row of page.rows) {
      rows.push(row);
      characters += lengthOf(row);
    }
    if (rows.length > bounds.rows || characters > bounds.characters) {
      throw new OndacastError(
        "too-large",
        `Cannot list the ${what}: the server sends more than ${bounds.rows}, or more than ${bounds.characters} characters`,
      );
    }
    if (!page.more || page.rows.length === 0) return rows;
    after = page.next ?? cursor?.(page.rows[page.rows.length - 1]);
    if (after === undefined || seen.has(after)) {
      throw new OndacastError(
        "bad-message",
        `Cannot list the ${what}: the server sends a page again instead of the next one`,
      );
    }
    seen.add(after);
  }
}

/** Characters of all texts in a value. */
function lengthOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 0;
  let length = 0;
  for (const part of Object.values(value)) length += lengthOf(part);
  return length;
}
