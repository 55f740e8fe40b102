/**
 * Finds out which songs of a catalogue are still there.
 *
 * @module
 */

import type { Turns } from "../ports/server.ts";
import { firstIndex } from "./binary_search.ts";
import { encodeText, type TextArena } from "./text_arena.ts";

/** The index of the first row whose name does not come before one. */
export function placeOfName(
  names: TextArena,
  rows: Uint32Array,
  name: string,
): number {
  const bytes = encodeText(name);
  return firstIndex(rows, (row) => names.compareTo(row, bytes) >= 0);
}

/** The songs of a catalogue as it was, and which of them are still there. */
export class RollCall {
  readonly #names: TextArena;
  readonly #rows: Uint32Array;
  readonly #areHere: Uint8Array;

  /** @param rows By name. */
  constructor(names: TextArena, rows: Uint32Array) {
    this.#names = names;
    this.#rows = rows;
    this.#areHere = new Uint8Array(rows.length);
  }

  here(name: string): void {
    const place = placeOfName(this.#names, this.#rows, name);
    const row = this.#rows[place];
    if (row !== undefined && this.#names.at(row) === name) {
      this.#areHere[place] = 1;
    }
  }

  /** The names of all others, in small steps. */
  async absent(turns: Turns): Promise<string[]> {
    const names: string[] = [];
    for (const [place, isHere] of this.#areHere.entries()) {
      if (!isHere) names.push(this.#names.at(this.#rows[place]));
      const pause = turns.next();
      if (pause) await pause;
    }
    return names;
  }
}
