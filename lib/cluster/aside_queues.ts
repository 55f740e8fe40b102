/**
 * Queues that are kept aside on this machine: with edits that other servers have
 * never seen, when one of them runs the group.
 *
 * @module
 */

import { errorText } from "../errors.ts";
import type { GroupStore, SavedGroup } from "../ports/group_store.ts";
import type { Owner } from "./owner_terms.ts";

/** In ids of such queues, before the term that they lost to. */
const ASIDE = " before ";
/** Most of them; the oldest are forgotten. */
const MOST_ASIDE = 64;

export class AsideQueues {
  readonly #store: Pick<GroupStore, "save">;
  readonly #log: (level: "warn", text: string) => void;
  /** The oldest first. */
  #ids: string[] = [];

  constructor(
    store: Pick<GroupStore, "save">,
    log: (level: "warn", text: string) => void,
  ) {
    this.#store = store;
    this.#log = log;
  }

  /** Notes those among all groups that are kept. @returns The others. */
  load(all: readonly SavedGroup[]): SavedGroup[] {
    this.#ids = all.map(({ id }) => id).filter((id) => id.includes(ASIDE));
    return all.filter(({ id }) => !id.includes(ASIDE));
  }

  /** @param owner Runs the group by now. */
  keep(group: SavedGroup, { node, term }: Owner): void {
    const first = `${group.id}${ASIDE}${term}`;
    let id = first;
    for (let i = 2; this.#ids.includes(id); i++) id = `${first} (${i})`;
    this.#ids.push(id);
    const surplus = Math.max(0, this.#ids.length - MOST_ASIDE);
    const goneGroups = this.#ids.splice(0, surplus);
    const aside: SavedGroup = {
      ...{ ...group, id, devices: [], atWallMs: null, state: "stopped" },
    };
    const edits =
      `server ${node} has taken over the group ${group.id} (term ${term}): edits of its queue here, which ${node} has not seen,`;
    this.#store.save({ groups: [aside], goneGroups }).then(
      () => this.#log("warn", `${edits} are kept aside as "${id}"`),
      (error) =>
        this.#log("warn", `${edits} cannot be kept: ${errorText(error)}`),
    );
  }
}
