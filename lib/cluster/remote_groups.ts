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
  /** The server that owns a group, as far as is known. */
  ownerOf(id: string): string | undefined;
}

/** A group, and its server. */
export interface RemoteGroup {
  readonly node: Node;
  readonly row: GroupRow;
  /** Of its record. */
  readonly revision: number;
}

export class RemoteGroups {
  readonly #world: RemoteGroupsWorld;
  /** All rows of each id: a server that is back still has what it had before. */
  readonly #rows = new Map<string, RemoteGroup[]>();
  /** Of each id the row that holds. */
  readonly #chosen = new Map<string, RemoteGroup>();
  /** The ids of groups of several, by the keys of their devices. */
  readonly #several = new Map<string, string>();
  /** The ids of groups that are listed. */
  readonly #shown = new Set<string>();

  constructor(world: RemoteGroupsWorld) {
    this.#world = world;
  }

  put(node: Node, id: string, kept: Kept<"group">): void {
    const { clock, wallMs } = this.#world;
    const { value, revision, isOld, seenMs } = kept;
    if (value.group !== id) return;
    const { atWallMs, inMs = 0, ...group } = value;
    // It is shown again when its server is back, and has played on since.
    const passedMs = clock.now() - seenMs;
    // What was there before has played on since, by the clocks of both servers.
    const before = isOld ? Math.max(0, wallMs() - passedMs - atWallMs) : 0;
    const atMs = seenMs - before + inMs;
    const row = {
      ...group,
      node: node.name,
      positionAt: Math.round(atMs * 1000),
    };
    const others = this.#othersThan(node, id);
    this.#rows.set(id, [...others, { node, row, revision }]);
    this.choose(id);
  }

  delete(node: Node, id: string): void {
    const others = this.#othersThan(node, id);
    if (others.length > 0) this.#rows.set(id, others);
    else this.#rows.delete(id);
    this.choose(id);
  }

  /** Of several rows that of the owner holds, else the latest. */
  choose(id: string): void {
    const before = this.#chosen.get(id);
    const owner = this.#world.ownerOf(id);
    const rows = this.#rows.get(id) ?? [];
    const now = rows.find(({ node }) => node.name === owner) ??
      rows.reduce<RemoteGroup | undefined>(
        (best, it) => best && best.revision > it.revision ? best : it,
        undefined,
      );
    if (now === before) return;
    for (const { key } of before?.row.devices ?? []) {
      if (this.#several.get(key) === id) this.#several.delete(key);
    }
    if (now) this.#chosen.set(id, now);
    else this.#chosen.delete(id);
    if (now && now.row.devices.length > 1) {
      for (const { key } of now.row.devices) this.#several.set(key, id);
    }
    this.#showAll(id, before, now);
  }

  /**
   * Shows the group of an id that other servers have, or no longer: a group of this
   * server has changed, and perhaps lost or got its devices.
   */
  showAgain(id: string): void {
    const { list, isOwn, hasDevice } = this.#world;
    const wasShown = this.#shown.delete(id);
    if (isOwn(id)) return;
    const row = this.#chosen.get(id)?.row;
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

  /** Shows a group, and the devices alone that its rows have. */
  #showAll(id: string, ...groups: (RemoteGroup | undefined)[]): void {
    const keys = groups.flatMap((it) => it?.row.devices ?? [])
      .map(({ key }) => key);
    for (const it of new Set([id, ...keys])) this.showAgain(it);
  }

  /** The group of another server with an id or a name. */
  named(word: string): RemoteGroup | null {
    const { isOwn } = this.#world;
    if (isOwn(word)) return null;
    return this.#chosen.get(word) ??
      this.#chosen.values().find(({ row }) =>
        row.name === word && row.devices.length > 1
      ) ?? null;
  }

  /** The group of another server that a device is in. */
  ofDevice(key: string): RemoteGroup | null {
    return this.#chosen.get(this.#several.get(key) ?? key) ?? null;
  }

  #othersThan(node: Node, id: string): RemoteGroup[] {
    return (this.#rows.get(id) ?? []).filter((it) => it.node !== node);
  }
}
