/**
 * The groups of other servers, as this one lists them.
 *
 * @module
 */

import type { Clock } from "../ports/common.ts";
import type { GroupList } from "../server/group_list.ts";
import type { GroupRow } from "../server/groups/group_row.ts";
import type { Kept, Node } from "./nodes.ts";

export interface RemoteGroupsWorld {
  readonly list: Pick<GroupList, "show" | "gone">;
  readonly clock: Clock;
  wallMs(): number;
  /** Whether this server has devices of a group with this id. */
  isOwn(id: string): boolean;
  /** Whether a device plays in a group of this server. */
  hasDevice(key: string): boolean;
}

/** A group, and its server. */
export interface RemoteGroup {
  readonly node: Node;
  readonly row: GroupRow;
}

export class RemoteGroups {
  readonly #world: RemoteGroupsWorld;
  readonly #rows = new Map<string, RemoteGroup>();
  /** The ids of groups of several, by the keys of their devices. */
  readonly #several = new Map<string, string>();
  /** The ids of groups that are listed. */
  readonly #shown = new Set<string>();

  constructor(world: RemoteGroupsWorld) {
    this.#world = world;
  }

  put(node: Node, id: string, { value, isOld }: Kept<"group">): void {
    const { clock, wallMs } = this.#world;
    if (value.group !== id) return;
    const { atWallMs, inMs = 0, ...group } = value;
    // What was kept has played on since, by the clocks of both servers.
    const agoMs = (isOld ? Math.max(0, wallMs() - atWallMs) : 0) - inMs;
    const row = {
      ...group,
      node: node.name,
      positionAt: Math.round((clock.now() - agoMs) * 1000),
    };
    const before = this.#rows.get(id)?.row;
    this.#forget(id);
    this.#rows.set(id, { node, row });
    if (row.devices.length > 1) {
      for (const { key } of row.devices) this.#several.set(key, id);
    }
    this.#showAll(row, before);
  }

  delete(node: Node, id: string): void {
    const { node: known, row } = this.#rows.get(id) ?? {};
    if (known !== node || !row) return;
    this.#forget(id);
    this.#showAll(row);
  }

  /**
   * Shows the group of an id that other servers have, or no longer: a group of this
   * server has changed, and perhaps lost or got its devices.
   */
  showAgain(id: string): void {
    const { list, isOwn, hasDevice } = this.#world;
    const wasShown = this.#shown.delete(id);
    if (isOwn(id)) return;
    const row = this.#rows.get(id)?.row;
    // The server of a device may not know yet that another group has it.
    const isLeft = this.#several.has(id) || hasDevice(id);
    if (row && !isLeft) {
      this.#shown.add(id);
      list.show(id, () => this.#atNow(row));
    } else if (wasShown) list.gone(id);
  }

  /** A row says where its group is when it is read, as those of this server do. */
  #atNow(row: GroupRow): GroupRow {
    const { state, position, positionAt, seconds } = row;
    const nowUs = Math.round(this.#world.clock.now() * 1000);
    if (state !== "playing" || positionAt >= nowUs) return row;
    const now = position + (nowUs - positionAt) / 1e6;
    const place = Math.round(Math.min(now, seconds ?? now) * 1000) / 1000;
    return { ...row, position: place, positionAt: nowUs };
  }

  /** Shows a group, and the devices alone that it has, or had before. */
  #showAll({ group, devices }: GroupRow, before?: GroupRow): void {
    const keys = [...devices, ...before?.devices ?? []].map(({ key }) => key);
    for (const id of new Set([group, ...keys])) this.showAgain(id);
  }

  /** The group of another server with an id or a name. */
  named(word: string): RemoteGroup | null {
    const { isOwn } = this.#world;
    if (isOwn(word)) return null;
    return this.#rows.get(word) ??
      this.#rows.values().find(({ row }) =>
        row.name === word && row.devices.length > 1
      ) ?? null;
  }

  /** The group of another server that a device is in. */
  ofDevice(key: string): RemoteGroup | null {
    return this.#rows.get(this.#several.get(key) ?? key) ?? null;
  }

  #forget(id: string): void {
    const { row } = this.#rows.get(id) ?? {};
    for (const { key } of row?.devices ?? []) {
      if (this.#several.get(key) === id) this.#several.delete(key);
    }
    this.#rows.delete(id);
  }
}
