/**
 * The table of songs in the server's database. It saves reading files again at
 * each start, and preserves each song's `etag`.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { HEADER_REVISION } from "../../audio/wav.ts";
import type { SongEntry } from "../../ports/song_entry.ts";
import { systemClock } from "../clock/clock.ts";
import type { SongDecoding } from "../codecs/decoder_jobs.ts";
import { DECODER_REVISION } from "../codecs/decoder_revision.ts";
import { sizeOf } from "./file_stamp.ts";

/** A song with the properties that identify its content. */
export interface KnownSong extends SongEntry {
  /** `stampOf()` the file when its content was last verified. */
  stamp: string;
  /** `probeOf()` the content; absent until computed. */
  probe?: string;
  /** How its file is decoded; absent: it is sent as it is stored. */
  decoding?: SongDecoding;
  /** Whether another revision of the program examined it. */
  isOutdated?: true;
  /** `stampOf()` the file when its tags were read, if later than `stamp`. */
  tagsStamp?: string;
}

/** How long missing songs are remembered, for disks that are detached for a while. */
const REMEMBER_MS = 30 * 24 * 3_600_000;
/** Rows per transaction, each of which blocks the event loop. */
const ROWS_AT_ONCE = 50;

/** The columns beside `name`; those that an older database lacks are added. */
const COLUMNS = {
  bytes: "INTEGER",
  etag: "TEXT",
  stamp: "TEXT",
  probe: "TEXT",
  sha256: "TEXT",
  format: "TEXT",
  problem: "TEXT",
  problemText: "TEXT",
  revision: "INTEGER",
  goneMs: "INTEGER",
  tags: "TEXT",
  tagsStamp: "TEXT",
  hasArt: "INTEGER",
  added: "INTEGER",
  decoding: "TEXT",
  fileSha256: "TEXT",
} as const;

type Value = string | number | null;
type Row = Record<"name" | keyof typeof COLUMNS, Value>;

export class SongIndex {
  readonly #db: DatabaseSync;
  readonly #mostGone: number;
  readonly #failed: (error: Error) => void;
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #leave: StatementSync;
  readonly #forget: StatementSync;
  /** Missing songs still remembered; one that has returned may still count. */
  #gone = 0;
  #saidFailed = false;
  #isNew = false;

