/**
 * What the cluster keeps of one group: its queue in pages that never change, and an
 * order, which is written last, by compare-and-set. An order carries the term of its
 * owner, and never follows one of a higher term.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";
import { decodeOrder, encodeOrder, pagesOf } from "../model/queue_codec.ts";
import type { Clock } from "../ports/common.ts";
import type {
  SavedDevice,
  SavedGroup,
  SavedQueue,
  SongBatch,
} from "../ports/group_store.ts";
import type { Table } from "./bus.ts";
import type { MovedNames } from "./moved_names.ts";
import {
  decodeOrderRecord,
  encodeOrderRecord,
  type OrderRecord,
  pagesOfOrder,
} from "./order_record.ts";
import { partsOf, readBatch } from "./queue_pages.ts";
import { type FoundPages, RecordPages } from "./record_pages.ts";
import type { ClusterSecret } from "./secret.ts";

/** Attempts to write an order that others write, too. */
const MOST_TRIES = 20;
const AGAIN_MS = 50;
/** A leader of JetStream that is new may lack pages that another copy has. */
const MOST_READS = 10;
const READ_AGAIN_MS = 500;

/** A group and its devices, as they are kept. */
export interface KeptQueue {
  group: SavedGroup;
  devices: readonly SavedDevice[];
}

/** As an owner has left it. */
export interface TakenQueue extends KeptQueue {
  /** That of the owner. */
  term: number;
}

/** Another server owns the group by now. */
export class OutdatedTerm extends Error {
  /** The term of the queue in the table; 0: it is not known. */
  readonly term: number;

  constructor(term = 0) {
    super(`Another server owns the group, in term ${term}`);
    this.term = term;
  }
}

export interface QueueRecordWorld {
  table: Table;
  secret: ClusterSecret;
  clock: Clock;
  /** What its songs are named there, and here. */
  names: MovedNames;
}

export class QueueRecord {
  readonly #world: QueueRecordWorld;
  readonly #id: string;
  readonly #pages: RecordPages;
  /** Of the order in the table; null: it was not looked at. */
  #revision: number | null = null;
  /** Rises with each one. */
  #writes = 0;
  /** The order in the table. */
  #order: OrderRecord | null = null;
  /** The names of what is in the table already. */
  #batches = new WeakMap<SongBatch, readonly string[]>();
  #numbers = new WeakMap<readonly number[], readonly string[]>();

  constructor(world: QueueRecordWorld, id: string) {
    this.#world = world;
    this.#id = id;
    this.#pages = new RecordPages(world, (name) => this.#key(name));
  }

  /** The table may be another one, or a copy that lacks what was written. */
  recheck(): void {
    this.#revision = null;
    this.#forgetPages();
  }

