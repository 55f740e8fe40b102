/**
 * Changes of groups that wait to be written together.
 *
 * @module
 */

import type {
  GroupChange,
  SavedDevice,
  SavedGroup,
} from "../../ports/group_store.ts";

/** Several changes as one: of each group and device, the latest state. */
export class PendingChange {
  /** Null: it is to be forgotten. */
  readonly groups = new Map<string, SavedGroup | null>();
  readonly devices = new Map<string, SavedDevice | null>();

  add({ devices, groups, goneGroups, goneDevices }: GroupChange): void {
    for (const it of devices ?? []) this.devices.set(it.key, it);
    for (const it of goneDevices ?? []) this.devices.set(it, null);
    for (const it of groups ?? []) this.groups.set(it.id, it);
    for (const it of goneGroups ?? []) this.groups.set(it, null);
  }

  /** Takes up what an earlier change could not write. */
  addEarlier({ groups, devices }: PendingChange): void {
    for (const [id, it] of groups) {
      if (!this.groups.has(id)) this.groups.set(id, it);
    }
    for (const [key, it] of devices) {
      if (!this.devices.has(key)) this.devices.set(key, it);
    }
  }
}
