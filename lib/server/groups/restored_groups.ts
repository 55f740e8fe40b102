/**
 * Takes up groups that were kept, by this server before a restart or elsewhere, and
 * gives up those that go on elsewhere.
 *
 * @module
 */

import type { SavedDevice, SavedGroup } from "../../ports/group_store.ts";
import { Device } from "./device.ts";
import type { Group } from "./group.ts";
import { KeptGroups } from "./kept_groups.ts";

/** A group that was kept elsewhere. */
export interface Adopted {
  group: SavedGroup;
  devices: readonly SavedDevice[];
  /** Queues that are put aside for devices, whose keys are their ids. */
  aside: readonly SavedGroup[];
}

export class RestoredGroups extends KeptGroups {
  /** Takes up what was kept. Call it once, before any device arrives. */
  async load(): Promise<void> {
    const { devices, groups } = await this.world.store.load();
    for (const it of devices) this.byKey.set(it.key, Device.restore(it));
    for (const saved of groups) this.#restore(saved);
    this.#leaveNoneOut();
  }

  /**
   * Takes up a group that was kept elsewhere. Its devices that are here join it,
   * unless they are in another group of several.
   */
  adopt({ group: saved, devices, aside }: Adopted): void {
    for (const it of devices) {
      const { volume, muted, delayMs } = it;
      const known = this.byKey.get(it.key);
      if (known) Object.assign(known, { volume, muted, delayMs });
      else this.byKey.set(it.key, Device.restore(it));
    }
    const isSeveral = saved.devices.length > 1;
    for (const key of saved.devices) {
      const device = this.byKey.get(key);
      const own = device && this.groupOf.get(device);
      if (own && !own.isSeveral) this.putAside(device, own, isSeveral);
    }
    for (const it of aside) this.#restore({ ...it, devices: [] });
    const group = this.#restore(saved);
    this.#leaveNoneOut();
    if (group === null) return;
    for (const device of group.present) {
      this.setUp(device, group.arrive(device));
    }
    this.changed(group);
  }

  /**
   * Gives up a group that goes on elsewhere. Its devices that are here are alone
   * with an empty queue.
   */
  release(id: string): void {
    const group = this.byId.get(id);
    if (!group) return;
    const { devices } = group;
    for (const device of devices) {
      this.detach(device, group);
      device.aside?.forget();
      device.aside = null;
    }
    this.end(group);
    for (const device of devices) {
      const isHere = device.link || device.isLent;
      if (isHere) this.changed(this.alone(device));
      else this.byKey.delete(device.key);
    }
  }

  /** @returns Null: it is a queue that is put aside, or none of its devices is known. */
  #restore(saved: SavedGroup): Group | null {
    const queue = this.restored(saved.queue);
    const members = saved.devices.map((key) => this.byKey.get(key))
      .filter((it) => it !== undefined && !this.groupOf.has(it)) as Device[];
    const device = this.byKey.get(saved.id);
    if (members.length === 0) {
      device?.aside?.forget();
      if (device) device.aside = queue;
      else queue.forget();
      return null;
    }
    const group = this.make(saved.id, queue);
    for (const it of members) this.put(it, group);
    group.restore(saved);
    if (group.playback.state === "playing") this.active.add(group);
    if (members.length === 1) this.rename(group, members[0].key);
    return group;
  }

  #leaveNoneOut(): void {
    for (const device of this.byKey.values()) {
      if (!this.groupOf.has(device)) this.alone(device);
    }
  }

  /** Takes a device out of its own group, whose queue it may get back. */
  protected putAside(device: Device, own: Group, isKept: boolean): void {
    own.playback.stop(own.playback.position(this.world.nowUs()).seconds);
    this.detach(device, own);
    this.dissolve(own);
    if (isKept && own.queue.entries.length > 0) device.aside = own.queue;
    else own.queue.forget();
  }

  /** Sends a device its settings, after what is due: that takes longer to sound. */
  protected async setUp(device: Device, fed: Promise<unknown>): Promise<void> {
    const { link } = device;
    const away = new Set(device.setAway);
    // What it reports before it is told is older.
    const acting = away.has("volume") ? device.awaitVolume() : null;
    await fed;
    const { volume, muted, delayMs } = device;
    if (!link || device.link !== link) return;
    device.setAway.clear();
    if (volume !== 100 || acting) {
      const acted = acting ?? device.awaitVolume();
      link.control({ action: "volume", value: volume }, acted);
    }
    if (!link.isInStep) return;
    if (muted || away.has("mute")) {
      link.control({ action: "mute", value: muted });
    }
    if (delayMs || away.has("delay")) {
      link.control({ action: "delay", value: delayMs });
    }
  }

  protected detach(device: Device, group: Group): void {
    group.remove(device);
    this.groupOf.delete(device);
  }

  /** A device's own group, with the queue that it had before. */
  protected alone(device: Device): Group {
    const group = this.make(device.key, device.aside ?? this.newQueue());
    group.isKept = device.aside !== null;
    device.aside = null;
    this.put(device, group);
    return group;
  }

  protected put(device: Device, group: Group): void {
    this.groupOf.set(device, group);
    group.add(device);
  }
}
