/**
 * The records of who owns which group: `owner.GROUP`, which every server may write,
 * by compare-and-set. They are signed, and their terms never fall.
 *
 * @module
 */

import * as v from "valibot";
import { count, textOf } from "../wire/fields.ts";
import type { Clock } from "../ports/common.ts";
import type { Bus, RecordListener } from "./bus.ts";
import { MOST_DEVICES } from "./records.ts";
import { canFollow, type Owner, OwnerTerms } from "./owner_terms.ts";
import { type ClusterSecret, isSameProof } from "./secret.ts";

const KIND = "owner";
/** Most groups with an owner; others are ignored. */
export const MOST_OWNERS = 65_536;
/** Records that are written at once. */
const AT_ONCE = 16;
/** Until what could not be written is tried again. */
const AGAIN_MS = 1_000;
/** How long the owner of a group has to right its record, before another server does. */
const OTHERS_MS = 5_000;
/** A group that has ended is remembered for as long, so that its term goes on. */
const GONE_MS = 24 * 3_600_000;

const RECORD = v.object({
  node: textOf(1, 32),
  term: v.pipe(count, v.minValue(1)),
  devices: v.pipe(v.array(textOf(1, 64)), v.maxLength(MOST_DEVICES)),
  goneMs: v.optional(count),
  /** Proves that its author knows the secret. */
  mark: textOf(64, 64),
});

/** Notified of owners. */
export interface OwnersListener {
  /** A group has another owner, or other devices; undefined: it has ended. */
  owned(id: string, owner: Owner | undefined): void;
  /** All records are known. */
  known(): void;
}

export interface OwnersWorld {
  /** The name of this server. */
  own: string;
  bus: Pick<Bus, "swap" | "put">;
  secret: ClusterSecret;
  clock: Clock;
  signal: AbortSignal;
  wallMs(): number;
  listener: OwnersListener;
}

export class Owners implements RecordListener {
  readonly terms: OwnerTerms;
  readonly #world: OwnersWorld;
  #isKnown = false;
  /** Ids that have not been seen since `begin()`. */
  #stale: Set<string> | null = null;
  /** Groups of which the table has an older record, or none; when to right that. */
  readonly #wrong = new Map<string, number>();
  #isRighting = false;

  constructor(world: OwnersWorld) {
    this.#world = world;
    this.terms = new OwnerTerms(world.own);
  }

  /** The number of groups that this server runs. */
  get ownCount(): number {
    let count = 0;
    for (const id of this.terms.ids) if (this.terms.isOwn(id)) count++;
    return count;
  }

  /** Whether all records have come, so that the lack of one means something. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** The server that owns the group of a device, which may be that of the device. */
  placeOf(device: string): string | undefined {
    const id = this.terms.groupOf(device);
    return id === undefined ? undefined : this.terms.owner(id)?.node;
  }

  begin(): void {
    this.#stale = new Set(this.terms.ids);
    this.terms.begin();
  }

  record(key: string, value: Uint8Array | null, revision: number): void {
    const [kind, id] = key.split(".", 2);
    if (kind !== KIND || !id || key !== ownerKey(id)) return;
    this.#stale?.delete(id);
    const { terms } = this;
    if (terms.size >= MOST_OWNERS && !terms.has(id)) return;
    this.#see(id, value && this.#read(id, value), revision);
  }

