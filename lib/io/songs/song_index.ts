/**
 * The table of songs in the server's database: all that is known of each. The
 * catalogue keeps only what it compares, and reads songs from here. It saves
 * reading files again at each start, and preserves each song's `etag`.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type Forms, formsOf, parseForms } from "../../model/song_table.ts";
import { systemClock } from "../clock/clock.ts";
import { LOOK_STEPS, turns } from "../clock/shared_turns.ts";
import type { KnownSong } from "./known_song.ts";
import { FormerNames } from "./former_names.ts";
import { OrderTable } from "./order_table.ts";
import {
  COLUMN_NAMES,
  COLUMNS,
  GONE,
  knownSong,
  READ_NAMES,
  rowOf,
  type Value,
} from "./song_row.ts";

/** How long missing songs are remembered, for disks that are detached for a while. */
const REMEMBER_MS = 30 * 24 * 3_600_000;
/** Rows per transaction, each of which blocks the event loop. */
const ROWS_AT_ONCE = 50;

export class SongIndex {
  readonly orders: OrderTable;
  readonly formerNames: FormerNames;
  readonly #db: DatabaseSync;
  readonly #mostMissing: number;
  readonly #failed: (error: Error) => void;
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #leave: StatementSync;
  readonly #forget: StatementSync;
  readonly #unprobed: StatementSync;
  /** Songs that could not be written. */
  readonly #unsaved = new Map<string, KnownSong>();
  /** Missing songs still remembered; one that has returned may still count. */
  #missing = 0;
  #saidFailed = false;
  #isNew: boolean;

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
    makeTables(db);
    this.#isNew = db.prepare("SELECT 1 FROM scanned").get() === undefined;
    db.exec(`
      CREATE INDEX IF NOT EXISTS gone ON songs (goneMs) WHERE goneMs IS NOT NULL;
      CREATE INDEX IF NOT EXISTS unprobed ON songs (name) WHERE ${UNPROBED};
    `);
    this.orders = new OrderTable(db);
    this.formerNames = new FormerNames(db);
    this.#get = this.#select(READ_NAMES, "WHERE name = ?");
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
    this.#unprobed = this.#select(
      READ_NAMES,
      // SQLite would look through all songs.
      `INDEXED BY unprobed WHERE ${UNPROBED} AND name > ? ORDER BY name LIMIT ${ROWS_AT_ONCE}`,
    );
  }

  /** Whether all songs are written. */
  get isSaved(): boolean {
    return this.#unsaved.size === 0;
  }

  /** Whether no scan has ever ended. */
  get isNew(): boolean {
    return this.#isNew;
  }

  /**
   * Loads the forms of all songs present at the last write, by name, and forgets
   * long-missing ones.
   */
  async *load(nowMs: number): AsyncGenerator<Forms[]> {
    await this.#forgetBefore(nowMs - REMEMBER_MS);
    this.#missing = Number(
      this.#db.prepare(
        "SELECT count(*) AS gone FROM songs WHERE goneMs IS NOT NULL",
      ).get()!.gone,
    );
    const after = this.#select(
      ["name", "forms", "goneMs"],
      `WHERE name > ? ORDER BY name LIMIT ${ROWS_AT_ONCE}`,
    );
    for (let last: Value = ""; last !== null;) {
      const rows = rowsOf(after, last);
      const songs = rows.filter(([, , goneMs]) => goneMs === null)
        .map(([name, forms]) => this.#formsOf(String(name), forms));
      yield songs.filter((song) => song !== undefined);
      last = rows.at(-1)?.[0] ?? null;
      const pause = turns.next(LOOK_STEPS);
      if (pause) await pause;
    }
  }

  /** Undefined if the row is damaged. */
  #formsOf(name: string, forms: Value): Forms | undefined {
    const kept = keptForms(name, forms);
    if (kept) return kept;
    const song = this.get(name);
    return song && formsOf(song);
  }

  async #forgetBefore(ms: number): Promise<void> {
    const some = this.#db.prepare(
      `DELETE FROM songs WHERE name IN (
         SELECT name FROM songs WHERE goneMs < ? LIMIT ${ROWS_AT_ONCE})`,
    );
    for (let left = true; left;) {
      left = false;
      this.#write([], () => left = some.run(ms).changes > 0);
      const pause = turns.next(LOOK_STEPS);
      if (pause) await pause;
    }
  }

  /** A song by its name, present or missing. */
  get(name: string): KnownSong | undefined {
    const unsaved = this.#unsaved.get(name);
    if (unsaved) return unsaved;
    const row = this.#rowOf(name);
    return row && knownSong(row);
  }

  /** Some songs behind a name whose probes are not known, by name. */
  unprobed(after: string): KnownSong[] {
    return rowsOf(this.#unprobed, after).map(knownSong)
      .filter((song) => song !== undefined);
  }

  put(song: KnownSong): void {
    this.#write([song], () => this.#putRow(song));
  }

  /** Changes a song, unless it is missing or has another content by now. */
  patch({ name, etag }: KnownSong, changes: Partial<KnownSong>): void {
    const now = this.get(name);
    if (now?.etag !== etag || this.#isMissing(name)) return;
    this.put({ ...now, ...changes });
  }

  /** Writes songs of an unfinished scan, in small transactions. */
  async putSome(songs: readonly KnownSong[]): Promise<void> {
    for (let i = 0; i < songs.length; i += ROWS_AT_ONCE) {
      const some = songs.slice(i, i + ROWS_AT_ONCE);
      this.#write(some, () => some.forEach((song) => this.#putRow(song)));
      await systemClock.sleep(0);
    }
  }

  /** Writes the result of a scan, in small transactions. */
  async putAll(
    songs: readonly KnownSong[],
    gone: readonly string[],
    nowMs: number,
  ): Promise<void> {
    await this.putSome(songs);
    for (let i = 0; i < gone.length; i += ROWS_AT_ONCE) {
      this.#write([], () => {
        for (const name of gone.slice(i, i + ROWS_AT_ONCE)) {
          this.#unsaved.delete(name);
          this.#missing += Number(this.#leave.run(nowMs, name).changes);
          if (this.#missing > this.#mostMissing) this.#forgetOne();
        }
      });
      await systemClock.sleep(0);
    }
  }

  /** Notes that a scan has ended, so that further songs are new. */
  scanned(): void {
    if (!this.#isNew) return;
    this.#isNew = false;
    this.#write([], () => this.#db.exec(SCANNED));
  }

  /** Reads rows as arrays, which takes half the time of objects. */
  #select(columns: readonly string[], rest: string): StatementSync {
    const statement = this.#db.prepare(
      `SELECT ${columns} FROM songs ${rest}`,
    );
    // Deno's types lack it.
    (statement as StatementSync & ReturnsArrays).setReturnArrays(true);
    return statement;
  }

  #isMissing(name: string): boolean {
    return (this.#rowOf(name)?.[GONE] ?? null) !== null;
  }

  #rowOf(name: string): Value[] | undefined {
    return this.#get.get(name) as unknown as Value[] | undefined;
  }

  #putRow(song: KnownSong): void {
    this.#put.run(...rowOf(song));
  }

  /** Forgets the song that has been missing longest. */
  #forgetOne(): void {
    this.#missing -= Number(this.#forget.run().changes);
  }

  /**
   * Writes in a transaction. After a failure, its songs are kept in memory, and
   * the next start is slower.
   */
  #write(songs: readonly KnownSong[], work: () => void): void {
    try {
      this.#db.exec("BEGIN");
      work();
      this.#db.exec("COMMIT");
      if (this.#unsaved.size === 0) return;
      for (const { name } of songs) this.#unsaved.delete(name);
    } catch (error) {
      this.#rollBack();
      for (const song of songs) this.#unsaved.set(song.name, song);
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

/** Songs whose files were never probed. */
const UNPROBED = "probe IS NULL AND format IS NOT NULL AND goneMs IS NULL";
const SCANNED = "INSERT INTO scanned VALUES (1)";

/** The forms of a row; undefined if they are damaged or of another revision. */
function keptForms(name: string, forms: Value): Forms | undefined {
  try {
    return forms === null ? undefined : parseForms(name, String(forms));
  } catch {
    return undefined;
  }
}

function rowsOf(statement: StatementSync, after: Value): Value[][] {
  return statement.all(after) as unknown as Value[][];
}

interface ReturnsArrays {
  setReturnArrays(on: boolean): void;
}

/**
 * Makes the tables, or adds the columns that the one of songs lacks.
 *
 * @throws {Error} If it is another table.
 */
function makeTables(db: DatabaseSync): void {
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
  // An older database was made by a scan.
  const isOld = db.prepare("SELECT 1 FROM songs").get() !== undefined &&
    db.prepare("PRAGMA table_info(scanned)").get() === undefined;
  db.exec("CREATE TABLE IF NOT EXISTS scanned (once INTEGER)");
  if (isOld) db.exec(SCANNED);
}
