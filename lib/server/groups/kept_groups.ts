/**
 * The groups that exist, by id, and what is kept of them: their rows, their places
 * while they play, and for how long.
 *
 * @module
 */

import { OndacastError } from "../../errors.ts";
import { Queue } from "../../model/queue.ts";
import { QueueBounds } from "../../model/queue_bounds.ts";
import type { SavedQueue } from "../../ports/group_store.ts";
import type { Device } from "./device.ts";
import { Group } from "./group.ts";
import { GroupKeeper } from "./group_keeper.ts";
import { type GroupRow, groupRow } from "./group_row.ts";
import type { GroupWorld } from "./world.ts";

/** Most queues that are kept. */
export const MOST_QUEUES = 4096;
/**
 * How often places are noted, at the next sweep: a crash loses a second at most.
 */
const MARK_US = 750_000;
/** A group whose devices have been away for as long is forgotten. */
const FORGET_MS = 30 * 24 * 3_600_000;
/** How often that is checked, and noted who is here. */
const SEEN_US = 3_600_000_000;

/** Notified of groups. */
export interface GroupsListener {
  /** The row of a group has changed, other than its position. */
  changed(group: Group): void;
  gone(id: string): void;
}

/** The groups of a server. Which devices they have is up to its subclass. */
export class KeptGroups {
  protected readonly world: GroupWorld;
  readonly #bounds = new QueueBounds();
  readonly #keeper: GroupKeeper;
  protected readonly byKey = new Map<string, Device>();
  protected readonly byId = new Map<string, Group>();
  protected readonly groupOf = new Map<Device, Group>();
  readonly #listeners = new Set<GroupsListener>();
  /** Groups that play. */
  protected readonly active = new Set<Group>();
  #markedAtUs = -Infinity;
  #seenAtUs = -Infinity;

  constructor(world: GroupWorld) {
    this.world = world;
    this.#keeper = new GroupKeeper(world.store);
  }

  listen(listener: GroupsListener): void {
    this.#listeners.add(listener);
  }

  /** Groups by id, those of devices that are away included. */
  get all(): ReadonlyMap<string, Group> {
    return this.byId;
  }

  get devices(): ReadonlyMap<string, Device> {
    return this.byKey;
  }

  /** The group of a device. */
  group(device: Device): Group {
    return this.groupOf.get(device)!;
  }

  row(group: Group): GroupRow {
    return groupRow(group, this.world);
  }

  /** The group of several with an id, or with a name that a person chose. */
  named(word: string): Group | undefined {
    const group = this.byId.get(word) ??
      this.byId.values().find(({ name }) => name === word && name !== "");
    return group?.isSeveral ? group : undefined;
  }

  /** @throws {OndacastError} `not-found`. */
  get(id: string): Group {
    const group = this.byId.get(id);
    if (group) return group;
    throw new OndacastError(
      "not-found",
      `Cannot find the group ${JSON.stringify(id)}`,
    );
  }

  /** A queue that was kept; an empty one if all of them would exceed their bounds. */
  protected restored(saved: SavedQueue): Queue {
    try {
      return new Queue(this.#bounds, saved);
    } catch {
      return this.newQueue();
    }
  }

  protected newQueue(): Queue {
    return new Queue(this.#bounds);
  }

  protected make(id: string, queue: Queue): Group {
    const group = new Group(this.world, id, queue, this);
    if (id !== "") this.byId.set(id, group);
    return group;
  }

  protected rename(group: Group, id: string): void {
    const { id: before } = group;
    if (before === id) return;
    if (this.byId.get(before) === group) this.dissolve(group);
    group.id = id;
    group.was = before === "" ? undefined : before;
    this.byId.set(id, group);
    group.due();
    this.changed(group);
  }

  protected dissolve({ id }: Group): void {
    this.byId.delete(id);
    this.#keeper.forget(id);
    for (const listener of this.#listeners) listener.gone(id);
  }

  protected end(group: Group): void {
    this.active.delete(group);
    group.playback.stop();
    group.queue.forget();
    this.dissolve(group);
  }

  /** Notes which devices are here, and forgets a group without any for long. */
  #see(group: Group): void {
    const nowMs = this.world.wallMs();
    const { devices } = group;
    for (const it of devices) if (it.link || it.isLent) it.seenMs = nowMs;
    if (devices.some(({ seenMs }) => seenMs > nowMs - FORGET_MS)) {
      if (group.isKept) this.#keeper.note(group, this.#placeOf(group));
      return;
    }
    for (const device of devices) {
      device.aside?.forget();
      this.groupOf.delete(device);
      this.byKey.delete(device.key);
      this.#keeper.forgetDevice(device.key);
    }
    this.end(group);
  }

  /** Keeps a group's queue from now on. @throws {OndacastError} `too-large`. */
  keep(group: Group): void {
    this.checkRoomFor(group);
    group.isKept = true;
    this.changed(group);
  }

  /**
   * Checks that a group's queue can be kept.
   *
   * @param group By default a new one.
   * @throws {OndacastError} `too-large`.
   */
  protected checkRoomFor(group?: Group): void {
    if (this.#hasRoomFor(group)) return;
    throw new OndacastError(
      "too-large",
      `Cannot keep another queue: there are ${MOST_QUEUES}`,
    );
  }

  /** Keeps what was set at a group's devices, if there is room. */
  keepSettings(group: Group): void {
    group.isKept = this.#hasRoomFor(group);
    this.changed(group);
  }

  #hasRoomFor(group?: Group): boolean {
    if (group?.isKept) return true;
    const kept = this.byId.values().filter((it) => it.isKept);
    return kept.take(MOST_QUEUES).toArray().length < MOST_QUEUES;
  }

  /** Notes that the row of a group, or what is kept of it, has changed. */
  changed(group: Group): void {
    if (group.playback.state === "playing") this.active.add(group);
    if (this.byId.get(group.id) !== group) return;
    if (group.isKept) this.#keeper.note(group, this.#placeOf(group));
    for (const listener of this.#listeners) {
      if (group.isListed) listener.changed(group);
      else listener.gone(group.id);
    }
  }

  /** Resolves once all changes so far are durable. @throws As the store does. */
  saved(): Promise<void> {
    return this.#keeper.saved();
  }

  /** To be called twice a second. */
  sweep(): void {
    const nowUs = this.world.nowUs();
    if (nowUs - this.#seenAtUs >= SEEN_US) {
      this.#seenAtUs = nowUs;
      for (const group of [...this.byId.values()]) this.#see(group);
    }
    const marks = nowUs - this.#markedAtUs >= MARK_US;
    if (marks) this.#markedAtUs = nowUs;
    for (const group of this.active) {
      if (group.playback.state !== "playing") {
        this.active.delete(group);
        continue;
      }
      group.sweep();
      if (marks && group.isKept) {
        const { atWallMs, seconds } = this.#placeOf(group);
        const playing = group.queue.playing?.entry ?? null;
        this.world.store.mark(group.id, { playing, seconds, atWallMs });
      }
    }
  }

  /** Its position, and when that sounds by the wall clock. */
  #placeOf(group: Group): { seconds: number; atWallMs: number | null } {
    const { nowUs, wallMs } = this.world;
    const us = nowUs();
    const { seconds, atUs } = group.playback.position(us);
    const plays = group.playback.state === "playing";
    group.queue.mark(seconds);
    return { seconds, atWallMs: plays ? wallMs() + (atUs - us) / 1000 : null };
  }
}
