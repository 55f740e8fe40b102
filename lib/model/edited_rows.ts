/**
 * Edits of the rows of a catalogue, which are in the order of their names.
 *
 * @module
 */

import { placeOfName } from "./roll_call.ts";
import type { TextArena } from "./text_arena.ts";

/** Rows after an edit, and those that came in and went out. */
export interface EditedRows {
  rows: Uint32Array;
  added: number[];
  /** Their songs are gone, or have other rows now. */
  gone: number[];
}

/**
 * Puts rows in place of those with their names, and takes others out, in one copy
 * of the list.
 *
 * @param added Sorted by name; of several with one name the last counts.
 * @param gone Names, of songs that may not be there.
 *
 * @example
 * ```ts
 * import { editedRows } from "./edited_rows.ts";
 * import { TextArena } from "./text_arena.ts";
 * import assert from "node:assert/strict";
 *
 * const names = new TextArena();
 * for (const name of ["a", "c", "b", "c"]) names.push(name);
 * assert.deepEqual(editedRows(names, Uint32Array.of(0, 1), [2, 3], ["a"]), {
 *   rows: Uint32Array.of(2, 3),
 *   added: [2, 3],
 *   gone: [0, 1],
 * });
 * ```
 */
export function editedRows(
  names: TextArena,
  before: Uint32Array,
  added: Iterable<number>,
  gone: readonly string[],
): EditedRows {
  const edits = new Map<string, number | null>();
  for (const name of gone) edits.set(name, null);
  for (const row of added) edits.set(names.at(row), row);
  const places = Array.from(edits, ([name, row]) => {
    const at = placeOfName(names, before, name);
    const isThere = at < before.length && names.at(before[at]) === name;
    return { at, row, cut: isThere ? before[at] : null };
  }).filter(({ row, cut }) => row !== null || cut !== null);
  // What goes in front of a row comes before what takes it out.
  places.sort((a, b) =>
    a.at - b.at || Number(a.cut !== null) - Number(b.cut !== null)
  );
  const rows = new Uint32Array(before.length + places.length);
  let from = 0;
  let to = 0;
  for (const { at, row, cut } of places) {
    rows.set(before.subarray(from, at), to);
    to += at - from;
    from = cut === null ? at : at + 1;
    if (row !== null) rows[to++] = row;
  }
  rows.set(before.subarray(from), to);
  return {
    rows: rows.slice(0, to + before.length - from),
    added: places.flatMap(({ row }) => row ?? []),
    gone: places.flatMap(({ cut }) => cut ?? []),
  };
}
