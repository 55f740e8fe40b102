/**
 * What a server keeps between its runs: a folder for each music folder, with
 * a database in it, under a lock. All of it can be made again from the songs,
 * so whatever is wrong with it costs time and never stops a server.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { join } from "@std/path/join";
import { FileLock } from "./file_lock.ts";
import { describeFileError } from "./describe_file_error.ts";

/** The form of the tables; a database of a later one is put aside. */
const VERSION = 1;
const DATABASE = "index.db";
/**
 * Pages of 4 KiB that the log of the database may have before they are
 * written into it and synced, which holds the event loop: seldom, and at the
 * end.
 */
const LOG_PAGES = 4096;

/** An open data folder; each part of the server makes its own tables and files there. */
export interface ServerData {
  /** The folder; null: all is in memory. */
  readonly path: string | null;
  readonly db: DatabaseSync;
  /** What a person should know: why it is in memory, or what was put aside. */
  readonly note: string | null;
  /** Whether no other server is known to have the same music folder. */
  readonly isAlone: boolean;
  /** Writes what is left and gives the lock back. Any number of calls. */
  close(): void;
}

/** Makes the tables that are missing. */
export type MakeTables = (db: DatabaseSync) => void;

/**
 * Opens the data of a music folder. Never fails: where it cannot be kept, it
 * is in memory, and `note` says why.
 *
 * @param base The folder of all music folders' data; null: in memory.
 * @param music The music folder's real path.
 * @param makeTables Makes the tables; throws where those of the database are
 * others.
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
    return inMemory(`${path} cannot be made: ${describeFileError(error)}`);
  }
  const lock = FileLock.tryTake(join(path, "lock"));
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

/** The name of a music folder's own folder: the same at each start. */
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
  const file = join(path, DATABASE);
  const release = () => lock.release();
  try {
    return serverData(path, openDatabase(file, makeTables), null, release);
  } catch (error) {
    const aside = putAside(file);
    const note = `${file} cannot be used (${
      (error as Error).message
    }): it is ${aside} now, and a new one is made`;
    return serverData(path, openDatabase(file, makeTables), note, release);
  }
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

/** @throws {Error} If it is none, is damaged, or has another form or tables. */
function openDatabase(file: string, makeTables: MakeTables): DatabaseSync {
  const db = new DatabaseSync(file);
  try {
    // One process has it, so that no memory need be shared between several,
    // which network drives cannot do.
    db.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA wal_autocheckpoint = ${LOG_PAGES};
    `);
    const check = Object.values(db.prepare("PRAGMA quick_check(1)").get()!)[0];
    if (check !== "ok") {
      throw new Error(`it is damaged: ${String(check).split("\n").at(-1)}`);
    }
    const version = Number(
      Object.values(db.prepare("PRAGMA user_version").get()!)[0],
    );
    if (version > VERSION) {
      throw new Error(`it is of form ${version}, expected at most ${VERSION}`);
    }
    makeTables(db);
    db.exec(`PRAGMA user_version = ${VERSION}`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Makes room for a new database; the latest one that was put aside is kept. */
function putAside(file: string): string {
  const aside = `${file}.aside`;
  Deno.renameSync(file, aside);
  for (const rest of ["-wal", "-shm"]) {
    try {
      Deno.renameSync(file + rest, aside + rest);
    } catch {
      // There is none.
    }
  }
  return aside;
}