  complete(): void {
    for (const id of this.#stale ?? []) this.#see(id, null, 0);
    this.#stale = null;
    this.#isKnown = true;
    this.#forgetGone();
    this.#world.listener.known();
  }

  /**
   * Makes a server the owner of a group, this one as long as no other is.
   *
   * @returns False: another server was quicker.
   * @throws If the table cannot be written now.
   */
  async give(
    id: string,
    node: string,
    devices: readonly string[],
  ): Promise<boolean> {
    const { owner, revision } = this.terms.next(id, node, devices);
    return await this.#swap(id, owner, revision);
  }

  /** Keeps a group of this server, or a new one. @returns False: it is another's. */
  async keep(id: string, devices: readonly string[]): Promise<boolean> {
    const { terms } = this;
    const { own } = this.#world;
    const owner = terms.owner(id);
    if (owner && owner.node !== own) return false;
    if (owner && isSameList(owner.devices, devices)) return true;
    return await this.give(id, own, devices);
  }

  /** A group has ended. @returns False: it is another's. */
  async end(id: string): Promise<boolean> {
    if (!this.terms.isOwn(id)) return false;
    const { own, wallMs } = this.#world;
    const { owner, revision } = this.terms.next(id, own, []);
    const goneMs = Math.round(wallMs());
    await this.#swap(id, { ...owner, goneMs }, revision);
    return this.terms.owner(id) === undefined;
  }

  /**
   * Goes on owning a group whose queue is of a later owner, of which NATS has lost the
   * record.
   *
   * @param term The one of the queue.
   * @returns False: the group is another's.
   */
  async outbid(id: string, term: number): Promise<boolean> {
    const { terms } = this;
    const { own } = this.#world;
    const owner = terms.owner(id);
    const isOutdated = owner?.node === own && term > owner.term &&
      canFollow(term + 1, owner.term);
    if (!isOutdated) return false;
    const { revision } = terms.next(id, own, owner.devices);
    return await this.#swap(id, { ...owner, term: term + 1 }, revision);
  }

  async #swap(id: string, owner: Owner, revision: number): Promise<boolean> {
    const { bus } = this.#world;
    const at = await bus.swap(ownerKey(id), this.#encode(id, owner), revision);
    if (at === null) return false;
    this.#see(id, owner, at);
    return this.terms.owner(id)?.node === owner.node;
  }

  #see(id: string, owner: Owner | null, revision: number): void {
    const { terms } = this;
    const { listener } = this.#world;
    const seen = terms.seen(id, owner, revision);
    if (seen === "new") {
      this.#wrong.delete(id);
      listener.owned(id, terms.owner(id));
    } else if (seen === "older" && !this.#wrong.has(id)) {
      // Someone has put a lower term, or NATS has lost the record. Its owner may not
      // know any more that it is, if it has started again.
      const waitMs = terms.isOwn(id) ? 0 : OTHERS_MS;
      this.#wrong.set(id, this.#world.clock.now() + waitMs);
      this.#right();
    }
  }

  /** Writes the records that are wrong, again until they are right. */
  async #right(): Promise<void> {
    const { clock, signal } = this.#world;
    if (this.#isRighting) return;
    this.#isRighting = true;
    while (this.#wrong.size > 0 && !signal.aborted) {
      const due = [
        ...this.#wrong.entries().filter(([, ms]) => ms <= clock.now())
          .map(([id]) => id).take(AT_ONCE),
      ];
      await Promise.all(due.map((id) => this.#rightOne(id)));
      if (due.length < AT_ONCE) await clock.sleep(AGAIN_MS, signal);
    }
    this.#isRighting = false;
  }

  async #rightOne(id: string): Promise<void> {
    const { terms } = this;
    const owner = terms.last(id);
    // Behind those that have yet to be tried.
    this.#wrong.delete(id);
    if (!owner) return;
    this.#wrong.set(id, this.#world.clock.now() + AGAIN_MS);
    const { revision } = terms.next(id, owner.node, owner.devices);
    await this.#swap(id, owner, revision).catch(() => {});
  }

  /** Deletes the records of own groups that have ended long ago. */
  #forgetGone(): void {
    const { own, bus, wallMs } = this.#world;
    for (const id of this.terms.ids) {
      const { node, goneMs } = this.terms.last(id) ?? {};
      const isOld = goneMs !== undefined && wallMs() - goneMs > GONE_MS;
      if (node === own && isOld) bus.put(ownerKey(id), null).catch(() => {});
    }
  }

  #encode(id: string, owner: Owner): Uint8Array {
    const record = { ...owner, mark: this.#mark(id, owner) };
    return new TextEncoder().encode(JSON.stringify(record));
  }

  #read(id: string, bytes: Uint8Array): Owner | null {
    try {
      const json = JSON.parse(new TextDecoder().decode(bytes));
      const { mark, ...owner } = v.parse(RECORD, json);
      return isSameProof(mark, this.#mark(id, owner)) ? owner : null;
    } catch {
      return null;
    }
  }

  #mark(id: string, { node, term, devices, goneMs }: Owner): string {
    return this.#world.secret.sign([
      ...[KIND, id, node, term, devices, goneMs ?? null],
    ]);
  }
}

function ownerKey(id: string): string {
  return `${KIND}.${id}`;
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((it, i) => it === b[i]);
}
