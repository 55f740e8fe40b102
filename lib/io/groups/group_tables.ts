/**
 * The tables in which groups are kept: a document for each group and device, the
 * order of each queue, pages of songs, and places, which change each second.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import * as v from "valibot";
import { decodeOrder, encodeOrder, readPage } from "../../model/queue_codec.ts";
import type {
  SavedDevice,
  SavedGroup,
  SavedPlace,
  SongBatch,
} from "../../ports/group_store.ts";

const TABLES = `
  CREATE TABLE IF NOT EXISTS devices (
    key TEXT PRIMARY KEY, row TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS groups (
    id TEXT PRIMARY KEY, row TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS orders (
    id TEXT PRIMARY KEY, pages TEXT NOT NULL, entries BLOB NOT NULL, unshuffled BLOB
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS places (
    id TEXT PRIMARY KEY, playing INTEGER, seconds REAL NOT NULL, atWallMs REAL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS pages (
    page INTEGER PRIMARY KEY, songs TEXT NOT NULL
  ) STRICT;
`;

const text = v.string();
const number = v.pipe(v.number(), v.finite());
const DEVICE = v.object({
  key: text,
  name: text,
  kind: v.optional(text),
  volume: v.pipe(number, v.minValue(0), v.maxValue(100)),
  muted: v.boolean(),
  delayMs: number,
  seenMs: number,
});
/** A group without its place, and without the lists of its queue. */
const GROUP = v.object({
  id: text,
  name: text,
  devices: v.array(text),
  state: v.picklist(["playing", "paused", "stopped"]),
  by: v.optional(text),
  nextEntry: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  revision: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  repeat: v.picklist(["off", "all", "one"]),
});
const PAGES = v.array(v.pipe(v.number(), v.safeInteger()));

/** A group without the songs of its queue, which lie in pages. */
export interface KeptGroup {
  group: SavedGroup;
  /** In the order of their entries. */
  pages: readonly number[];
}

/** The order of a queue, encoded. */
export interface KeptOrder {
  pages: string;
  entries: Uint8Array;
  unshuffled: Uint8Array | null;
}

/** Encodes the order of a group's queue, which takes a millisecond if it is long. */
export function keptOrder({ group: { queue }, pages }: KeptGroup): KeptOrder {
  const { entries, unshuffled } = queue;
  return {
    pages: JSON.stringify(pages),
    entries: encodeOrder(entries),
    unshuffled: unshuffled && encodeOrder(unshuffled),
  };
}

/** The statements. All throw if the database fails. */
export class GroupTables {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /** @throws {Error} If other tables have these names. */
  constructor(db: DatabaseSync) {
    this.#db = db;
    db.exec(TABLES);
    // Of other tables with these names, the columns are missing.
    for (const sql of Object.values(SQL)) this.#prepare(sql);
  }

  /** Runs all of it, or nothing if it throws. */
  atomically(work: () => void): void {
    this.#db.exec("BEGIN");
    try {
      work();
      this.#db.exec("COMMIT");
    } catch (error) {
      try {
        this.#db.exec("ROLLBACK");
      } catch {
        // The failure has rolled it back.
      }
      throw error;
    }
  }

  putDevice(device: SavedDevice): void {
    this.#run(SQL.putDevice, device.key, JSON.stringify(device));
  }

  dropDevice(key: string): void {
    this.#run(SQL.dropDevice, key);
  }

  putGroup({ queue, atWallMs, ...row }: SavedGroup): void {
    const { nextEntry, revision, repeat, playing, seconds } = queue;
    const kept = { ...row, nextEntry, revision, repeat };
    this.#run(SQL.putGroup, row.id, JSON.stringify(kept));
    this.#run(SQL.putPlace, row.id, playing, seconds, atWallMs);
  }

  putOrder(id: string, { pages, entries, unshuffled }: KeptOrder): void {
    this.#run(SQL.putOrder, id, pages, entries, unshuffled);
  }

  dropGroup(id: string): void {
    for (const sql of [SQL.dropGroup, SQL.dropOrder, SQL.dropPlace]) {
      this.#run(sql, id);
    }
  }

