/**
 * What is known of the songs' files, in the server's database: so that a start
 * reads no file that it has read before, and a song keeps its `etag`.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { HEADER_REVISION } from "../../audio/wav.ts";
import type { SongEntry } from "../../ports/server.ts";

/** A song with what its content is recognised by. */
export interface KnownSong extends SongEntry {
  /** As `stampOf` gives it, of the file that was last seen to have the content. */
  stamp: string;
  /** As `probeOf` gives it; absent: not read yet. */
  probe?: string;
  /** Whether another revision of the program has read its header. */
  isOutdated?: true;
}

/** How long songs that are gone are remembered: a disk may be away for a while. */
const REMEMBER_MS = 30 * 24 * 3_600_000;
/** Songs written at once; the event loop waits for them. */
const ROWS_AT_ONCE = 50;

type Row = Record<string, string | number | null>;

/** The table of songs. */
export class SongIndex {
  readonly #db: DatabaseSync;
  readonly #mostGone: number;
  readonly #failed: (error: Error) => void;
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #leave: StatementSync;
  readonly #forget: StatementSync;
  /** Songs that are gone and not forgotten; one that is back may count on. */
  #gone = 0;
  #saidFailed = false;

  /**
   * @param mostGone Songs that are gone and still remembered.
   * @param failed Called once, if the database cannot be written to.
   */
  constructor(
    db: DatabaseSync,
    mostGone: number,
    failed: (error: Error) => void = () => {},
  ) {
    this.#db = db;
    this.#mostGone = mostGone;
    this.#failed = failed;
    db.exec(`CREATE TABLE IF NOT EXISTS songs (
      name TEXT PRIMARY KEY, bytes INTEGER, etag TEXT, stamp TEXT, probe TEXT,
      sha256 TEXT, format TEXT, problem TEXT, problemText TEXT,
      revision INTEGER, goneMs INTEGER
    ) WITHOUT ROWID`);
    db.exec(
      "CREATE INDEX IF NOT EXISTS gone ON songs (goneMs) WHERE goneMs IS NOT NULL",
    );
    this.#get = db.prepare("SELECT * FROM songs WHERE name = ?");
    this.#put = db.prepare(
      "INSERT OR REPLACE INTO songs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
    );
    this.#leave = db.prepare("UPDATE songs SET goneMs = ? WHERE name = ?");
    this.#forget = db.prepare(
      `DELETE FROM songs WHERE name = (
         SELECT name FROM songs WHERE goneMs IS NOT NULL ORDER BY goneMs LIMIT 1)`,
    );
  }

  /** All songs that were there when it was last written to; forgets those long gone. */
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
    return songs;
  }

  /** What is known of a name, be it gone. */
  get(name: string): KnownSong | undefined {
    const row = this.#get.get(name) as Row | undefined;
    return row && knownSong(row);
  }

  /** Writes what is known of a song by now. */
  put(song: KnownSong): void {
    this.#write(() => this.#putRow(song));
  }

  /** Writes what a look at the whole folder has found, in steps. */
  async putAll(
    songs: readonly KnownSong[],
    gone: readonly string[],
    nowMs: number,
  ): Promise<void> {
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
      await new Promise((resolve) => setTimeout(resolve));
    }
  }

  #putRow(song: KnownSong): void {
    const { name, bytes, etag, stamp, probe, sha256, problem, problemText } =
      song;
    this.#put.run(
      ...[name, bytes, etag, stamp, probe ?? null, sha256 ?? null],
      song.format && JSON.stringify(song.format),
      ...[problem ?? null, problemText ?? null, HEADER_REVISION],
    );
  }

  /** Forgets the song that is gone for longest. */
  #forgetOne(): void {
    this.#gone -= Number(this.#forget.run().changes);
  }

  /** Writes in one step; a disk that does not take it costs time at the next start only. */
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
      // It was rolled back with the failure, or never begun.
    }
  }
}

/** A row as a song; undefined: it is damaged. */
function knownSong(row: Row): KnownSong | undefined {
  const { name, bytes, etag, stamp, probe, sha256, format } = row;
  const { problem, problemText, revision } = row;
  try {
    return {
      name: String(name),
      bytes: Number(bytes),
      etag: String(etag),
      stamp: String(stamp),
      format: format === null ? null : JSON.parse(String(format)),
      ...(probe !== null && { probe: String(probe) }),
      ...(sha256 !== null && { sha256: String(sha256) }),
      ...(problem !== null && { problem: String(problem) }),
      ...(problemText !== null && { problemText: String(problemText) }),
      ...(revision !== HEADER_REVISION && { isOutdated: true }),
    };
  } catch {
    return undefined;
  }
}
