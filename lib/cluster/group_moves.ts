/**
 * Moves groups between servers: takes over those of a server that has died or left,
 * if one of their devices is here; takes up those that this server was given; and
 * gives away those that have devices at other servers alone.
 *
 * @module
 */

import type { Presence } from "../model/presence.ts";
import type { Clock } from "../ports/common.ts";
import type { SavedGroup } from "../ports/group_store.ts";
import type { Group } from "../server/groups/group.ts";
import type { Groups } from "../server/groups/groups.ts";
import type { Owner } from "./owner_terms.ts";
import type { Owners } from "./owners.ts";
import type { HeardPlaces } from "./places.ts";
import { OutdatedTerm } from "./queue_record.ts";
import type { SharedGroups } from "./shared_groups.ts";

/** Between two looks at all groups. */
const LOOK_MS = 250;
/** Devices that are elsewhere alone for as long take their group along. */
const MOVE_MS = 2_000;

export interface GroupMovesWorld {
  /** The name of this server. */
  own: string;
  owners: Owners;
  shared: SharedGroups;
  groups: Pick<Groups, "all" | "devices" | "adopt">;
  presence: Presence<unknown>;
  places: HeardPlaces;
  clock: Clock;
  signal: AbortSignal;
  wallMs(): number;
  /** Whether a server is dead. */
  isGone(node: string): boolean;
  /** Lets the others know where groups are. */
  beat(): void;
  /** A group goes on with a device that another server had borrowed. */
  takeUp(device: string): void;
  log(level: "info" | "warn", text: string): void;
}

export class GroupMoves {
  readonly #world: GroupMovesWorld;
  /** Groups that this server owns, and has yet to take up. */
  readonly #due = new Set<string>();
  /** Groups that are being moved. */
  readonly #moving = new Set<string>();
  /** Since when the devices of a group have been elsewhere. */
  readonly #awaySinceMs = new Map<string, number>();

  /** Groups that this server has taken over, and given away. */
  readonly moved = { taken: 0, given: 0 };

  constructor(world: GroupMovesWorld) {
    this.#world = world;
  }

  /** Looks at all groups, until aborted. */
  async watch(): Promise<void> {
    const { clock, signal } = this.#world;
    while (!signal.aborted) {
      this.look();
      await clock.sleep(LOOK_MS, signal);
    }
  }

  /** A group has another owner, or has ended. */
  owned(id: string, owner: Owner | undefined): void {
    const { own, shared } = this.#world;
    if (owner?.node === own && !shared.holds(id)) this.#due.add(id);
    else this.#due.delete(id);
  }

  /** Whether this server owns a group, and has yet to take it up. */
  isDue(id: string): boolean {
    return this.#due.has(id);
  }

  look(): void {
    const { owners, groups, isGone, own } = this.#world;
    if (!owners.isKnown) return;
    const { terms } = owners;
    for (const key of groups.devices.keys()) {
      if (this.#placeOf(key) !== HERE) continue;
      const id = terms.groupOf(key) ?? key;
      const owner = terms.owner(id);
      const isTaken = owner && owner.node !== own && isGone(owner.node);
      if (isTaken) this.#move(id, () => this.#take(id));
    }
    // Queues that are put aside come with the group of their device.
    const due = [...this.#due].filter((id) =>
      terms.owner(id)!.devices.length > 0 || !this.#isMoved(terms.groupOf(id))
    );
    for (const id of due) this.#move(id, () => this.#takeUp(id));
    for (const group of groups.all.values()) {
      const to = this.#homeOf(group);
      if (to !== null) this.#move(group.id, () => this.#give(group, to));
    }
  }

  #isMoved(id: string | undefined): boolean {
    return id !== undefined && (this.#due.has(id) || this.#moving.has(id));
  }

  async #move(id: string, act: () => Promise<void>): Promise<void> {
    if (this.#moving.has(id)) return;
    this.#moving.add(id);
    try {
      await act();
    } catch {
      // The table is away, or another server was quicker; it is looked at again.
    } finally {
      this.#moving.delete(id);
    }
  }

  /** Takes over a group, and the queues that are put aside for its devices. */
  async #take(id: string): Promise<void> {
    const { owners, own, log } = this.#world;
    const before = owners.terms.owner(id);
    if (!before || !await owners.give(id, own, before.devices)) return;
    this.moved.taken++;
    log(
      "warn",
      `takes over the group ${id} of ${before.node} (term ${
        owners.terms.term(id)
      })`,
    );
    for (const key of before.devices) {
      const aside = owners.terms.owner(key);
      const isIts = aside?.node === before.node && aside.devices.length === 0;
      if (isIts) await owners.give(key, own, []);
    }
    await this.#takeUp(id);
  }

