/**
 * All groups of a server: each device that receives is in exactly one. Handlers of
 * messages act on groups through this service, which keeps them durably.
 *
 * @module
 */

import { OndacastError } from "../../errors.ts";
import { Queue } from "../../model/queue.ts";
import { QueueBounds } from "../../model/queue_bounds.ts";
import type { SavedQueue } from "../../ports/group_store.ts";
import type { ToServer } from "../../wire/messages.ts";
import { Device } from "./device.ts";
import { Group } from "./group.ts";
import { GroupKeeper } from "./group_keeper.ts";
import { type GroupRow, groupRow } from "./group_row.ts";
import type { Receiver } from "./receiver.ts";
import type { GroupWorld } from "./world.ts";

/** Most devices of a group. */
export const MOST_DEVICES = 64;
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

export class Groups {
  readonly #world: GroupWorld;
  readonly #bounds = new QueueBounds();
  readonly #keeper: GroupKeeper;
  readonly #devices = new Map<string, Device>();
  readonly #groups = new Map<string, Group>();
  readonly #groupOf = new Map<Device, Group>();
  readonly #listeners = new Set<GroupsListener>();
  /** Groups that play. */
  readonly #active = new Set<Group>();
  #markedAtUs = -Infinity;
  #seenAtUs = -Infinity;

  constructor(world: GroupWorld) {
    this.#world = world;
    this.#keeper = new GroupKeeper(world.store);
  }

