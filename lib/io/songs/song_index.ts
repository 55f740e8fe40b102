/**
 * The table of songs in the server's database. It saves reading files again at
 * each start, and preserves each song's `etag`.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { HEADER_REVISION } from "../../audio/wav.ts";
import type { SongEntry, SongTags } from "../../ports/song_entry.ts";
import { systemClock } from "../clock/clock.ts";
import { LOOK_STEPS, turns } from "../clock/shared_turns.ts";
import type { SongDecoding } from "../codecs/decoder_jobs.ts";
import { DECODER_REVISION } from "../codecs/decoder_revision.ts";
import { sizeOf } from "./file_stamp.ts";

/** A song with the properties that identify its content. */
export interface KnownSong extends SongEntry {
  readonly bytes: number;
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

/** All columns, in the order of a row that is read. */
const COLUMN_NAMES = ["name", ...Object.keys(COLUMNS)];
const GONE = COLUMN_NAMES.indexOf("goneMs");

type Value = string | number | null;
type Row = Record<"name" | keyof typeof COLUMNS, Value>;

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
      ...COLUMN_NAMES.map((column) => row[column as keyof Row]),
    );
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

/** Of the code that a row depends on: a WAV does not depend on decoders. */
function revisionOf(
  { format, decoding }: Pick<KnownSong, "format" | "decoding">,
): number {
  const isWav = format !== null && decoding === undefined;
  return isWav ? HEADER_REVISION : HEADER_REVISION + 1000 * DECODER_REVISION;
}

/**
 * Converts a row; undefined if it is damaged.
 *
 * @param texts Tags of other rows: most songs share theirs with others.
 */
function knownSong(
  row: Value[],
  texts: Map<string, string>,
): KnownSong | undefined {
  // In the order of COLUMN_NAMES.
  const [name, bytes, etag, stamp, probe, sha256, ...rest] = row;
  const [format, problem, problemText, revision, _goneMs, ...more] = rest;
  const [tags, tagsStamp, hasArt, added, decoding, fileSha256] = more;
  try {
    const isStamp = etag === stamp;
    const song: Writable<KnownSong> = {
      name: String(name),
      bytes: Number(bytes),
      etag: String(isStamp ? stamp : etag),
      stamp: String(stamp),
      format: format === null ? null : JSON.parse(String(format)),
    };
    if (probe !== null) song.probe = String(probe);
    if (sha256 !== null) song.sha256 = String(sha256);
    if (problem !== null) song.problem = String(problem);
    if (problemText !== null) song.problemText = String(problemText);
    if (tagsStamp !== null) song.tagsStamp = String(tagsStamp);
    if (tags !== null) song.tags = sharedTags(JSON.parse(String(tags)), texts);
    if (hasArt !== null) song.hasArt = true;
    if (added !== null) song.added = Number(added);
    if (decoding !== null) {
      const parts = JSON.parse(String(decoding)) as SongDecoding;
      Object.assign(song, decodedParts(parts, song.stamp, fileSha256));
    }
    if (revision !== revisionOf(song)) song.isOutdated = true;
    return song;
  } catch {
    return undefined;
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Tags with texts shared with other songs, to save memory. */
function sharedTags(
  tags: Writable<SongTags>,
  texts: Map<string, string>,
): SongTags {
  for (const field of ["artist", "album", "albumArtist", "genre"] as const) {
    const text = tags[field];
    if (text === undefined) continue;
    const known = texts.get(text);
    if (known === undefined) texts.set(text, text);
    else tags[field] = known;
  }
  return tags;
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