  async #takeUp(id: string): Promise<void> {
    const { shared, groups, takeUp, log } = this.#world;
    const kept = await shared.take(id);
    if (kept === null) return void this.#due.delete(id);
    const aside = await this.#takeAside(id, kept.group.devices);
    const { devices: members, queue } = kept.group;
    log(
      "info",
      `goes on with the group ${id}: ${members.length} devices, ${queue.entries.length} songs`,
    );
    const devices = kept.group.devices.length > 0 ? kept.group.devices : [id];
    const group = this.#placed({ ...kept.group, devices }, kept.term);
    groups.adopt({ group, devices: kept.devices, aside });
    for (const it of [group, ...aside]) shared.adopted(it.id);
    for (const key of devices) takeUp(key);
  }

  /**
   * Reads the queues that are put aside for the devices of a group that was read.
   *
   * @throws If the table is away, or the group is another server's by now: nothing of
   * it has gone on here, and what is this server's is due again.
   */
  async #takeAside(
    id: string,
    devices: readonly string[],
  ): Promise<SavedGroup[]> {
    const { shared, owners } = this.#world;
    const keys = devices.filter((key) => key !== id && this.#due.has(key));
    const aside: SavedGroup[] = [];
    try {
      for (const key of keys) {
        const queue = await shared.take(key);
        if (queue) aside.push(queue.group);
      }
      if (!shared.holds(id)) throw new OutdatedTerm();
    } catch (error) {
      for (const it of [id, ...aside.map(({ id }) => id)]) {
        shared.giveUp(it);
        if (owners.terms.isOwn(it)) this.#due.add(it);
      }
      throw error;
    }
    for (const it of [id, ...keys]) this.#due.delete(it);
    return aside;
  }

  /**
   * The group as it has played on since its place was heard of. What an owner before
   * that one has sent is older than what is kept.
   */
  #placed(group: SavedGroup, term: number): SavedGroup {
    const { clock, wallMs, places } = this.#world;
    const { queue, state } = group;
    const place = places.latest(group.id, term);
    const isThere = place && state === "playing" &&
      queue.entries.includes(place.entry);
    if (!isThere) return group;
    const { entry: playing, seconds, atMs } = place;
    return {
      ...group,
      atWallMs: wallMs() - (clock.now() - atMs),
      queue: { ...queue, playing, seconds },
    };
  }

  /** The server with most of a group's devices, if none is here; null: there is none. */
  #homeOf(group: Group): string | null {
    const { owners, clock, isGone } = this.#world;
    const { id, devices } = group;
    const places = owners.terms.isOwn(id)
      ? devices.map(({ key }) => this.#placeOf(key)).filter((it) => it !== null)
      : [];
    const place = places.includes(HERE) ? null : mostFrequent(places);
    if (place === null || isGone(place)) {
      this.#awaySinceMs.delete(id);
      return null;
    }
    const sinceMs = this.#awaySinceMs.get(id) ?? clock.now();
    this.#awaySinceMs.set(id, sinceMs);
    return clock.now() - sinceMs >= MOVE_MS ? place : null;
  }

  async #give(group: Group, to: string): Promise<void> {
    const { owners, shared, beat, log } = this.#world;
    const { id } = group;
    await shared.copied(id);
    // It may have ended meanwhile, or its devices are elsewhere.
    if (this.#homeOf(group) !== to) return;
    const keys = group.devices.map(({ key }) => key);
    beat();
    if (await owners.give(id, to, keys)) {
      this.moved.given++;
      log("info", `gives the group ${id} to ${to}, where its devices are`);
    }
  }

  /** The server of a device that is connected; null: it is not. */
  #placeOf(key: string): string | null {
    const client = this.#world.presence.get(key);
    return client?.receiving ? client.place ?? HERE : null;
  }
}

/** The first of those that are there most often; null: there is none. */
function mostFrequent(places: readonly string[]): string | null {
  const counted = Map.groupBy(places, (it) => it).entries()
    .map(([place, all]) => ({ place, count: all.length }));
  const [most] = [...counted].sort((a, b) => b.count - a.count);
  return most?.place ?? null;
}

/** No server is named so. */
const HERE = "";
