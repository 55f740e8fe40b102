/**
 * The index of a cache: an SQLite table with a row for each song. Each method is
 * one transaction, so that programs can share it and be killed at any time.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import * as v from "valibot";
import { errorText } from "../../errors.ts";
import { nameKey } from "../../model/song_name.ts";
import type { CachedSong } from "../../ports/client.ts";
import { TO_CLIENT } from "../../wire/to_client.ts";
import { openDatabase } from "../disk/open_database.ts";

/** A commit to the log does not wait for the disk, which would delay playback. */
const LOG = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;";
const SHARED = `PRAGMA busy_timeout = 1000; ${LOG}`;
/** For drives without shared memory, such as network drives. */
const ALONE = `PRAGMA locking_mode = EXCLUSIVE; ${LOG}`;
/** A song has at most one complete row, and one partial row, without a hash. */
const TABLE = `
  BEGIN IMMEDIATE;
  CREATE TABLE IF NOT EXISTS songs (
    file TEXT PRIMARY KEY DEFAULT (lower(hex(randomblob(16)))),
    serverKey TEXT NOT NULL, songKey TEXT NOT NULL,
    server TEXT NOT NULL, song TEXT NOT NULL, etag TEXT NOT NULL,
    bytes INTEGER NOT NULL, format TEXT NOT NULL, sha256 TEXT,
    usedAtMs INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX IF NOT EXISTS songsByName
    ON songs (serverKey, songKey, song, (sha256 IS NULL));
  COMMIT;
`;

/** Metadata of a song, as it must be on the disk. */
export const SONG = {
  server: v.string(),
  song: v.string(),
  etag: v.string(),
  bytes: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  format: TO_CLIENT.start.fields.entries.format,
  sha256: v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
};
const ROW = v.object({
  ...SONG,
  format: v.pipe(v.string(), v.parseJson(), SONG.format),
  usedAtMs: v.number(),
  file: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
});

/** A song of the index. */
export type Row = v.InferOutput<typeof ROW>;
/** A song on the client's disk. */
export type StoredSong = CachedSong & Row;
/** A song to be stored. */
export type Metadata = Pick<CachedSong, "song" | "etag" | "bytes" | "format">;

/** The rows of a cache. All methods throw if the database fails. */
export class CacheIndex {
  /** For the user: that a damaged index was moved aside. */
  readonly note: string | null;
  readonly #db: DatabaseSync;
  readonly #nowMs: () => number;

  constructor(path: string, nowMs: () => number) {
    const open = (pragmas: string) =>
      openDatabase(path, { version: 1, pragmas, setUp });
    const { opened, note } = sharedOr(
      () => open(SHARED),
      () => open(ALONE),
    );
    this.#db = opened;
    this.note = note;
    this.#nowMs = nowMs;
  }

  /** All rows by server and song, the complete one of a song first. */
  rows(): Row[] {
    return select(this.#db, "TRUE ORDER BY server, song, sha256 IS NULL");
  }

  /** Rows whose songs differ at most in case or normal form, complete ones first. */
  named(server: string, song: string): Row[] {
    const where = "serverKey = ? AND songKey = ? ORDER BY sha256 IS NULL";
    return select(this.#db, where, nameKey(server), nameKey(song));
  }

  /** The song's partial row, which is added if there is none. */
  begin(server: string, song: Metadata, usedAtMs = this.#nowMs()): Row {
    const statement = this.#db.prepare(`
      INSERT INTO songs
        (serverKey, songKey, server, song, etag, bytes, format, usedAtMs)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (serverKey, songKey, song, (sha256 IS NULL))
      DO UPDATE SET usedAtMs = excluded.usedAtMs RETURNING *`);
    const row = statement.get(
      ...[nameKey(server), nameKey(song.song), server, song.song, song.etag],
      ...[song.bytes, JSON.stringify(song.format), usedAtMs],
    );
    return v.parse(ROW, row);
  }

  /**
   * Makes a partial row the song's complete one.
   *
   * @returns Also the row that it replaced, if any.
   * @throws {Error} Also if it was removed.
   */
  publish(
    partial: Row,
    sha256: string,
    usedAtMs = this.#nowMs(),
  ): { row: Row; replaced: Row | undefined } {
    const { server, song, file } = partial;
    const replaced = this.named(server, song)
      .find((row) => row.song === song && row.sha256 !== null);
    const isDone = this.#change(
      "UPDATE OR REPLACE songs SET sha256 = ?, usedAtMs = ? WHERE file = ?",
      ...[sha256, usedAtMs, file],
    );
    if (!isDone) throw new Error("it was removed from the cache");
    return { row: { ...partial, sha256, usedAtMs }, replaced };
  }

  use({ file }: Row): void {
    const sql = "UPDATE songs SET usedAtMs = ? WHERE file = ?";
    this.#change(sql, this.#nowMs(), file);
  }

  /** @returns False if it was published or removed meanwhile. */
  remove({ file, sha256 }: Row): boolean {
    const sql = "DELETE FROM songs WHERE file = ? AND sha256 IS ?";
    return this.#change(sql, file, sha256);
  }

  close(): void {
    this.#db.close();
  }

  #change(sql: string, ...values: (string | number | null)[]): boolean {
    return this.#db.prepare(sql).run(...values).changes > 0;
  }
}

function setUp(db: DatabaseSync): DatabaseSync {
  db.exec(TABLE);
  select(db, "TRUE"); // Throws if this program did not write them.
  return db;
}

function select(db: DatabaseSync, where: string, ...values: string[]): Row[] {
  return db.prepare(`SELECT * FROM songs WHERE ${where}`)
    .all(...values).map((row) => v.parse(ROW, row));
}

/** Whether another program has a database at this moment. */
export function isLocked(error: unknown): boolean {
  return errorText(error).includes("database is locked");
}

/** Opens it alone only where it cannot be shared, not where others share it. */
function sharedOr<T>(shared: () => T, alone: () => T): T {
  try {
    return shared();
  } catch (error) {
    if (isLocked(error)) throw error;
    return alone();
  }
}

/** The result of the first that does not fail. */
export function orElse<T>(work: () => T, otherwise: () => T): T {
  try {
    return work();
  } catch {
    return otherwise();
  }
}
