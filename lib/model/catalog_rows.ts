/**
 * The rows of a catalogue: a table of songs with all that they are found by.
 *
 * @module
 */

import type { Turns } from "../ports/server.ts";
import { editedRows } from "./edited_rows.ts";
import type { KeptOrders } from "./kept_orders.ts";
import { Library } from "./library.ts";
import { NameKeys } from "./name_keys.ts";
import { placeOfName } from "./roll_call.ts";
import { type Forms, SongTable } from "./song_table.ts";

/** Rows of former songs beside which the table is made anew. */
const MOST_FORMER = 4096;

/**
 * Songs as rows of a {@linkcode SongTable}, each name once. A row that is replaced
 * or deleted stays in the table until that is made anew.
 */
export class CatalogRows {
  readonly #seed: number;
  #table = new SongTable();
  #all: Uint32Array = new Uint32Array();
  #keys: NameKeys;
  #library = new Library(this.#table);

  /** @param seed A random number, against names that are chosen to slow it down. */
  constructor(seed: number) {
    this.#seed = seed;
    this.#keys = new NameKeys(this.#table.names, seed);
  }

  get table(): SongTable {
    return this.#table;
  }

  /** By name. Replaced at each change, so that a running search keeps its own. */
  get all(): Uint32Array {
    return this.#all;
  }

  get keys(): NameKeys {
    return this.#keys;
  }

  get library(): Library {
    return this.#library;
  }

  byName = (a: number, b: number): number => this.#table.names.compare(a, b);

  /** The row of the song with exactly this name. */
  rowOf(name: string): number | undefined {
    const { names } = this.#table;
    const row = this.#all[placeOfName(names, this.#all, name)];
    return row !== undefined && names.at(row) === name ? row : undefined;
  }

  /**
   * Adds a song to the table, but not yet to the rows.
   *
   * @returns Its row; null if the rows have it as it is.
   */
  add(forms: Forms): number | null {
    const known = this.rowOf(forms.name);
    const isSame = known !== undefined && this.#table.has(known, forms);
    return isSame ? null : this.#table.add(forms);
  }

  /** Puts rows, which are sorted by name, in place of those with their names. */
  commit(added: Iterable<number>, gone: readonly string[]): void {
    const { names } = this.#table;
    const edited = editedRows(names, this.#all, added, gone);
    if (edited.added.length + edited.gone.length === 0) return;
    for (const row of edited.gone) this.#keys.delete(row);
    for (const row of edited.added) this.#keys.add(row);
    this.#all = edited.rows;
  }

  /**
   * Fills it, while it is empty, with songs by name.
   *
   * @returns Whether all orders are there and fit.
   */
  async fill(
    songs: AsyncIterable<readonly Forms[]>,
    orders: KeptOrders,
  ): Promise<boolean> {
    for await (const some of songs) {
      for (const forms of some) this.#keys.add(this.#table.add(forms));
    }
    this.#all = new Uint32Array(this.#table.size).map((_, i) => i);
    return this.#library.take(this.#all, orders);
  }

  /** Makes the table anew, in small steps, if most of it are former songs. */
  async forgetFormer(turns: Turns): Promise<void> {
    const [before, rows] = [this.#table, this.#all];
    if (before.size <= 2 * rows.length + MOST_FORMER) return;
    const table = new SongTable();
    const keys = new NameKeys(table.names, this.#seed);
    for (const row of rows) {
      keys.add(table.add(before.forms(row)));
      const pause = turns.next(2);
      if (pause) await pause;
    }
    if (rows !== this.#all) return; // The next change tries again.
    this.#table = table;
    this.#keys = keys;
    this.#all = rows.map((_, place) => place);
    this.#library = new Library(table);
  }
}