  /**
   * @param mostGone Most missing songs to remember.
   * @param failed Called once, at the first failure to write.
   */
  constructor(
    db: DatabaseSync,
    mostGone: number,
    failed: (error: Error) => void = () => {},
  ) {
    this.#db = db;
    this.#mostGone = mostGone;
    this.#failed = failed;
    makeTable(db);
    db.exec(
      "CREATE INDEX IF NOT EXISTS gone ON songs (goneMs) WHERE goneMs IS NOT NULL",
    );
    this.#get = db.prepare("SELECT * FROM songs WHERE name = ?");
    const columns = ["name", ...Object.keys(COLUMNS)];
    this.#put = db.prepare(
      `INSERT OR REPLACE INTO songs (${columns}) VALUES (${
        columns.map(() => "?")
      })`,
    );
    this.#leave = db.prepare("UPDATE songs SET goneMs = ? WHERE name = ?");
    this.#forget = db.prepare(
      `DELETE FROM songs WHERE name = (
         SELECT name FROM songs WHERE goneMs IS NOT NULL ORDER BY goneMs LIMIT 1)`,
    );
  }

  /** Whether it had no songs when it was loaded, and none were written since. */
  get isNew(): boolean {
    return this.#isNew;
  }

  /** Loads all songs present at the last write, and forgets long-missing ones. */
  load(nowMs: number): KnownSong[] {
    this.#write(() =>
      this.#db.prepare("DELETE FROM songs WHERE goneMs < ?").run(
        nowMs - REMEMBER_MS,
      )
    );
    this.#gone = Number(
      this.#db.prepare(
        "SELECT count(*) AS gone FROM songs WHERE goneMs IS NOT NULL",
      ).get()!.gone,
    );
    const rows = this.#db.prepare("SELECT * FROM songs WHERE goneMs IS NULL");
    const songs: KnownSong[] = [];
    for (const row of rows.iterate() as Iterable<Row>) {
      const song = knownSong(row);
      if (song) songs.push(song);
    }
    this.#isNew = songs.length === 0;
    return songs;
  }

  /** A song by its name, present or missing. */
  get(name: string): KnownSong | undefined {
    const row = this.#get.get(name) as Row | undefined;
    return row && knownSong(row);
  }

  put(song: KnownSong): void {
    this.#write(() => this.#putRow(song));
  }

  /** Writes the result of a scan, in small transactions. */
  async putAll(
    songs: readonly KnownSong[],
    gone: readonly string[],
    nowMs: number,
  ): Promise<void> {
    this.#isNew = false;
    await this.#inSteps(songs, (song) => this.#putRow(song));
    await this.#inSteps(gone, (name) => {
      this.#gone += Number(this.#leave.run(nowMs, name).changes);
      if (this.#gone > this.#mostGone) this.#forgetOne();
    });
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
    const row: Row = {
      name: song.name,
      bytes: song.bytes,
      etag: song.etag,
      stamp: song.stamp,
      probe: song.probe ?? null,
      sha256: song.sha256 ?? null,
      format: song.format && JSON.stringify(song.format),
      problem: song.problem ?? null,
      problemText: song.problemText ?? null,
      revision: revisionOf(song),
      goneMs: null,
      tags: song.tags === undefined ? null : JSON.stringify(song.tags),
      tagsStamp: song.tagsStamp ?? null,
      hasArt: song.hasArt ? 1 : null,
      added: song.added ?? null,
      decoding: song.decoding ? JSON.stringify(song.decoding) : null,
      fileSha256: song.file?.sha256 ?? null,
    };
    this.#put.run(
      row.name,
      ...Object.keys(COLUMNS).map((column) => row[column as keyof Row]),
    );
  }

  /** Forgets the song that has been missing longest. */
  #forgetOne(): void {
    this.#gone -= Number(this.#forget.run().changes);
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

/** Of the code that a row depends on: a WAV does not depend on decoders. */
function revisionOf(
  { format, decoding }: Pick<KnownSong, "format" | "decoding">,
): number {
  const isWav = format !== null && decoding === undefined;
  return isWav ? HEADER_REVISION : HEADER_REVISION + 1000 * DECODER_REVISION;
}

/** Converts a row; undefined if it is damaged. */
function knownSong(row: Row): KnownSong | undefined {
  const { name, bytes, etag, stamp, revision, fileSha256 } = row;
  try {
    const format = parsed(row.format) ?? null;
    const decoding = parsed(row.decoding);
    return {
      name: String(name),
      bytes: Number(bytes),
      etag: String(etag),
      stamp: String(stamp),
      format,
      ...text(row, "probe"),
      ...text(row, "sha256"),
      ...text(row, "problem"),
      ...text(row, "problemText"),
      ...text(row, "tagsStamp"),
      ...(row.tags !== null && { tags: parsed(row.tags) }),
      ...(row.hasArt !== null && { hasArt: true }),
      ...(row.added !== null && { added: Number(row.added) }),
      ...(decoding && decodedParts(decoding, String(stamp), fileSha256)),
      ...(revision !== revisionOf({ format, decoding }) &&
        { isOutdated: true }),
    };
  } catch {
    return undefined;
  }
}

/** A field of text, if it has a value. */
function text<K extends keyof Row>(
  row: Row,
  key: K,
): Partial<Record<K, string>> {
  return row[key] === null
    ? {}
    : { [key]: String(row[key]) } as Record<K, string>;
}

// deno-lint-ignore no-explicit-any
function parsed(json: Value): any {
  return json === null ? undefined : JSON.parse(String(json));
}

/** The properties of a song that is decoded. */
export function decodedParts(
  decoding: SongDecoding,
  stamp: string,
  sha256: Value | undefined,
): Pick<KnownSong, "codec" | "decoding" | "file" | "isEstimated"> {
  const file = {
    bytes: sizeOf(stamp),
    ...(sha256 != null && { sha256: String(sha256) }),
  };
  const { codec, isEstimated } = decoding;
  return { codec, decoding, file, ...(isEstimated && { isEstimated }) };
}