  /** Takes up what was kept. Call it once, before any device arrives. */
  async load(): Promise<void> {
    const { devices, groups } = await this.#world.store.load();
    for (const it of devices) this.#devices.set(it.key, Device.restore(it));
    for (const saved of groups) {
      const queue = this.#restored(saved.queue);
      const members = saved.devices.map((key) => this.#devices.get(key))
        .filter((it) => it !== undefined && !this.#groupOf.has(it)) as Device[];
      const device = this.#devices.get(saved.id);
      if (members.length === 0) {
        if (device) device.aside = queue;
        continue;
      }
      const group = this.#make(saved.id, queue);
      for (const it of members) this.#put(it, group);
      group.restore(saved);
      if (members.length === 1) this.#rename(group, members[0].key);
    }
    for (const device of this.#devices.values()) {
      if (!this.#groupOf.has(device)) this.#alone(device);
    }
  }

  /** A device receives from now on, by a connection. */
  arrive(key: string, name: string, link: Receiver): Device {
    const { wallMs } = this.#world;
    const known = this.#devices.get(key);
    const device = known ?? new Device(key, name, wallMs());
    device.name = name;
    device.seenMs = wallMs();
    device.problem = device.step = undefined;
    device.isReceiving = true;
    device.link = link;
    this.#devices.set(key, device);
    const group = this.#groupOf.get(device) ?? this.#alone(device);
    // One of the first version plays apart.
    if (!link.isInStep && group.isSeveral) this.leave(device);
    this.group(device).arrive(device);
    if (known) this.#setUp(device);
    this.changed(this.group(device));
    return device;
  }

  /** Sends a device its settings. */
  #setUp({ link, volume, muted, delayMs }: Device): void {
    if (volume !== 100) link!.control({ action: "volume", value: volume });
    if (!link!.isInStep) return;
    if (muted) link!.control({ action: "mute", value: true });
    if (delayMs) link!.control({ action: "delay", value: delayMs });
  }

  /** A device has left, or receives no more. */
  depart(device: Device, link: Receiver): void {
    if (device.link !== link) return;
    device.link = null;
    device.isReceiving = false;
    device.seenMs = this.#world.wallMs();
    const group = this.group(device);
    group.depart(device);
    if (group.isKept || group.isSeveral) this.changed(group);
    else this.#forget(device);
  }

  /** A device receives no more, or again. What it plays goes on. */
  setReceiving(device: Device, on: boolean): void {
    if (!on) this.leave(device);
    device.isReceiving = on;
    this.changed(this.group(device));
  }

  /** A device has asked for a stream to be stopped. */
  stopped(device: Device, stream: number): void {
    const group = this.group(device);
    if (!group.plays(device, stream)) return;
    group.forget(device);
    if (group.isSeveral) this.leave(device);
    else group.playback.stop();
  }

  /** A device plays a song that it has requested, instead of its group's. */
  plays(
    device: Device,
    played: { stream: number; song: string; fromSeconds: number },
  ): void {
    const group = this.group(device);
    const isAgain = !device.link?.isInStep &&
      group.queue.playing?.song === played.song &&
      group.playback.state !== "stopped";
    if (isAgain) return void group.adopt(device, played);
    group.displaced(device);
    this.leave(device);
  }

  /** Adopts what a device reports of itself. */
  adjust(
    device: Device,
    { volume, step, problem }: Pick<
      ToServer<"state">,
      "volume" | "step" | "problem"
    >,
  ): void {
    const isSame = device.volume === volume && device.problem === problem;
    // The first version is muted by its volume.
    if (device.link?.isInStep || !device.muted) device.volume = volume;
    device.step = step ?? device.step;
    device.problem = problem;
    if (!isSame) this.changed(this.group(device));
  }

  /** Has a device sent everything that is due once more. */
  rejoin(device: Device): void {
    this.group(device).rejoin(device);
  }

  listen(listener: GroupsListener): void {
    this.#listeners.add(listener);
  }

  /** Groups by id, those of devices that are away included. */
  get all(): ReadonlyMap<string, Group> {
    return this.#groups;
  }

  get devices(): ReadonlyMap<string, Device> {
    return this.#devices;
  }

  /** The group of a device. */
  group(device: Device): Group {
    return this.#groupOf.get(device)!;
  }

  row(group: Group): GroupRow {
    return groupRow(group, this.#world);
  }

  /** The group of several with an id, or with a name that a person chose. */
  named(word: string): Group | undefined {
    const group = this.#groups.get(word) ??
      this.#groups.values().find(({ name }) => name === word && name !== "");
    return group?.isSeveral ? group : undefined;
  }

  /** @throws {OndacastError} `not-found`. */
  get(id: string): Group {
    const group = this.#groups.get(id);
    if (group) return group;
    throw new OndacastError(
      "not-found",
      `Cannot find the group ${JSON.stringify(id)}`,
    );
  }

  /**
   * The group that the devices exactly are, or that they become.
   *
   * @param isNew Whether it gets another queue at once.
   */
  unite(devices: readonly Device[], isNew = false): Group {
    const [first] = devices;
    const exact = this.group(first);
    if (isExactly(exact, devices)) return exact;
    if (devices.length === 1) {
      this.leave(first);
      return this.group(first);
    }
    this.#checkMany(devices);
    const heir = isNew ? undefined : this.#heir(devices);
    const group = heir ?? this.#make("", this.#newQueue());
    this.#gather(group, devices);
    this.#rename(group, this.#world.newId());
    this.keep(group);
    return group;
  }

  /**
   * The group whose queue goes on as that of devices which become one: the first
   * that plays, else the first with a queue, if all of its devices are among them.
   */
  #heir(devices: readonly Device[]): Group | undefined {
    const whole = devices.map((it) => this.group(it))
      .filter((group) => group.devices.every((it) => devices.includes(it)));
    return whole.find(({ playback }) => playback.state === "playing") ??
      whole.find(({ queue }) => queue.entries.length > 0) ?? whole[0];
  }

  /** Makes exactly these devices a group's, and gives the others back their own. */
  move(group: Group, devices: readonly Device[]): void {
    if (isExactly(group, devices)) return;
    this.#checkMany(devices);
    const former = group.devices.filter((it) => !devices.includes(it));
    this.#gather(group, devices);
    for (const device of former) this.#release(device, group);
    this.#settle(group);
    this.keep(group);
  }

  /** A device leaves a group of several, whose others play on. */
  leave(device: Device): void {
    const group = this.group(device);
    if (!group.isSeveral) return;
    this.#release(device, group);
    this.#settle(group);
  }

  #gather(group: Group, devices: readonly Device[]): void {
    const isSeveral = devices.length > 1;
    for (const device of devices) {
      const before = this.group(device);
      if (before === group) continue;
      if (before.isSeveral) this.#detach(device, before);
      else this.#putAside(device, before, isSeveral);
      this.#put(device, group);
      if (before.devices.length > 0) this.#settle(before);
      else if (this.#groups.get(before.id) === before) this.#end(before);
    }
  }

  #end(group: Group): void {
    this.#active.delete(group);
    group.playback.stop();
    group.queue.forget();
    this.#dissolve(group);
  }

  #putAside(device: Device, own: Group, isKept: boolean): void {
    own.playback.stop(own.playback.position(this.#world.nowUs()).seconds);
    this.#detach(device, own);
    this.#dissolve(own);
    if (isKept && own.queue.entries.length > 0) device.aside = own.queue;
    else own.queue.forget();
  }

  /** Gives a device that leaves a group its own queue back, stopped. */
  #release(device: Device, group: Group): void {
    this.#detach(device, group);
    this.changed(this.#alone(device));
  }

  #detach(device: Device, group: Group): void {
    group.remove(device);
    this.#groupOf.delete(device);
  }

  /** A group of several whose devices have changed. */
  #settle(group: Group): void {
    const { devices } = group;
    const [only] = devices;
    if (devices.length === 1 && group.id !== only.key) {
      only.aside?.forget();
      only.aside = null;
      this.#rename(group, only.key);
      group.name = "";
    } else if (devices.length > 1 && this.#devices.has(group.id)) {
      this.#rename(group, this.#world.newId());
    } else this.changed(group);
  }

