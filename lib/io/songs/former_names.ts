/**
 * The present names of songs that were renamed, in the server's database: a queue
 * that was kept names its songs as they were called when they were added.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { systemClock } from "../clock/clock.ts";

/** Former names that are remembered: a folder with all songs may be renamed. */
const MOST_NAMES = 200_000;
/** Those of one song, each of which changes whenever the song is renamed. */
const MOST_OF_ONE = 100;
/** Names per transaction, each of which blocks the event loop. */
const NAMES_AT_ONCE = 50;

/** A former name of a song, and its present one. */
export type Renamed = readonly [from: string, to: string];

export class FormerNames {
  readonly #db: DatabaseSync;
  readonly #get: StatementSync;
  readonly #follow: StatementSync;
  readonly #put: StatementSync;
  readonly #drop: StatementSync;
  readonly #dropOldest: StatementSync;
  readonly #dropOldestOf: StatementSync;

  constructor(db: DatabaseSync, mostNames = MOST_NAMES) {
    this.#db = db;
    db.exec(`
      CREATE TABLE IF NOT EXISTS formerNames (
        place INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, now TEXT NOT NULL
      );
      CREATE INDEX IF NOT EXISTS formerNamesOf ON formerNames (now);
    `);
    this.#get = db.prepare("SELECT now FROM formerNames WHERE name = ?");
    this.#follow = db.prepare("UPDATE formerNames SET now = ? WHERE now = ?");
    // At a new place, behind all others.
    this.#put = db.prepare(
      "INSERT OR REPLACE INTO formerNames (name, now) VALUES (?, ?)",
    );
    this.#drop = db.prepare("DELETE FROM formerNames WHERE name = ?");
    // Places rise by one: there are at most as many names as places.
    this.#dropOldest = db.prepare(
      `DELETE FROM formerNames
       WHERE place <= (SELECT max(place) FROM formerNames) - ${mostNames}`,
    );
    this.#dropOldestOf = db.prepare(
      `DELETE FROM formerNames WHERE now = ?1 AND place <= (
         SELECT place FROM formerNames WHERE now = ?1
         ORDER BY place DESC LIMIT 1 OFFSET ${MOST_OF_ONE})`,
    );
  }

  /**
   * Songs have other names. The oldest former names may be forgotten. Does nothing
   * if the database cannot be written, as the index says once.
   */
  async note(renamed: readonly Renamed[]): Promise<void> {
    for (let i = 0; i < renamed.length; i += NAMES_AT_ONCE) {
      if (i > 0) await systemClock.sleep(0);
      this.#note(renamed.slice(i, i + NAMES_AT_ONCE));
    }
  }

  #note(renamed: readonly Renamed[]): void {
    try {
      this.#db.exec("BEGIN");
      for (const [from, to] of renamed) {
        this.#follow.run(to, from);
        this.#put.run(from, to);
        this.#drop.run(to); // It is the name of a song again.
        this.#dropOldestOf.run(to);
      }
      this.#dropOldest.run();
      this.#db.exec("COMMIT");
    } catch {
      try {
        this.#db.exec("ROLLBACK");
      } catch {
        // Already rolled back by the failure, or never begun.
      }
    }
  }

  /** The present name of a song; the same one if no song had it. */
  presentName(name: string): string {
    return String(this.#get.get(name)?.now ?? name);
  }
}
