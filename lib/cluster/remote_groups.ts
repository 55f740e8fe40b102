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
}

export class RemoteGroups {
  readonly #world: RemoteGroupsWorld;
  readonly #rows = new Map<string, { node: Node; row: GroupRow }>();

  constructor(world: RemoteGroupsWorld) {
    this.#world = world;
  }

  put(node: Node, id: string, { value, isOld }: Kept<"group">): void {
    const { list, clock, wallMs, isOwn } = this.#world;
    if (value.group !== id) return;
    const { atWallMs, ...group } = value;
    // What was kept has played on since, by the clocks of both servers.
    const agoMs = isOld ? Math.max(0, wallMs() - atWallMs) : 0;
    const row = {
      ...group,
      node: node.name,
      positionAt: Math.round((clock.now() - agoMs) * 1000),
    };
    this.#rows.set(id, { node, row });
    if (!isOwn(id)) list.show(id, () => row);
  }

  delete(node: Node, id: string): void {
    if (this.#rows.get(id)?.node !== node) return;
    this.#rows.delete(id);
    if (!this.#world.isOwn(id)) this.#world.list.gone(id);
  }

  /** A group of this server has changed, which perhaps has its devices elsewhere now. */
  showAgain(id: string): void {
    const { list, isOwn } = this.#world;
    const row = this.#rows.get(id)?.row;
    if (row && !isOwn(id)) list.show(id, () => row);
  }

  /** The server of the group with an id or a name; null: none other has it. */
  placeOf(word: string): string | null {
    const { isOwn } = this.#world;
    if (isOwn(word)) return null;
    const found = this.#rows.get(word) ??
      this.#rows.values().find(({ row }) =>
        row.name === word && row.devices.length > 1
      );
    return found?.node.name ?? null;
  }
}
