/**
 * The groups of a server in an SQLite database, so that their queues outlive a
 * restart and a crash.
 *
 * @module
 */

import { join } from "@std/path/join";
import { errorText, OndacastError } from "../../errors.ts";
import type {
  GroupChange,
  GroupStore,
  SavedDevice,
  SavedGroup,
  SavedPlace,
} from "../../ports/group_store.ts";
import type { Turns } from "../../ports/server.ts";
import { systemClock } from "../clock/clock.ts";
import { turns as sharedTurns } from "../clock/shared_turns.ts";
import { isDiskFull } from "../disk/describe_file_error.ts";
import { GroupTables, type KeptOrder, keptOrder } from "./group_tables.ts";
import { PendingChange } from "./pending_change.ts";
import { QueuePages } from "./queue_pages.ts";
import { SyncedDatabase } from "./synced_database.ts";

/** The schema version. A database with a later one is moved aside. */
const VERSION = 1;
const DATABASE = "groups.db";
/** Encoding the order of a group may take a millisecond. */
const GROUP_STEPS = 64;
/** What waits is written as one, and edits may take some milliseconds as well. */
const AFTER_EDITS_MS = 2;
/** Places written in one transaction. */
const PLACES_AT_ONCE = 100;

/** Changes that wait to be written. */
interface Waiting {
  change: PendingChange;
  done: PromiseWithResolvers<void>;
}

/**
 * Writes changes one after the other. What comes while one is being written is
 * written as one change after it.
 */
export class GroupDatabase implements GroupStore {
  readonly #database: SyncedDatabase<GroupTables>;
  readonly #tables: GroupTables;
  readonly #pages: QueuePages;
  readonly #turns: Turns;
  readonly #failed: (error: Error) => void;
  #waiting: Waiting | null = null;
  /** What could not be written. */
  #unsaved = new PendingChange();
  /** The queues as they were saved, whose lists are compared by identity. */
  readonly #orders = new Map<string, SavedGroup["queue"]>();
  #marks = new Map<string, SavedPlace>();
  #writing: Promise<void> | null = null;
  #saidFailed = false;
  #closing: Promise<void> | null = null;

  private constructor(
    database: SyncedDatabase<GroupTables>,
    turns: Turns,
    failed: (error: Error) => void,
  ) {
    this.#database = database;
    this.#tables = database.tables;
    this.#pages = new QueuePages(database.tables, turns);
    this.#turns = turns;
    this.#failed = failed;
  }

  /**
   * Opens the groups of a data folder, and creates what does not exist. A damaged
   * database is moved aside.
   *
   * @param failed Called at the first failure to write.
   * @throws {Error} If no database can be opened.
   */
  static async open(
    folder: string,
    failed: (error: Error) => void = () => {},
    turns: Turns = sharedTurns,
  ): Promise<GroupDatabase> {
    const database = await SyncedDatabase.open(
      join(folder, DATABASE),
      VERSION,
      (db) => new GroupTables(db),
    );
    return new GroupDatabase(database, turns, failed);
  }

  /** For the user: that a damaged database was moved aside. */
  get note(): string | null {
    return this.#database.note;
  }

  /** Reads all without a pause: nobody is served yet. */
  async load(): Promise<{ devices: SavedDevice[]; groups: SavedGroup[] }> {
    const groups = new Map<string, SavedGroup>();
    for (const id of this.#tables.groupIds) {
      const found = this.#tables.group(id);
      if (!found) {
        this.#tables.dropGroup(id);
        continue;
      }
      const { group, pages } = found;
      group.queue.batches = this.#pages.read(pages);
      groups.set(id, group);
      this.#orders.set(id, group.queue);
    }
    this.#pages.saved(groups);
    await this.#pages.dropLeftOver();
    return { devices: this.#tables.devices, groups: [...groups.values()] };
  }

  save(change: GroupChange): Promise<void> {
    this.#waiting ??= {
      change: new PendingChange(),
      done: Promise.withResolvers(),
    };
    const { done, change: waiting } = this.#waiting;
    waiting.add(change);
    for (const { id } of change.groups ?? []) this.#marks.delete(id);
    this.#write();
    return done.promise;
  }

  mark(id: string, place: SavedPlace): void {
    this.#marks.set(id, place);
    this.#write();
  }

  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  async #close(): Promise<void> {
    while (this.#writing) await this.#writing;
    await this.#database.close();
  }

  #write(): void {
    this.#writing ??= this.#writeAll().finally(() => this.#writing = null);
  }

  /** Writes until nothing waits; never rejects. */
  async #writeAll(): Promise<void> {
    // After the edits of this turn, and requests that came meanwhile.
    await systemClock.sleep(AFTER_EDITS_MS);
    while (this.#waiting || this.#marks.size > 0) {
      const { change, done } = this.#waiting ?? {};
      this.#waiting = null;
      try {
        if (change) {
          await this.#writeChange(change);
          done!.resolve();
        }
        await this.#writeMarks();
        await this.#pages.dropUnused();
        await this.#database.tidy();
      } catch (thrown) {
        done?.reject(asOndacastError(thrown));
        if (!this.#saidFailed) this.#failed(thrown as Error);
        this.#saidFailed = true;
      }
    }
  }

  async #writeChange(change: PendingChange): Promise<void> {
    change.addEarlier(this.#unsaved);
    this.#unsaved = change;
    const orders = new Map<string, KeptOrder>();
    for (const [id, group] of change.groups) {
      if (!group) continue;
      await this.#pages.write(group);
      if (this.#isOrderKept(id, group)) continue;
      orders.set(id, keptOrder({ group, pages: this.#pages.of(group) }));
      await this.#turns.next(GROUP_STEPS);
    }
    this.#tables.atomically(() => this.#putRows(change, orders));
    this.#unsaved = new PendingChange();
    this.#pages.saved(change.groups);
    for (const [id, group] of change.groups) {
      if (group) this.#orders.set(id, group.queue);
      else this.#orders.delete(id);
    }
    await this.#database.sync();
  }

  #putRows(
    { groups, devices }: PendingChange,
    orders: ReadonlyMap<string, KeptOrder>,
  ): void {
    for (const [key, device] of devices) {
      if (device) this.#tables.putDevice(device);
      else this.#tables.dropDevice(key);
    }
    for (const [id, group] of groups) {
      if (!group) {
        this.#tables.dropGroup(id);
        continue;
      }
      this.#tables.putGroup(group);
      const order = orders.get(id);
      if (order) this.#tables.putOrder(id, order);
    }
  }

  #isOrderKept(id: string, { queue }: SavedGroup): boolean {
    const kept = this.#orders.get(id);
    return kept?.entries === queue.entries &&
      kept.unshuffled === queue.unshuffled && kept.batches === queue.batches;
  }

  async #writeMarks(): Promise<void> {
    const marks = [...this.#marks];
    this.#marks = new Map();
    for (let i = 0; i < marks.length; i += PLACES_AT_ONCE) {
      this.#tables.atomically(() => {
        for (const [id, place] of marks.slice(i, i + PLACES_AT_ONCE)) {
          this.#tables.movePlace(id, place);
        }
      });
      await this.#turns.next(GROUP_STEPS);
    }
  }
}

function asOndacastError(thrown: unknown): OndacastError {
  return new OndacastError(
    isDiskFull(thrown) ? "no-space" : "internal",
    `Cannot save the queue: ${errorText(thrown)}`,
    { cause: thrown },
  );
}