  /**
   * Reads the group for its new owner. From then on, no owner before it can write.
   *
   * @param isExpected Whether something should be there, which is waited for: a new
   * leader of JetStream may lack it.
   * @returns Null: nothing is kept.
   * @throws {OutdatedTerm}
   */
  async take(term: number, isExpected = false): Promise<TakenQueue | null> {
    await this.#look(term);
    for (let i = 1; isExpected && this.#order === null; i++) {
      if (i === MOST_READS) break;
      await this.#world.clock.sleep(READ_AGAIN_MS);
      await this.#look(term);
    }
    if (this.#order === null) return null;
    const { term: before } = this.#order;
    for (let i = 0; this.#order.term < term; i++) {
      if (await this.#swap({ ...this.#order, term })) break;
      await this.#lookAgain(term, i);
      if (this.#order === null) return null;
    }
    const kept = await this.#readWhole(this.#order);
    this.#sweep().catch(() => {}); // Such pages are found again by the next owner.
    return { ...kept, term: before };
  }

  /**
   * Writes the group for its owner.
   *
   * @param isOwner Whether it still is: another one may have the same term, if NATS
   * has lost a record.
   * @throws {OutdatedTerm}
   */
  async write(
    term: number,
    kept: KeptQueue,
    isOwner = () => true,
  ): Promise<void> {
    this.#writes++;
    if (this.#revision === null) await this.#look(term);
    for (let i = 0;; i++) {
      const before = this.#order;
      const order = await this.#addPages(term, kept);
      if (!isOwner()) throw new OutdatedTerm();
      if (await this.#swap(order)) {
        if (before) await this.#dropAll(pagesOfOrder(before), order);
        return;
      }
      await this.#lookAgain(term, i);
    }
  }

  /** Writes the pages of a group. @returns The order that has them. */
  async #addPages(
    term: number,
    { group, devices }: KeptQueue,
  ): Promise<OrderRecord> {
    const { queue, id: _, atWallMs, name, state, by } = group;
    const { entries, unshuffled, batches, ...rest } = queue;
    const songs: string[] = [];
    for (const batch of batches) {
      songs.push(...await this.#addSongs(term, batch));
    }
    return {
      term,
      group: {
        ...{ name, state, atWallMs, devices: [...group.devices] },
        ...(by !== undefined && { by }),
      },
      queue: rest,
      devices: [...devices],
      songs,
      entries: [...await this.#addNumbers(term, entries)],
      unshuffled: unshuffled &&
        [...await this.#addNumbers(term, unshuffled)],
    };
  }

  /**
   * Deletes all that is kept.
   *
   * @throws {OutdatedTerm}
   */
  async drop(term: number): Promise<void> {
    const { table } = this.#world;
    this.#writes++;
    await this.#look(term);
    const order = this.#order;
    if (order === null) return;
    const at = await table.swap(this.#key("order"), null, this.#revision!);
    if (at === null) throw new Error(`Cannot delete the queue of ${this.#id}`);
    this.#revision = this.#order = null;
    for (const name of pagesOfOrder(order)) await table.drop(this.#key(name));
  }

  #key(name: string): string {
    return `${this.#id}.${name}`;
  }

  async #look(term: number): Promise<void> {
    const { value, revision } = await this.#world.table.get(this.#key("order"));
    this.#revision = revision;
    this.#order = value &&
      decodeOrderRecord(this.#id, value, this.#world.secret);
    if (this.#order && this.#order.term > term) {
      throw new OutdatedTerm(this.#order.term);
    }
    if (this.#order === null) this.#forgetPages();
  }

  /** Looks at the order that others have written instead. @param i Attempts before. */
  async #lookAgain(term: number, i: number): Promise<void> {
    if (i >= MOST_TRIES) {
      throw new Error(`Cannot write the queue of ${this.#id}: others do`);
    }
    await this.#world.clock.sleep(i * AGAIN_MS);
    await this.#look(term);
    // Its author has dropped pages that were in use before.
    this.#forgetPages();
  }

  #forgetPages(): void {
    this.#batches = new WeakMap();
    this.#numbers = new WeakMap();
  }

  /** @returns False: others have written another order, or it is to be looked at. */
  async #swap(order: OrderRecord): Promise<boolean> {
    const { table, secret } = this.#world;
    if (this.#revision === null) return false;
    const at = await table.swap(
      this.#key("order"),
      encodeOrderRecord(this.#id, order, secret),
      this.#revision,
    );
    if (at === null) return false;
    this.#revision = at;
    this.#order = order;
    return true;
  }

  async #addSongs(term: number, batch: SongBatch): Promise<readonly string[]> {
    const known = this.#batches.get(batch);
    if (known) return known;
    const { entries } = batch;
    const songs = await this.#world.names.there(batch.songs);
    const pages = pagesOf({ entries, songs })
      .map((page) => new TextEncoder().encode(page));
    const names = await this.#pages.write(term, pages);
    this.#batches.set(batch, names);
    return names;
  }

  async #addNumbers(
    term: number,
    numbers: readonly number[],
  ): Promise<readonly string[]> {
    const known = this.#numbers.get(numbers);
    if (known) return known;
    const parts = partsOf(encodeOrder(numbers));
    const names = await this.#pages.write(term, parts);
    this.#numbers.set(numbers, names);
    return names;
  }

  /** Reads a group once all of its pages are there, or what is there after a while. */
  async #readWhole(order: OrderRecord): Promise<KeptQueue> {
    const pages = new Map<string, Uint8Array | null>();
    let missing = [...pagesOfOrder(order)];
    for (let i = 1;; i++) {
      for (const [name, page] of await this.#pages.read(missing)) {
        pages.set(name, page);
      }
      missing = missing.filter((name) => pages.get(name) === null);
      if (missing.length === 0 || i === MOST_READS) break;
      await this.#world.clock.sleep(READ_AGAIN_MS);
    }
    return await this.#read(order, pages);
  }

  async #read(order: OrderRecord, pages: FoundPages): Promise<KeptQueue> {
    const { group, devices, queue } = order;
    const batches: SongBatch[] = [];
    for (const name of order.songs) {
      const page = pages.get(name) ?? null;
      const there = readBatch(page);
      if (!there) continue;
      const songs = await this.#world.names.here(there.songs);
      const batch = { entries: there.entries, songs };
      this.#batches.set(batch, [name]);
      batches.push(batch);
    }
    const saved: SavedQueue = {
      ...queue,
      batches,
      entries: this.#readNumbers(order.entries, pages),
      unshuffled: order.unshuffled &&
        this.#readNumbers(order.unshuffled, pages),
    };
    return { group: { ...group, id: this.#id, queue: saved }, devices };
  }

  #readNumbers(
    names: readonly string[],
    pages: FoundPages,
  ): readonly number[] {
    const there = names.map((name) => pages.get(name) ?? null)
      .filter((it) => it !== null);
    const numbers = decodeOrder(concat(there));
    if (there.length === names.length) this.#numbers.set(numbers, names);
    return numbers;
  }

  /**
   * Deletes pages that no order has, which a crash may have left, until something is
   * written, which may add some. Those of a later owner are its own.
   */
  async #sweep(): Promise<void> {
    const { table } = this.#world;
    const writes = this.#writes;
    const { term } = this.#order!;
    const needed = new Set(pagesOfOrder(this.#order!));
    const prefix = this.#key("");
    for (const key of await table.keys(this.#id)) {
      if (this.#writes !== writes) return;
      const name = key.slice(prefix.length);
      const isPast = Number.parseInt(name) <= term;
      if (isPast && !needed.has(name)) await table.drop(key);
    }
  }

  async #dropAll(names: Iterable<string>, order: OrderRecord): Promise<void> {
    const needed = new Set(pagesOfOrder(order));
    for (const name of names) {
      if (!needed.has(name)) await this.#world.table.drop(this.#key(name));
    }
  }
}
