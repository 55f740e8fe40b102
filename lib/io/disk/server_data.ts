/**
 * A server's persistent data: a locked folder with a database for each music
 * folder. All of it can be rebuilt from the songs, so a problem with it costs
 * time, but never stops a server.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { join } from "@std/path/join";
import { FileLock } from "./file_lock.ts";
import { describeFileError } from "./describe_file_error.ts";
import { openDatabase } from "./open_database.ts";

/** The schema version. A database with a later one is moved aside. */
const VERSION = 2;
const DATABASE = "index.db";
/**
 * With a single process, SQLite needs no shared memory, which network drives do
 * not support. A checkpoint blocks the event loop, so it waits for 4096 pages of
 * 4 KiB in the write-ahead log.
 */
const PRAGMAS = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA wal_autocheckpoint = 4096;
`;

/** An open data folder, where each part of the server has its own tables and files. */
export interface ServerData {
  /** The folder; null if everything is in memory. */
  readonly path: string | null;
  readonly db: DatabaseSync;
  /** A note for the user: why it is in memory, or what was moved aside. */
  readonly note: string | null;
  /** Whether no other server is known to use the same music folder. */
  readonly isAlone: boolean;
  /** Closes the database and releases the lock. Idempotent. */
  close(): void;
}

/** Creates missing tables. */
export type MakeTables = (db: DatabaseSync) => void;

/**
 * Opens the data of a music folder. Never fails: if it cannot be stored on disk,
 * it is kept in memory, and `note` gives the reason.
 *
 * @param base The parent folder of all data folders; null for in memory.
 * @param music The music folder's real path.
 * @param makeTables Creates the tables; throws if existing ones do not match.
 */
export async function openData(
  base: string | null,
  music: string,
  makeTables: MakeTables = () => {},
): Promise<ServerData> {
  if (base === null) return inMemory(null);
  const path = join(base, dataName(music));
  try {
    await Deno.mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    return inMemory(`${path} cannot be created: ${describeFileError(error)}`);
  }
  const lock = FileLock.tryAcquire(join(path, "lock"));
  if (lock === null) {
    const reason = `another server uses ${path}, or it cannot be locked`;
    return { ...inMemory(reason), isAlone: false };
  }
  try {
    return onDisk(path, lock, makeTables);
  } catch (error) {
    lock.release();
    return inMemory(`${path} cannot be used: ${describeFileError(error)}`);
  }
}

/** The stable name of a music folder's data folder. */
export function dataName(music: string): string {
  return createHash("sha256").update(music).digest("hex").slice(0, 16);
}

function inMemory(reason: string | null): ServerData {
  const note = reason && `the index is in memory only: ${reason}`;
  return serverData(null, new DatabaseSync(":memory:"), note, () => {});
}

function onDisk(
  path: string,
  lock: FileLock,
  makeTables: MakeTables,
): ServerData {
  const { opened, note } = openDatabase(join(path, DATABASE), {
    version: VERSION,
    pragmas: PRAGMAS,
    setUp(db) {
      makeTables(db);
      return db;
    },
  });
  return serverData(path, opened, note, () => lock.release());
}

function serverData(
  path: string | null,
  db: DatabaseSync,
  note: string | null,
  release: () => void,
): ServerData {
  let isOpen = true;
  return {
    path,
    db,
    note,
    isAlone: true,
    close() {
      if (!isOpen) return;
      isOpen = false;
      db.close();
      release();
    },
  };
}
