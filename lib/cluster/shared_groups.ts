/**
 * The store of groups of a server that is one of several: what it keeps itself, and
 * for the groups that it owns a copy that every other server can go on from.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import { within } from "../model/within.ts";
import type { Clock } from "../ports/common.ts";
import type {
  GroupChange,
  GroupStore,
  SavedDevice,
  SavedGroup,
  SavedPlace,
} from "../ports/group_store.ts";
import { AsideQueues } from "./aside_queues.ts";
import type { Table } from "./bus.ts";
import type { MovedNames } from "./moved_names.ts";
import type { Owner } from "./owner_terms.ts";
import type { Owners } from "./owners.ts";
import { OutdatedTerm, QueueRecord, type TakenQueue } from "./queue_record.ts";
import type { ClusterSecret } from "./secret.ts";

/** Groups that are written at once. */
const AT_ONCE = 16;
/** After a failed write. */
const AGAIN_MS = 500;
/** How long a change waits to be copied, while the others can be reached. */
const COPY_MS = 2_000;
/**
 * How often the place of a group that plays is copied: one that was seen to play
 * within a minute goes on at another server.
 */
const MARK_MS = 20_000;
/** How long an edit waits for that. */
const EDIT_MS = 5_000;

/** A group of this server. */
interface Held {
  readonly record: QueueRecord;
  /** As it is to be written; null: it has ended. */
  group: SavedGroup | null;
  /** The revision of its queue that the others have, as far as is known. */
  copied: number | null;
  /** Resolves to whether it is written, or is another server's; null: it is. */
  writing: PromiseWithResolvers<boolean> | null;
  hasEnded: boolean;
  /** Read, and about to go on: what ended before is not this one. */
  isTaken: boolean;
  /** When its place was last copied, or is about to be. */
  markedMs: number;
}

export interface SharedGroupsWorld {
  /** Keeps the groups on this machine. */
  local: GroupStore;
  /** The name of this server. */
  own: string;
  owners: Owners;
  table: Table;
  /** Of songs in queues. */
  names: MovedNames;
  secret: ClusterSecret;
  clock: Clock;
  signal: AbortSignal;
  /** Whether the others can be heard of. */
  isConnected(): boolean;
  /** Another server has taken over a group. */
  lost(id: string, node: string): void;
  /** What is here of a group is older than what the table has, which is to go on. */
  outdated(id: string): void;
  log(level: "info" | "warn", text: string): void;
}

export class SharedGroups implements GroupStore {
  readonly #world: SharedGroupsWorld;
  readonly #held = new Map<string, Held>();
  readonly #devices = new Map<string, SavedDevice>();
  readonly #dirty = new Set<string>();
  /** Owners of groups that this one has left, of whom no record has told yet. */
  readonly #left = new Map<string, Owner>();
  readonly #aside: AsideQueues;
  #isRunning = false;

  constructor(world: SharedGroupsWorld) {
    this.#world = world;
    this.#aside = new AsideQueues(world.local, world.log);
  }

  async load(): ReturnType<GroupStore["load"]> {
    const { devices, groups: all } = await this.#world.local.load();
    for (const it of devices) this.#devices.set(it.key, it);
    const groups = this.#aside.load(all);
    for (const group of groups) {
      this.#hold(group.id, group).copied = group.queue.revision;
    }
    return { devices, groups };
  }

