/**
 * Which server runs the group of a device: that of the device, or one that has
 * borrowed it.
 *
 * @module
 */

import type { Presence, Present } from "../model/presence.ts";
import type { Groups } from "../server/groups/groups.ts";
import type { BorrowedDevices } from "./borrowed_devices.ts";
import type { LentDevices } from "./lent_devices.ts";
import type { OwnerTerms } from "./owner_terms.ts";
import type { RemoteGroups } from "./remote_groups.ts";

export interface GroupOwnersWorld {
  readonly presence: Presence<unknown>;
  readonly groups: Groups;
  readonly remote: Pick<RemoteGroups, "named" | "ofDevice">;
  readonly borrowed: Pick<BorrowedDevices, "has">;
  readonly lent: Pick<LentDevices, "placeOf">;
  readonly terms: Pick<OwnerTerms, "owner" | "groupOf">;
  /** The name of this server. */
  readonly own: string;
  /** Whether this server owns a group, and has yet to take it up. */
  isDue(id: string): boolean;
}

export class GroupOwners {
  readonly #world: GroupOwnersWorld;

  constructor(world: GroupOwnersWorld) {
    this.#world = world;
  }

  /** The server that runs the group that a word is about; null: this one. */
  placeOf(word: string): string | null {
    const { groups, remote } = this.#world;
    const client = this.#receiver(word);
    if (client) return this.#placeOfDevice(client);
    if (client === undefined || this.#isOwn(word)) return null;
    const away = groups.devices.get(word);
    if (away && groups.group(away).isSeveral) return null;
    const found = remote.named(word) ?? remote.ofDevice(word);
    if (found) return found.node.name;
    // Its next owner has not shown it yet.
    const { own, terms } = this.#world;
    const owner = terms.owner(word)?.node ?? own;
    return owner === own ? null : owner;
  }

  /** Whether a word is about a group that this server is about to run. */
  isDue(word: string): boolean {
    const { terms, isDue } = this.#world;
    const key = this.#receiver(word)?.key ?? word;
    return isDue(word) || isDue(terms.groupOf(key) ?? word);
  }

  /** The keys of the devices that a word is about; none if it is not known. */
  keysOf(word: string): string[] {
    const client = this.#receiver(word);
    if (client) return [client.key];
    const { groups, remote } = this.#world;
    const named = groups.named(word)?.devices ??
      remote.named(word)?.row.devices;
    if (named) return named.map(({ key }) => key);
    return remote.ofDevice(word) ? [word] : [];
  }

  /** Whether this server has lent a device to the one that runs its group. */
  isLent(word: string): boolean {
    const client = this.#receiver(word);
    return client ? this.#world.lent.placeOf(client.key) !== null : false;
  }

  /**
   * The server whose queue goes on if devices become a group: that of the first one
   * that plays, else of the first with a queue.
   */
  placeOfHeir(words: readonly string[]): string | null {
    const all = words.map((word) => ({
      place: this.placeOf(word),
      ...this.#queueOf(word),
    }));
    const heir = all.find(({ state }) => state === "playing") ??
      all.find(({ songs }) => songs > 0);
    return heir?.place ?? null;
  }

  #isOwn(word: string): boolean {
    return this.#world.groups.named(word) !== undefined;
  }

  /** Null: none has that name; undefined: several have it. */
  #receiver(word: string): Present<unknown> | null | undefined {
    let found: Present<unknown> | null = null;
    for (const client of this.#world.presence.meant(word)) {
      if (!client.receiving) continue;
      if (found) return undefined;
      found = client;
    }
    return found;
  }

  #placeOfDevice({ key, place }: Present<unknown>): string | null {
    const { borrowed, lent, remote } = this.#world;
    if (borrowed.has(key)) return null;
    const borrower = lent.placeOf(key);
    if (borrower !== null || place === undefined) return borrower;
    return remote.ofDevice(key)?.node.name ?? place;
  }

  #queueOf(word: string): { state: string; songs: number } {
    const { groups, remote } = this.#world;
    const key = this.#receiver(word)?.key ?? word;
    const found = remote.named(word) ?? remote.ofDevice(key);
    if (found && this.placeOf(word) !== null) return found.row;
    const device = groups.devices.get(key);
    const group = device ? groups.group(device) : groups.named(word);
    const { playback, queue } = group ?? {};
    return {
      state: playback?.state ?? "stopped",
      songs: queue?.entries.length ?? 0,
    };
  }
}