  /** Does nothing if there is no such group. */
  movePlace(id: string, { playing, seconds, atWallMs }: SavedPlace): void {
    this.#run(SQL.movePlace, playing, seconds, atWallMs, id);
  }

  /** @returns The number of the page. */
  addPage(songs: string): number {
    return Number(this.#run(SQL.addPage, songs).lastInsertRowid);
  }

  dropPage(page: number): void {
    this.#run(SQL.dropPage, page);
  }

  get pages(): number[] {
    return this.#all(SQL.pages).map(({ page }) => Number(page));
  }

  /** The songs of a page; null if it is missing or damaged. */
  page(page: number): SongBatch | null {
    const [row] = this.#all(SQL.page, page);
    try {
      return row ? readPage(String(row.songs)) : null;
    } catch {
      return null;
    }
  }

  /** All devices whose rows can be read. */
  get devices(): SavedDevice[] {
    return this.#all(SQL.devices).map(({ row }) => read(DEVICE, row))
      .filter((it) => it !== null);
  }

  get groupIds(): string[] {
    return this.#all(SQL.groupIds).map(({ id }) => String(id));
  }

  /** A group; null if its row cannot be read. */
  group(id: string): KeptGroup | null {
    const [found] = this.#all(SQL.group, id);
    const row = found && read(GROUP, found.row);
    const pages = found && read(PAGES, found.pages);
    if (!row || !pages) return null;
    const { nextEntry, revision, repeat, ...group } = row;
    const { entries, unshuffled, playing, seconds, atWallMs } = found;
    const queue = {
      entries: decodeOrder(entries as Uint8Array),
      unshuffled: unshuffled === null
        ? null
        : decodeOrder(unshuffled as Uint8Array),
      batches: [],
      playing: playing as number | null,
      seconds: Number(seconds),
      ...{ nextEntry, revision, repeat },
    };
    return {
      group: { ...group, queue, atWallMs: atWallMs as number | null },
      pages,
    };
  }

  #run(sql: string, ...values: Value[]) {
    return this.#prepare(sql).run(...values);
  }

  #all(sql: string, ...values: Value[]): Record<string, unknown>[] {
    return this.#prepare(sql).all(...values);
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

type Value = string | number | Uint8Array | null;

const SQL = {
  putDevice: "INSERT OR REPLACE INTO devices (key, row) VALUES (?, ?)",
  dropDevice: "DELETE FROM devices WHERE key = ?",
  devices: "SELECT key, row FROM devices",
  putGroup: "INSERT OR REPLACE INTO groups (id, row) VALUES (?, ?)",
  dropGroup: "DELETE FROM groups WHERE id = ?",
  groupIds: "SELECT id FROM groups",
  group: `
    SELECT row, pages, entries, unshuffled, playing, seconds, atWallMs
    FROM groups LEFT JOIN orders USING (id) LEFT JOIN places USING (id)
    WHERE id = ?`,
  putOrder:
    "INSERT OR REPLACE INTO orders (id, pages, entries, unshuffled) VALUES (?, ?, ?, ?)",
  dropOrder: "DELETE FROM orders WHERE id = ?",
  putPlace:
    "INSERT OR REPLACE INTO places (id, playing, seconds, atWallMs) VALUES (?, ?, ?, ?)",
  movePlace:
    "UPDATE places SET playing = ?, seconds = ?, atWallMs = ? WHERE id = ?",
  dropPlace: "DELETE FROM places WHERE id = ?",
  addPage: "INSERT INTO pages (songs) VALUES (?)",
  dropPage: "DELETE FROM pages WHERE page = ?",
  pages: "SELECT page FROM pages",
  page: "SELECT songs FROM pages WHERE page = ?",
} as const;

/** A checked document; null if it is damaged. */
function read<T>(schema: v.GenericSchema<unknown, T>, json: unknown): T | null {
  try {
    return v.parse(schema, JSON.parse(String(json)));
  } catch {
    return null;
  }
}
