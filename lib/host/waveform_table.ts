/**
 * The pictures of songs in the server's database: small, and worth nothing
 * but the time it took to make them.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";

/** Pictures that are kept; beyond them the oldest go. 12 MB in all. */
export const MOST_PICTURES = 20_000;

/** Pictures by the keys of their songs. */
export class WaveformTable {
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #drop: StatementSync;

  constructor(db: DatabaseSync) {
    db.exec(
      "CREATE TABLE IF NOT EXISTS peaks (number INTEGER PRIMARY KEY, key TEXT UNIQUE, peaks BLOB)",
    );
    this.#get = db.prepare("SELECT peaks FROM peaks WHERE key = ?");
    this.#put = db.prepare(
      "INSERT OR REPLACE INTO peaks (key, peaks) VALUES (?, ?)",
    );
    this.#drop = db.prepare("DELETE FROM peaks WHERE number <= ?");
  }

  get(key: string): Uint8Array<ArrayBuffer> | undefined {
    const row = this.#get.get(key);
    return row?.peaks as Uint8Array<ArrayBuffer> | undefined;
  }

  /** Keeps one, where the disk takes it. */
  put(key: string, peaks: Uint8Array): void {
    try {
      const { lastInsertRowid } = this.#put.run(key, peaks);
      this.#drop.run(Number(lastInsertRowid) - MOST_PICTURES);
    } catch {
      // It is made again when it is asked for.
    }
  }
}
