/**
 * Finds names in any case and normal form.
 *
 * @module
 */

import { nameKey } from "./song_name.ts";
import type { TextArena } from "./text_arena.ts";

/** Tables, chosen by the upper bits of a hash. */
const TABLES = 256;
const TABLE_SHIFT = 24;
const FIRST_PLACES = 16;
/** A place that was never taken, and one whose row is gone. */
const FREE = 0;
const LEFT = 1;
/** Added to a row, which is a number from 0. */
const ROW = 2;

/**
 * Rows by the keys of their names. There are many hash tables, because each grows
 * at one go: a single one of 200,000 rows would block the event loop.
 */
export class NameKeys {
  readonly #names: TextArena;
  readonly #seed: number;
  readonly #tables = Array.from({ length: TABLES }, () => new HashTable());

  /** @param seed Keeps a client from choosing names that share a hash. */
  constructor(names: TextArena, seed: number) {
    this.#names = names;
    this.#seed = seed;
  }

  /** The rows whose names have a key of `nameKey()`, in no order. */
  rowsOf(key: string): number[] {
    const hash = this.#hash(key);
    return this.#table(hash).rowsOf(hash)
      .filter((row) => this.#keyOf(row) === key);
  }

  add(row: number): void {
    const hash = this.#hash(this.#keyOf(row));
    this.#table(hash).add(row, hash);
  }

  delete(row: number): void {
    const hash = this.#hash(this.#keyOf(row));
    this.#table(hash).delete(row, hash);
  }

  #table(hash: number): HashTable {
    return this.#tables[hash >>> TABLE_SHIFT];
  }

  #keyOf(row: number): string {
    return nameKey(this.#names.at(row));
  }

  /** FNV-1a of UTF-16 code units, whose upper bits are mixed into the lower ones. */
  #hash(key: string): number {
    let hash = this.#seed ^ 0x811c9dc5;
    for (let i = 0; i < key.length; i++) {
      hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
    }
    return (hash ^ hash >>> 15) >>> 0;
  }
}

/** Rows by hash, with linear probing; it keeps hashes instead of keys. */
class HashTable {
  #rows = new Uint32Array(FIRST_PLACES);
  #hashes = new Uint32Array(FIRST_PLACES);
  /** Places that are not free. */
  #taken = 0;

  /** The rows that were added with a hash. */
  rowsOf(hash: number): number[] {
    const rows: number[] = [];
    for (let at = this.#first(hash); this.#rows[at] !== FREE;) {
      const row = this.#rows[at] - ROW;
      if (row >= 0 && this.#hashes[at] === hash) rows.push(row);
      at = this.#next(at);
    }
    return rows;
  }

  add(row: number, hash: number): void {
    if (4 * this.#taken >= 3 * this.#rows.length) this.#rebuild();
    this.#put(row, hash);
  }

  delete(row: number, hash: number): void {
    let at = this.#first(hash);
    while (this.#rows[at] !== row + ROW) {
      if (this.#rows[at] === FREE) return;
      at = this.#next(at);
    }
    this.#rows[at] = LEFT;
  }

  #put(row: number, hash: number): void {
    let at = this.#first(hash);
    while (this.#rows[at] !== FREE) at = this.#next(at);
    this.#rows[at] = row + ROW;
    this.#hashes[at] = hash;
    this.#taken++;
  }

  /** Makes room: places whose rows are gone, and twice as many if those are few. */
  #rebuild(): void {
    const [rows, hashes] = [this.#rows, this.#hashes];
    const count = rows.filter((row) => row >= ROW).length;
    const length = 2 * count > rows.length ? 2 * rows.length : rows.length;
    this.#rows = new Uint32Array(length);
    this.#hashes = new Uint32Array(length);
    this.#taken = 0;
    for (const [at, row] of rows.entries()) {
      if (row >= ROW) this.#put(row - ROW, hashes[at]);
    }
  }

  #first(hash: number): number {
    return hash & (this.#rows.length - 1);
  }

  #next(at: number): number {
    return (at + 1) & (this.#rows.length - 1);
  }
}
