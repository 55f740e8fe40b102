/**
 * All groups of a server: each device that receives is in exactly one. Handlers of
 * messages act on groups through this service, which keeps them durably.
 *
 * @module
 */

import { OndacastError } from "../../errors.ts";
import { Device } from "./device.ts";
import {
  accept,
  adopt,
  again,
  type DeviceReport,
  displace,
} from "./device_reports.ts";
import type { Group } from "./group.ts";
import type { Receiver, StreamCause } from "./receiver.ts";
import type {
  Arriving,
  DeviceFacts,
  ReceiverListener,
  Requested,
} from "./receiver_listener.ts";
import { RestoredGroups } from "./restored_groups.ts";

/** Most devices of a group. */
export const MOST_DEVICES = 64;

export class Groups extends RestoredGroups implements ReceiverListener {
  arrive({ key, name, kind }: Arriving, link: Receiver): Device {
    const { wallMs } = this.world;
    const known = this.byKey.get(key);
    const device = known ?? new Device(key, name, wallMs());
    device.name = name;
    device.kind = kind;
    device.seenMs = wallMs();
    device.problem = device.step = device.leadMs = undefined;
    device.isReceiving = true;
    device.isLent = false;
    device.link = link;
    device.awaitNothing();
    this.byKey.set(key, device);
    const group = this.groupOf.get(device) ?? this.alone(device);
    // One of the first version plays apart.
    if (!link.isInStep && group.isSeveral) this.leave(device);
    const fed = this.group(device).arrive(device);
    if (known) this.setUp(device, fed);
    this.changed(this.group(device));
    return device;
  }

  depart(device: Device, link: Receiver): void {
    if (device.link !== link) return;
    device.link = null;
    device.isReceiving = false;
    this.group(device).depart(device);
    this.#left(device);
  }

  /** A device that was lent has left. */
  departLent(device: Device): void {
    device.isLent = false;
    this.#left(device);
  }

  #left(device: Device): void {
    device.seenMs = this.world.wallMs();
    const group = this.group(device);
    if (group.isKept || group.isSeveral) this.changed(group);
    else this.#forget(device);
  }

  /**
   * A device is lent: it leaves its group and falls silent, and counts as away until
   * it arrives again.
   */
  lend(device: Device): void {
    this.leave(device);
    const group = this.group(device);
    group.playback.stop(group.seconds);
    const { link } = device;
    if (link) group.streamsOf(device)?.stop(link, "it plays with others");
    device.link = null;
    device.isReceiving = false;
    device.isLent = true;
    group.depart(device);
    this.changed(group);
  }

  sent(device: Device): void {
    this.group(device).sent();
  }

  failed(device: Device, stream: number, error: unknown): void {
    this.group(device).failed(device, stream, error);
  }

  behind(device: Device, stream: number): boolean {
    return this.group(device).behind(device, stream);
  }

  setReceiving(device: Device, on: boolean): void {
    if (!on) this.leave(device);
    device.isReceiving = on;
    this.changed(this.group(device));
  }

  stopped(device: Device, stream: number): void {
    const group = this.group(device);
    if (!group.plays(device, stream)) return;
    group.forget(device);
    if (group.isSeveral) this.leave(device);
    else group.playback.stop();
  }

  again(
    device: Device,
    played: Pick<Requested, "song" | "entry">,
  ): StreamCause {
    return again(this.group(device), played);
  }

  plays(device: Device, played: Requested): void {
    const group = this.group(device);
    const isAgain = played.entry !== undefined ||
      !device.link?.isInStep &&
        group.queue.playing?.song === played.song &&
        group.playback.state !== "stopped";
    if (isAgain) {
      return void adopt(group, device, played, this.world.nowUs());
    }
    displace(group, device);
    this.leave(device);
  }

  adjust(device: Device, { step, problem, ...facts }: DeviceFacts): void {
    const volume = device.shownVolume(facts.volume);
    const isSame = device.volume === volume && device.problem === problem;
    // The first version is muted by its volume.
    if (device.link?.isInStep || !device.muted) device.volume = volume;
    device.step = step;
    device.leadMs = step?.leadMs ?? device.leadMs;
    device.problem = problem;
    if (!isSame) this.changed(this.group(device));
  }

  reported(device: Device, report: DeviceReport): void {
    accept(this.group(device), device, report, this.world.nowUs());
  }

  rejoin(device: Device): void {
    this.group(device).rejoin(device);
  }

  /**
   * The group that the devices exactly are, or that they become.
   *
   * @param isNew Whether it gets another queue at once.
   * @throws {OndacastError} `too-large`; nothing has changed then.
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
    this.checkRoomFor(heir);
    const group = heir ?? this.make("", this.newQueue());
    group.regroup(() => {
      this.#gather(group, devices);
      this.rename(group, this.world.newId());
    });
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

  /**
   * Makes exactly these devices a group's, and gives the others back their own.
   *
   * @throws {OndacastError} `too-large`; nothing has changed then.
   */
  move(group: Group, devices: readonly Device[]): void {
    if (isExactly(group, devices)) return;
    this.#checkMany(devices);
    this.checkRoomFor(group);
    const former = group.devices.filter((it) => !devices.includes(it));
    group.regroup(() => {
      this.#gather(group, devices);
      for (const device of former) this.#release(device, group);
      this.#settle(group);
    });
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
    const left = new Set<Group>();
    for (const device of devices) {
      const before = this.group(device);
      if (before === group) continue;
      if (before.id === device.key) this.putAside(device, before, isSeveral);
      else {
        this.detach(device, before);
        left.add(before);
      }
      this.put(device, group);
    }
    for (const before of left) {
      if (before.devices.length > 0) this.#settle(before);
      else this.end(before);
    }
  }

  /** Gives a device that leaves a group its own queue back, stopped. */
  #release(device: Device, group: Group): void {
    this.detach(device, group);
    this.changed(this.alone(device));
  }

  /** A group of several whose devices have changed. */
  #settle(group: Group): void {
    const { devices } = group;
    const [only] = devices;
    if (devices.length === 1 && group.id !== only.key) {
      only.aside?.forget();
      only.aside = null;
      this.rename(group, only.key);
      group.name = "";
    } else if (devices.length > 1 && this.byKey.has(group.id)) {
      this.rename(group, this.world.newId());
    } else this.changed(group);
  }

  #forget(device: Device): void {
    const group = this.group(device);
    this.groupOf.delete(device);
    this.byKey.delete(device.key);
    this.end(group);
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
