/**
 * Groups that are kept in memory, for a server that starts again.
 *
 * @module
 */

import type {
  GroupChange,
  GroupStore,
  SavedDevice,
  SavedGroup,
  SavedPlace,
} from "../../lib/ports/group_store.ts";

export class KeptInMemory implements GroupStore {
  readonly #devices = new Map<string, SavedDevice>();
  readonly #groups = new Map<string, SavedGroup>();

  load(): ReturnType<GroupStore["load"]> {
    return Promise.resolve({
      devices: [...this.#devices.values()],
      groups: [...this.#groups.values()],
    });
  }

  save(change: GroupChange): Promise<void> {
    const { devices = [], groups = [], goneDevices = [], goneGroups = [] } =
      change;
    for (const it of devices) this.#devices.set(it.key, { ...it });
    for (const it of goneDevices) this.#devices.delete(it);
    for (const it of groups) this.#groups.set(it.id, it);
    for (const it of goneGroups) this.#groups.delete(it);
    return Promise.resolve();
  }

  mark(id: string, { atWallMs, ...played }: SavedPlace): void {
    const group = this.#groups.get(id);
    if (!group) return;
    const queue = { ...group.queue, ...played };
    this.#groups.set(id, { ...group, atWallMs, queue });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