  /** A device's own group, with the queue that it had before. */
  #alone(device: Device): Group {
    const group = this.#make(device.key, device.aside ?? this.#newQueue());
    group.isKept = device.aside !== null;
    device.aside = null;
    this.#put(device, group);
    return group;
  }

  /** A queue that was kept; an empty one if all of them would exceed their bounds. */
  #restored(saved: SavedQueue): Queue {
    try {
      return new Queue(this.#bounds, saved);
    } catch {
      return this.#newQueue();
    }
  }

  #newQueue(): Queue {
    return new Queue(this.#bounds);
  }

  #make(id: string, queue: Queue): Group {
    const group = new Group(this.#world, id, queue, this);
    if (id !== "") this.#groups.set(id, group);
    return group;
  }

  #put(device: Device, group: Group): void {
    this.#groupOf.set(device, group);
    group.add(device);
  }

  #rename(group: Group, id: string): void {
    const { id: before } = group;
    if (before === id) return;
    if (this.#groups.get(before) === group) this.#dissolve(group);
    group.id = id;
    group.was = before === "" ? undefined : before;
    this.#groups.set(id, group);
    group.due();
    this.changed(group);
  }

  #dissolve({ id }: Group): void {
    this.#groups.delete(id);
    this.#keeper.forget(id);
    for (const listener of this.#listeners) listener.gone(id);
  }

  #forget(device: Device): void {
    const group = this.group(device);
    this.#groupOf.delete(device);
    this.#devices.delete(device.key);
    this.#end(group);
  }

  /** Notes which devices are here, and forgets a group without any for long. */
  #see(group: Group): void {
    const nowMs = this.#world.wallMs();
    const { devices } = group;
    for (const it of group.present) it.seenMs = nowMs;
    if (devices.some(({ seenMs }) => seenMs > nowMs - FORGET_MS)) {
      if (group.isKept) this.#keeper.note(group, this.#placeOf(group));
      return;
    }
    for (const device of devices) {
      device.aside?.forget();
      this.#groupOf.delete(device);
      this.#devices.delete(device.key);
      this.#keeper.forgetDevice(device.key);
    }
    this.#end(group);
  }

  /** Keeps a group's queue from now on. @throws {OndacastError} `too-large`. */
  keep(group: Group): void {
    if (!group.isKept) {
      const kept = [...this.#groups.values()].filter((it) => it.isKept);
      if (kept.length >= MOST_QUEUES) {
        throw new OndacastError(
          "too-large",
          `Cannot keep another queue: there are ${MOST_QUEUES}`,
        );
      }
      group.isKept = true;
    }
    this.changed(group);
  }

  /** Notes that the row of a group, or what is kept of it, has changed. */
  changed(group: Group): void {
    if (group.playback.state === "playing") this.#active.add(group);
    if (this.#groups.get(group.id) !== group) return;
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
    const nowUs = this.#world.nowUs();
    if (nowUs - this.#seenAtUs >= SEEN_US) {
      this.#seenAtUs = nowUs;
      for (const group of [...this.#groups.values()]) this.#see(group);
    }
    const marks = nowUs - this.#markedAtUs >= MARK_US;
    if (marks) this.#markedAtUs = nowUs;
    for (const group of this.#active) {
      if (group.playback.state !== "playing") {
        this.#active.delete(group);
        continue;
      }
      group.sweep();
      if (marks && group.isKept) {
        const { atWallMs, seconds } = this.#placeOf(group);
        const playing = group.queue.playing?.entry ?? null;
        this.#world.store.mark(group.id, { playing, seconds, atWallMs });
      }
    }
  }

  /** Its position, and when that sounds by the wall clock. */
  #placeOf(group: Group): { seconds: number; atWallMs: number | null } {
    const { nowUs, wallMs } = this.#world;
    const us = nowUs();
    const { seconds, atUs } = group.playback.position(us);
    const plays = group.playback.state === "playing";
    group.queue.mark(seconds);
    return { seconds, atWallMs: plays ? wallMs() + (atUs - us) / 1000 : null };
  }

  #checkMany(devices: readonly Device[]): void {
    if (devices.length > MOST_DEVICES) {
      throw new OndacastError(
        "too-large",
        `Cannot group ${devices.length} devices: expected at most ${MOST_DEVICES}`,
      );
    }
  }
}

function isExactly(group: Group, devices: readonly Device[]): boolean {
  const own = group.devices;
  return own.length === devices.length &&
    own.every((it) => devices.includes(it));
}
