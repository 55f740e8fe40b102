/**
 * Locks between programs. Acquiring one fails fast, and the system releases it
 * when its program ends for any reason.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";

/**
 * SQLite acquires its lock in steps, so two concurrent attempts can block each
 * other, and both would fail. After this wait one of them succeeds.
 */
const WAIT_MS = 20;

/**
 * An exclusive lock, across programs and within this one.
 *
 * Deno 2.6 lacks `Deno.FsFile.tryLock`, and its `lock` has no timeout. SQLite's
 * lock on an empty database uses the same system calls (`fcntl`, `LockFileEx`)
 * with a timeout. Do not open the file by other means, because closing it would
 * release the lock (POSIX, `fcntl`).
 */
export class FileLock {
  readonly #database: DatabaseSync;
  #held = true;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Acquires the lock; null if it is held, or the file system has no locks. */
  static tryAcquire(path: string): FileLock | null {
    let database: DatabaseSync | null = null;
    try {
      database = new DatabaseSync(path);
      database.exec(`PRAGMA busy_timeout = ${WAIT_MS}`);
      database.exec("BEGIN EXCLUSIVE");
      return new FileLock(database);
    } catch {
      database?.close();
      return null;
    }
  }

  /** Idempotent. */
  release(): void {
    if (this.#held) this.#database.close();
    this.#held = false;
  }
}
