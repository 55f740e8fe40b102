/**
 * Opens SQLite databases whose content can be rebuilt. A damaged one is moved
 * aside and replaced by an empty one.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { errorText } from "../../errors.ts";

/** Files that SQLite keeps beside a database. */
const COMPANIONS = ["-journal", "-wal", "-shm"];
/** SQLite's messages about a database that may still be intact. */
const PASSING =
  /locked|locking|readonly|I\/O|is full|unable to open|out of memory/;

/** What is expected of a database. */
export interface Schema<T> {
  /** A database with a later version is moved aside. */
  readonly version: number;
  /** SQL to run before the database is read. */
  readonly pragmas: string;
  /** Creates missing tables; throws if existing ones do not match. */
  setUp(db: DatabaseSync): T;
}

/**
 * Opens a database, and creates it if it does not exist.
 *
 * @returns What `setUp` returned, and a note for the user if a database was
 * moved aside.
 * @throws {Error} If no database can be opened, or another program has locked it.
 */
export function openDatabase<T>(
  file: string,
  schema: Schema<T>,
): { opened: T; note: string | null } {
  try {
    return { opened: open(file, schema), note: null };
  } catch (error) {
    const [reason] = errorText(error).split("\n");
    if (PASSING.test(reason)) throw error;
    const aside = moveAside(file);
    const note =
      `${file} cannot be used (${reason}): it was moved to ${aside}, and a new one was created`;
    return { opened: open(file, schema), note };
  }
}

function open<T>(file: string, { version, pragmas, setUp }: Schema<T>): T {
  const db = new DatabaseSync(file);
  try {
    db.exec(pragmas);
    const check = pragma(db, "quick_check(1)");
    if (check !== "ok") {
      throw new Error(`it is damaged: ${String(check).split("\n").at(-1)}`);
    }
    const found = Number(pragma(db, "user_version"));
    if (found > version) {
      throw new Error(
        `it has schema version ${found}, expected at most ${version}`,
      );
    }
    const opened = setUp(db);
    // Writing it each time would fail on a full disk.
    if (found !== version) db.exec(`PRAGMA user_version = ${version}`);
    return opened;
  } catch (error) {
    db.close();
    throw error;
  }
}

function pragma(db: DatabaseSync, name: string): unknown {
  return Object.values(db.prepare(`PRAGMA ${name}`).get()!)[0];
}

/** Makes room for a new database, replacing the one that was moved aside last. */
function moveAside(file: string): string {
  const aside = `${file}.aside`;
  Deno.renameSync(file, aside);
  for (const rest of COMPANIONS) {
    try {
      Deno.renameSync(file + rest, aside + rest);
    } catch {
      // It does not exist.
    }
  }
  return aside;
}
