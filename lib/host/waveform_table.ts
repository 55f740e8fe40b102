/**
 * Waveforms in the server's database. They can be computed again at any time.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";

/** Most waveforms kept, 12 MB in all; the oldest go first. */
export const MOST_WAVEFORMS = 20_000;

/** Waveforms by song key. */
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

  /** Stores a waveform; a failed write is ignored. */
  put(key: string, peaks: Uint8Array): void {
    try {
      const { lastInsertRowid } = this.#put.run(key, peaks);
      this.#drop.run(Number(lastInsertRowid) - MOST_WAVEFORMS);
    } catch {
      // It is computed again on the next request.
    }
  }
}
