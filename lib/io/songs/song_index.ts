/**
 * The table of songs in the server's database. It saves reading files again at
 * each start, and preserves each song's `etag`.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { systemClock } from "../clock/clock.ts";
import { LOOK_STEPS, turns } from "../clock/shared_turns.ts";
import type { KnownSong } from "./known_song.ts";
import {
  COLUMN_NAMES,
  COLUMNS,
  GONE,
  knownSong,
  rowOf,
  type Value,
} from "./song_row.ts";

/** How long missing songs are remembered, for disks that are detached for a while. */
const REMEMBER_MS = 30 * 24 * 3_600_000;
/** Rows per transaction, each of which blocks the event loop. */
const ROWS_AT_ONCE = 50;

export class SongIndex {
  readonly #db: DatabaseSync;
  readonly #mostMissing: number;
  readonly #failed: (error: Error) => void;
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #leave: StatementSync;
  readonly #forget: StatementSync;
  /** Missing songs still remembered; one that has returned may still count. */
  #missing = 0;
  #saidFailed = false;
  #isNew = false;

  /**
   * @param mostMissing Most missing songs to remember.
   * @param failed Called once, at the first failure to write.
   */
  constructor(
    db: DatabaseSync,
    mostMissing: number,
    failed: (error: Error) => void = () => {},
  ) {
    this.#db = db;
    this.#mostMissing = mostMissing;
    this.#failed = failed;
    makeTable(db);
    db.exec(
      "CREATE INDEX IF NOT EXISTS gone ON songs (goneMs) WHERE goneMs IS NOT NULL",
    );
    this.#get = this.#select("name = ?");
    this.#put = db.prepare(
      `INSERT OR REPLACE INTO songs (${COLUMN_NAMES}) VALUES (${
        COLUMN_NAMES.map(() => "?")
      })`,
    );
    this.#leave = db.prepare("UPDATE songs SET goneMs = ? WHERE name = ?");
    this.#forget = db.prepare(
      `DELETE FROM songs WHERE name = (
         SELECT name FROM songs WHERE goneMs IS NOT NULL ORDER BY goneMs LIMIT 1)`,
    );
  }

  /** Whether it had no songs when it was loaded, and no scan has ended since. */
  get isNew(): boolean {
    return this.#isNew;
  }

  /** Loads all songs present at the last write, and forgets long-missing ones. */
  async load(nowMs: number): Promise<KnownSong[]> {
    await this.#forgetBefore(nowMs - REMEMBER_MS);
    this.#missing = Number(
      this.#db.prepare(
        "SELECT count(*) AS gone FROM songs WHERE goneMs IS NOT NULL",
      ).get()!.gone,
    );
    const after = this.#select(`name > ? ORDER BY name LIMIT ${ROWS_AT_ONCE}`);
    const songs: KnownSong[] = [];
    const texts = new Map<string, string>();
    for (let name: Value = ""; name !== null;) {
      const rows = after.all(name) as unknown as Value[][];
      for (const row of rows) {
        if (row[GONE] !== null) continue;
        const song = knownSong(row, texts);
        if (song) songs.push(song);
      }
      name = rows.at(-1)?.[0] ?? null;
      const pause = turns.next(LOOK_STEPS);
      if (pause) await pause;
    }
    this.#isNew = songs.length === 0;
    return songs;
  }

  async #forgetBefore(ms: number): Promise<void> {
    const some = this.#db.prepare(
      `DELETE FROM songs WHERE name IN (
         SELECT name FROM songs WHERE goneMs < ? LIMIT ${ROWS_AT_ONCE})`,
    );
    for (let left = true; left;) {
      left = false;
      this.#write(() => left = some.run(ms).changes > 0);
      const pause = turns.next(LOOK_STEPS);
      if (pause) await pause;
    }
  }

  /** A song by its name, present or missing. */
  get(name: string): KnownSong | undefined {
    const row = this.#get.get(name) as unknown as Value[] | undefined;
    return row && knownSong(row, new Map());
  }

  put(song: KnownSong): void {
    this.#write(() => this.#putRow(song));
  }

  /** Writes songs of an unfinished scan, in small transactions. */
  async putSome(songs: readonly KnownSong[]): Promise<void> {
    await this.#inSteps(songs, (song) => this.#putRow(song));
  }

  /** Writes the result of a scan, in small transactions. */
  async putAll(
    songs: readonly KnownSong[],
    gone: readonly string[],
    nowMs: number,
  ): Promise<void> {
    this.#isNew = false;
    await this.putSome(songs);
    await this.#inSteps(gone, (name) => {
      this.#missing += Number(this.#leave.run(nowMs, name).changes);
      if (this.#missing > this.#mostMissing) this.#forgetOne();
    });
  }

  /** Reads rows as arrays, which takes half the time of objects. */
  #select(where: string): StatementSync {
    const statement = this.#db.prepare(
      `SELECT ${COLUMN_NAMES} FROM songs WHERE ${where}`,
    );
    // Deno's types lack it.
    (statement as StatementSync & ReturnsArrays).setReturnArrays(true);
    return statement;
  }

  async #inSteps<T>(
    rows: readonly T[],
    write: (row: T) => void,
  ): Promise<void> {
    for (let i = 0; i < rows.length; i += ROWS_AT_ONCE) {
      this.#write(() => rows.slice(i, i + ROWS_AT_ONCE).forEach(write));
      await systemClock.sleep(0);
    }
  }

  #putRow(song: KnownSong): void {
    this.#put.run(...rowOf(song));
  }

  /** Forgets the song that has been missing longest. */
  #forgetOne(): void {
    this.#missing -= Number(this.#forget.run().changes);
  }

  /** Writes in a transaction. A failure only makes the next start slower. */
  #write(work: () => void): void {
    try {
      this.#db.exec("BEGIN");
      work();
      this.#db.exec("COMMIT");
    } catch (error) {
      this.#rollBack();
      if (!this.#saidFailed) this.#failed(error as Error);
      this.#saidFailed = true;
    }
  }

  #rollBack(): void {
    try {
      this.#db.exec("ROLLBACK");
    } catch {
      // Already rolled back by the failure, or never begun.
    }
  }
}

interface ReturnsArrays {
  setReturnArrays(on: boolean): void;
}

/**
 * Makes the table, or adds the columns that it lacks.
 *
 * @throws {Error} If it is another table.
 */
function makeTable(db: DatabaseSync): void {
  const columns = Object.entries(COLUMNS).map((column) => column.join(" "));
  db.exec(
    `CREATE TABLE IF NOT EXISTS songs (name TEXT PRIMARY KEY, ${columns}) WITHOUT ROWID`,
  );
  const there = new Set(
    db.prepare("PRAGMA table_info(songs)").all().map(({ name }) => name),
  );
  if (!["name", "bytes", "etag", "stamp"].every((name) => there.has(name))) {
    throw new Error("its table of songs has other columns");
  }
  for (const [name, type] of Object.entries(COLUMNS)) {
    if (!there.has(name)) {
      db.exec(`ALTER TABLE songs ADD COLUMN ${name} ${type}`);
    }
  }
}
