/**
 * A store that keeps no groups, for a server without a data folder.
 *
 * @module
 */

import type { GroupStore } from "../../ports/group_store.ts";

export class UnkeptGroups implements GroupStore {
  load(): ReturnType<GroupStore["load"]> {
    return Promise.resolve({ devices: [], groups: [] });
  }

  save(): Promise<void> {
    return Promise.resolve();
  }

  mark(): void {}

  close(): Promise<void> {
    return Promise.resolve();
  }
}
