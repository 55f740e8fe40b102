/**
 * The devices that have shown the server's token, in its database. Each is
 * stored with a hash that reveals nothing of the token without the device's own
 * id.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { AdmittedDevices } from "../server/token_gate.ts";

const DAY_MS = 86_400_000;
/** How long a device is remembered after its last admission. */
export const KNOWN_MS = 30 * DAY_MS;
/** Most devices remembered; beyond them the least recently seen is dropped. */
export const MOST_KNOWN = 4_096;

/** Admitted devices by key. */
export class AdmittedTable implements AdmittedDevices {
  readonly #now: () => number;
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #dropOld: StatementSync;
  readonly #dropMost: StatementSync;

  /**
   * @param now The wall clock in milliseconds, since the dates outlive the
   * process.
   */
  constructor(db: DatabaseSync, now: () => number = Date.now) {
    this.#now = now;
    db.exec(
      `CREATE TABLE IF NOT EXISTS admitted (key TEXT PRIMARY KEY, proof TEXT, seen INTEGER);
       CREATE INDEX IF NOT EXISTS admitted_seen ON admitted (seen)`,
    );
    this.#get = db.prepare("SELECT proof, seen FROM admitted WHERE key = ?");
    this.#put = db.prepare(
      "INSERT OR REPLACE INTO admitted (key, proof, seen) VALUES (?, ?, ?)",
    );
    this.#dropOld = db.prepare("DELETE FROM admitted WHERE seen < ?");
    this.#dropMost = db.prepare(
      "DELETE FROM admitted WHERE key IN (SELECT key FROM admitted ORDER BY seen DESC LIMIT -1 OFFSET ?)",
    );
  }

  has(key: string, proof: string): boolean {
    const row = this.#rowOf(key);
    if (row === undefined || row.proof !== proof) return false;
    const awayMs = this.#now() - Number(row.seen);
    if (awayMs >= KNOWN_MS) return false;
    // Written once a day, and not at each reconnect.
    if (awayMs >= DAY_MS) this.add(key, proof);
    return true;
  }

  /** The row of a device; undefined also once the database is closed. */
  #rowOf(key: string): Record<string, unknown> | undefined {
    try {
      return this.#get.get(key);
    } catch {
      return undefined;
    }
  }

  add(key: string, proof: string): void {
    const nowMs = this.#now();
    try {
      this.#put.run(key, proof, nowMs);
      this.#dropOld.run(nowMs - KNOWN_MS);
      this.#dropMost.run(MOST_KNOWN);
    } catch {
      // Such as a full disk: the device waits for its turn next time.
    }
  }
}