  async save(change: GroupChange): Promise<void> {
    const { local } = this.#world;
    for (const it of change.devices ?? []) this.#devices.set(it.key, it);
    for (const it of change.goneDevices ?? []) this.#devices.delete(it);
    const groups = (change.groups ?? []).filter(({ id }) => !this.#isLeft(id));
    const held = groups.map((it) => this.#hold(it.id, it));
    for (const id of change.goneGroups ?? []) {
      if (this.#isLeft(id)) continue;
      const known = this.#held.get(id);
      if (known && !known.isTaken && !this.#forget(id)) {
        held.push(this.#hold(id, null));
      }
    }
    await local.save(change);
    await this.#copiedSoon(held);
  }

  /** Resolves once the others have the latest state of all groups, or after a while. */
  allCopied(): Promise<void> {
    return this.#copiedSoon(this.#held.values());
  }

  mark(id: string, place: SavedPlace): void {
    const { local, clock } = this.#world;
    local.mark(id, place);
    const held = this.#held.get(id);
    if (!held?.group || clock.now() - held.markedMs < MARK_MS) return;
    const { atWallMs, ...played } = place;
    const queue = { ...held.group.queue, ...played };
    held.group = { ...held.group, atWallMs, queue };
    held.markedMs = clock.now();
    this.#dirty.add(id);
    this.#run();
  }

  close(): Promise<void> {
    return this.#world.local.close();
  }

  /** The number of groups whose latest state the others do not have. */
  get uncopied(): number {
    return this.#held.values().filter(({ writing }) => writing !== null)
      .toArray().length;
  }

  /** Whether a group is known to this server as its own. */
  holds(id: string): boolean {
    return this.#held.has(id);
  }

  /**
   * Resolves once the others have the latest state of a group.
   *
   * @throws {OndacastError} `lost`, if they cannot be reached; `stale`, if another
   * server owns it.
   */
  async copied(id: string): Promise<void> {
    const held = this.#held.get(id);
    // It may have been given up since the edit, or is read again.
    const isOwn = this.#world.owners.terms.isOwn(id);
    if (!held && (this.#forget(id) || isOwn)) throw isTaken();
    const writing = held?.writing;
    if (!writing) return;
    const { clock } = this.#world;
    const isCopied = await within(clock, EDIT_MS, writing.promise);
    if (isCopied) return;
    if (isCopied === false) throw isTaken();
    throw new OndacastError(
      "lost",
      "Cannot copy the edit to the other servers: they are out of reach. It holds at this one alone",
    );
  }

  /**
   * Reads a group that this server owns by now.
   *
   * @returns Null: nothing of it was kept.
   * @throws {OutdatedTerm} Another server owns it already.
   */
  async take(id: string): Promise<TakenQueue | null> {
    const { owners: { terms }, clock } = this.#world;
    const record = this.#held.get(id)?.record ?? this.#newRecord(id);
    const term = terms.term(id);
    const isExpected = (terms.owner(id)?.devices.length ?? 0) > 0;
    let kept;
    try {
      kept = await record.take(term, isExpected);
    } catch (error) {
      if (!await this.#outbids(id, error)) throw error;
      return await this.take(id);
    }
    if (kept === null || this.#held.has(id)) return null;
    if (!terms.isOwn(id) || terms.term(id) !== term) throw new OutdatedTerm();
    for (const it of kept.devices) this.#devices.set(it.key, it);
    this.#held.set(id, {
      ...{ record, group: kept.group, copied: kept.group.queue.revision },
      ...{ writing: null, hasEnded: false, isTaken: true },
      markedMs: clock.now(),
    });
    return kept;
  }

  /** A group that was taken goes on here. */
  adopted(id: string): void {
    const held = this.#held.get(id);
    if (held) held.isTaken = false;
  }

  /** A group that was taken does not go on here yet: it is to be taken again. */
  giveUp(id: string): void {
    this.#held.delete(id);
  }

  /** A group has another owner, or has ended elsewhere. */
  owned(id: string, owner: Owner | undefined): void {
    const held = this.#held.get(id);
    if (owner && held && this.#forget(id, owner)) {
      this.#left.set(id, owner);
      this.#keepAside(held, owner);
      this.#world.lost(id, owner.node);
    } else if (
      held?.group && !held.writing &&
      held.copied !== held.group.queue.revision
    ) {
      // It was another's when it was to be copied.
      this.#hold(id, held.group);
    }
    this.#isLeft(id); // Which forgets it if its record has told.
  }

  /** All owners are known: what this server keeps is compared with what they have. */
  known(): void {
    const { owners } = this.#world;
    for (const [id, { record }] of this.#held) {
      this.owned(id, owners.terms.owner(id));
      if (!this.#held.has(id)) continue;
      record.recheck();
      this.#dirty.add(id);
    }
    this.#run();
  }

  /** Whether a group goes on elsewhere, as a loan told before its record has come. */
  #isLeft(id: string): boolean {
    const left = this.#left.get(id);
    if (!left) return false;
    const { term = 0 } = this.#world.owners.terms.owner(id) ?? {};
    if (term < left.term) return true;
    this.#left.delete(id);
    return false;
  }

  /** Forgets a group if another server owns it, where it goes on. */
  #forget(id: string, owner = this.#world.owners.terms.owner(id)): boolean {
    if (!owner || owner.node === this.#world.own) return false;
    this.#held.get(id)?.writing?.resolve(false);
    this.#held.delete(id);
    this.#dirty.delete(id);
    return true;
  }

  async #copiedSoon(held: Iterable<Held>): Promise<void> {
    const { clock, isConnected } = this.#world;
    if (!isConnected()) return;
    const copied = Iterator.from(held).map(({ writing }) => writing?.promise);
    await within(clock, COPY_MS, Promise.all(copied));
  }

  #newRecord(id: string): QueueRecord {
    const { table, secret, clock, names } = this.#world;
    return new QueueRecord({ table, secret, clock, names }, id);
  }

  #hold(id: string, group: SavedGroup | null): Held {
    const held = this.#held.get(id) ?? {
      ...{ record: this.#newRecord(id), group, copied: null },
      ...{ writing: null, hasEnded: false, isTaken: false },
      markedMs: -Infinity,
    };
    held.group = group;
    held.markedMs = this.#world.clock.now();
    held.writing ??= Promise.withResolvers();
    this.#held.set(id, held);
    this.#dirty.add(id);
    this.#run();
    return held;
  }

  async #run(): Promise<void> {
    const { owners, clock, signal } = this.#world;
    if (this.#isRunning) return;
    this.#isRunning = true;
    // Changes come in groups.
    await null;
    while (owners.isKnown && this.#dirty.size > 0 && !signal.aborted) {
      const some = [...this.#dirty.values().take(AT_ONCE)];
      for (const id of some) this.#dirty.delete(id);
      const done = await Promise.all(some.map((id) => this.#write(id)));
      if (!done.every(Boolean)) await clock.sleep(AGAIN_MS, signal);
    }
    this.#isRunning = false;
  }

  /** @returns False: it could not be written, and is tried again. */
  async #write(id: string): Promise<boolean> {
    const held = this.#held.get(id);
    if (!held) return true;
    let isWritten = false;
    try {
      isWritten = held.group
        ? await this.#copy(id, held, held.group)
        : await this.#end(id, held);
    } catch (error) {
      if (!(error instanceof OutdatedTerm)) {
        this.#dirty.add(id);
        return false;
      }
      // Its new owner is about to be heard of, unless NATS has lost the record.
      const isOwn = await this.#outbids(id, error).catch(() => null);
      if (isOwn === null) {
        this.#dirty.add(id);
        return false;
      }
      if (isOwn && this.#held.get(id) === held) this.#readAgain(id, held);
    }
    if (this.#dirty.has(id)) return true;
    held.writing?.resolve(isWritten);
    held.writing = null;
    return true;
  }

  /** A group of this server is not as a later owner has left it, which it takes up. */
  #readAgain(id: string, held: Held): void {
    this.#held.delete(id);
    this.#dirty.delete(id);
    this.#keepAside(held, this.#world.owners.terms.owner(id)!);
    this.#world.outdated(id);
  }

  /** Whether a group is this server's, although its queue is of a later owner. */
  async #outbids(id: string, error: unknown): Promise<boolean> {
    return error instanceof OutdatedTerm &&
      await this.#world.owners.outbid(id, error.term);
  }

  /**
   * @returns False: another server owns it.
   * @throws If that is not known.
   */
  async #copy(id: string, held: Held, group: SavedGroup): Promise<boolean> {
    const { owners } = this.#world;
    const { terms } = owners;
    if (!await owners.keep(id, group.devices)) {
      // The table has what is on its way here.
      if (!terms.owner(id) || terms.isOwn(id)) throw isUnsure(id);
      // It was saved once more after another server had taken it over. A device that
      // is given back is in its own group again before the other has ended that.
      const isLeft = !group.devices.includes(id);
      if (isLeft && this.#held.get(id) === held) {
        this.owned(id, owners.terms.owner(id));
      }
      return false;
    }
    const devices = group.devices.map((key) => this.#devices.get(key))
      .filter((it) => it !== undefined);
    // By now another server may own it, whose term is not to be written in.
    const term = terms.ownTerm(id);
    await held.record.write(
      ...[term, { group, devices }] as const,
      () => this.#held.get(id) === held && terms.ownTerm(id) === term,
    );
    held.copied = group.queue.revision;
    return true;
  }

  async #end(id: string, held: Held): Promise<boolean> {
    const { owners } = this.#world;
    held.hasEnded ||= await owners.end(id);
    if (!held.hasEnded && owners.terms.isOwn(id)) throw isUnsure(id);
    if (held.hasEnded) await held.record.drop(owners.terms.ownTerm(id));
    const isLatest = this.#held.get(id) === held && held.group === null;
    if (isLatest) this.#held.delete(id);
    return held.hasEnded;
  }

  /**
   * Keeps edits that the others never had, or that another owner of the same term may
   * have written over.
   */
  #keepAside({ group, copied }: Held, owner: Owner): void {
    if (!group) return;
    const isSure = owner.term > this.#world.owners.terms.ownTerm(group.id);
    if (isSure && group.queue.revision === copied) return;
    if (group.queue.entries.length > 0) this.#aside.keep(group, owner);
  }
}

function isUnsure(id: string): Error {
  return new Error(`Cannot write the owner of ${id}: another record is there`);
}

function isTaken(): OndacastError {
  return new OndacastError(
    "stale",
    "Cannot edit the queue: another server has taken over the group",
  );
}
