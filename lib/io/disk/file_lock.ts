/**
 * Locks between the programs that share a cache: taken within a moment or not
 * at all, and given back by the system when a program dies, however it dies.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";

/**
 * Of two who come at the same moment each can be in the other's way (SQLite
 * takes its lock in steps): both would go without it. A moment later one of
 * them has it.
 */
const WAIT_MS = 20;

/**
 * A lock that one holder has, of all programs and of all parts of this one.
 *
 * `Deno.FsFile.tryLock` would be it, but is missing from Deno 2.6, whose
 * `lock` waits without an end. SQLite's lock on an empty database is the same
 * kernel's (`fcntl`, `LockFileEx`), and waits no longer than it is told. The file
 * must not be opened by other means: closing it again would give up the lock
 * (POSIX, `fcntl`).
 */
export class FileLock {
  readonly #database: DatabaseSync;
  #held = true;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Takes the lock; null: somebody has it, or the file system has no locks. */
  static tryTake(path: string): FileLock | null {
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

  /** Gives it back. Any number of calls. */
  release(): void {
    if (this.#held) this.#database.close();
    this.#held = false;
  }
}
