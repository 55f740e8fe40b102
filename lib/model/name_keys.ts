/**
 * Finds names in any case and normal form.
 *
 * @module
 */

import { nameKey } from "./song_name.ts";
import type { TextArena } from "./text_arena.ts";

/** Rows by a hash of the keys of their names, which are not kept. */
export class NameKeys {
  readonly #names: TextArena;
  /** Only twins share a hash, and they are rare. */
  readonly #rows = new Map<number, number | number[]>();
  readonly #seed: number;

  /** @param seed Keeps a client from choosing names that share a hash. */
  constructor(names: TextArena, seed: number) {
    this.#names = names;
    this.#seed = seed;
  }

  /** The rows whose names have a key of `nameKey()`, in no order. */
  rowsOf(key: string): number[] {
    const rows = this.#of(this.#hash(key));
    return rows.filter((row) => nameKey(this.#names.at(row)) === key);
  }

  add(row: number): void {
    const hash = this.#hash(nameKey(this.#names.at(row)));
    const rows = this.#of(hash);
    this.#rows.set(hash, rows.length === 0 ? row : [...rows, row]);
  }

  delete(row: number): void {
    const hash = this.#hash(nameKey(this.#names.at(row)));
    const others = this.#of(hash).filter((other) => other !== row);
    if (others.length > 0) this.#rows.set(hash, others);
    else this.#rows.delete(hash);
  }

  #of(hash: number): readonly number[] {
    const rows = this.#rows.get(hash);
    return rows === undefined ? [] : typeof rows === "number" ? [rows] : rows;
  }

  /** FNV-1a of UTF-16 code units, in 31 bits, which a `Map` keeps unboxed. */
  #hash(key: string): number {
    let hash = this.#seed ^ 0x811c9dc5;
    for (let i = 0; i < key.length; i++) {
      hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
    }
    return (hash ^ hash >>> 15) & 0x3fffffff;
  }
}
