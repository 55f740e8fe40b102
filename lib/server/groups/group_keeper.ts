/**
 * Keeps groups in the store: changes of one turn of the event loop are saved
 * together.
 *
 * @module
 */

import type { GroupStore, SavedGroup } from "../../ports/group_store.ts";
import type { Group } from "./group.ts";

export class GroupKeeper {
  readonly #store: GroupStore;
  readonly #noted = new Map<Group, number | null>();
  readonly #gone = new Set<string>();
  readonly #goneDevices = new Set<string>();
  #isNoted = false;
  #saved = Promise.resolve();

  constructor(store: GroupStore) {
    this.#store = store;
  }

  /** Notes that a group has changed. */
  note(group: Group, { atWallMs }: { atWallMs: number | null }): void {
    this.#noted.set(group, atWallMs);
    this.#gone.delete(group.id);
    this.#saveSoon();
  }

  /** Notes that there is no group with this id any more. */
  forget(id: string): void {
    this.#gone.add(id);
    this.#saveSoon();
  }

  /** Notes that a device is forgotten, and what was put aside for it. */
  forgetDevice(key: string): void {
    this.#goneDevices.add(key);
    this.forget(key);
  }

  /** Resolves once all that was noted is durable. @throws As the store does. */
  saved(): Promise<void> {
    return this.#saved;
  }

  #saveSoon(): void {
    if (this.#isNoted) return;
    this.#isNoted = true;
    this.#saved = Promise.resolve().then(() => this.#save());
    // A failure is met by those who wait for it.
    this.#saved.catch(() => {});
  }

  #save(): Promise<void> {
    this.#isNoted = false;
    const groups: SavedGroup[] = [];
    const devices = new Map(
      this.#noted.keys().flatMap((it) => it.devices)
        .filter(({ key }) => !this.#goneDevices.has(key))
        .map((it) => [it.key, it]),
    );
    for (const [group, atWallMs] of this.#noted) {
      groups.push(saved(group, atWallMs));
    }
    for (const { key, aside } of devices.values()) {
      if (aside) {
        groups.push({
          ...{ id: key, name: "", devices: [], state: "stopped" },
          ...{ atWallMs: null, queue: aside.save() },
        });
        this.#gone.delete(key);
      }
    }
    const goneGroups = [...this.#gone];
    const goneDevices = [...this.#goneDevices];
    this.#noted.clear();
    this.#gone.clear();
    this.#goneDevices.clear();
    return this.#store.save({
      ...{ groups, goneGroups, goneDevices },
      devices: [...devices.values().map((it) => it.save())],
    });
  }
}

function saved(group: Group, atWallMs: number | null): SavedGroup {
  const { id, name, by, devices, playback, queue } = group;
  return {
    ...{ id, name, atWallMs, state: playback.state, queue: queue.save() },
    devices: devices.map(({ key }) => key),
    ...(by !== undefined && { by }),
  };
}
