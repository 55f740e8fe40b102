/**
 * A database whose commits outlive a loss of power without blocking the event
 * loop: SQLite only writes, and this waits for the disk.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../disk/open_database.ts";

/** In the write-ahead log before it is copied into the database. */
const CHECKPOINT_BYTES = 4 << 20;
/**
 * As for the index of songs, but SQLite itself never waits for the disk, and
 * copies the log only when {@linkcode SyncedDatabase.sync} says so.
 */
const PRAGMAS = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = OFF;
  PRAGMA wal_autocheckpoint = 0;
`;

/**
 * The log is synced before it is copied into the database, and the database before
 * the log begins anew (sqlite.org, "Write-Ahead Logging", section 2.3).
 */
export class SyncedDatabase<T> {
  readonly tables: T;
  /** For the user: that a damaged one was moved aside. */
  readonly note: string | null;
  readonly #db: DatabaseSync;
  readonly #log: Deno.FsFile;
  readonly #file: Deno.FsFile;

  private constructor(
    { db, tables, note }: { db: DatabaseSync; tables: T; note: string | null },
    log: Deno.FsFile,
    file: Deno.FsFile,
  ) {
    this.#db = db;
    this.tables = tables;
    this.note = note;
    this.#log = log;
    this.#file = file;
  }

  /**
   * Opens a database, and creates it if it does not exist.
   *
   * @throws {Error} If no database can be opened.
   */
  static async open<T>(
    file: string,
    version: number,
    makeTables: (db: DatabaseSync) => T,
  ): Promise<SyncedDatabase<T>> {
    const { opened, note } = openDatabase(file, {
      version,
      pragmas: PRAGMAS,
      setUp: (db) => ({ db, tables: makeTables(db) }),
    });
    const files: Deno.FsFile[] = [];
    try {
      for (const path of [`${file}-wal`, file]) {
        files.push(await Deno.open(path, { read: true, write: true }));
      }
    } catch (error) {
      opened.db.close();
      for (const it of files) it.close();
      throw error;
    }
    return new SyncedDatabase({ ...opened, note }, files[0], files[1]);
  }

  /** Resolves once everything committed before the call outlives a loss of power. */
  async sync(): Promise<void> {
    await this.#log.syncData();
  }

  /** Copies a long log into the database. Commit nothing until it has resolved. */
  async tidy(): Promise<void> {
    if ((await this.#log.stat()).size >= CHECKPOINT_BYTES) await this.#copy();
  }

  async close(): Promise<void> {
    try {
      await this.#copy();
    } finally {
      this.#db.close();
      this.#log.close();
      // Closed last: it would release SQLite's lock (POSIX, `fcntl`).
      this.#file.close();
    }
  }

  async #copy(): Promise<void> {
    await this.#log.syncData();
    this.#db.exec("PRAGMA wal_checkpoint(PASSIVE)");
    await this.#file.syncData();
    this.#db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  }
}
