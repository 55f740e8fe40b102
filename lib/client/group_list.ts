/**
 * Asks a server for its groups of devices, and for what is in their queues.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import type { ToClient } from "../wire/messages.ts";
import { allPages } from "./all_pages.ts";
import type { ClientSession } from "./client_session.ts";
import { expectFeature } from "./server_features.ts";

/** A row of `groups`. */
export type GroupRow = NonNullable<ToClient<"groups">["groups"]>[number];
/** A row of `entries`. */
export type EntryRow = ToClient<"entries">["entries"][number];

type Asked = Pick<ClientSession, "request" | "welcome">;

/** The longest lists that are accepted; no server has more. */
const BOUNDS = {
  groups: { rows: 65_536, characters: 64 * 2 ** 20 },
  entries: { rows: 200_000, characters: 256 * 2 ** 20 },
};

/**
 * All groups of a server.
 *
 * @param watch Whether news of them follow, from the first page on.
 * @throws {OndacastError} `too-old`, `too-large`.
 */
export async function listGroups(
  session: Asked,
  watch?: boolean,
): Promise<GroupRow[]> {
  await expectFeature(session, "groups", "list groups");
  return await allPages<GroupRow>({
    what: "groups",
    bounds: BOUNDS.groups,
    cursor: ({ group }) => group,
    ask: async (after) => {
      const { groups = [], more = false } = await session.request({
        type: "groups",
        ...(after === undefined ? watch && { watch } : { after }),
      });
      return { rows: groups, more };
    },
  });
}

/** The row of one group; undefined: there is none. */
export async function groupRow(
  session: Pick<ClientSession, "request">,
  group: string,
): Promise<GroupRow | undefined> {
  // Of the ids behind its beginning, its own is the first.
  const after = group.slice(0, -1);
  const { groups: [row] = [] } = await session.request({
    type: "groups",
    ...(after !== "" && { after }),
    limit: 1,
  });
  return row?.group === group ? row : undefined;
}

/** The queue of a group, in playing order. */
export interface QueueList {
  entries: EntryRow[];
  /** The entry that plays, or would; null: none. */
  playing: number | null;
  revision: number;
}

/**
 * The whole queue of a group.
 *
 * @throws {OndacastError} `not-found`, `too-large`; `stale`, if it changes while it
 * is read.
 */
export async function listEntries(
  session: Pick<ClientSession, "request">,
  group: string,
): Promise<QueueList> {
  let playing: number | null = null;
  let revision: number | undefined;
  const entries = await allPages<EntryRow>({
    what: "entries of the queue",
    bounds: BOUNDS.entries,
    cursor: ({ entry }) => String(entry),
    ask: async (after) => {
      const page = await session.request({
        type: "entries",
        group,
        ...(after !== undefined && { after: Number(after) }),
      });
      if (revision !== undefined && page.revision !== revision) {
        throw new OndacastError(
          "stale",
          "Cannot list the queue: it changes meanwhile. Try again",
        );
      }
      ({ playing, revision } = page);
      return { rows: page.entries, more: page.more };
    },
  });
  return { entries, playing, revision: revision ?? 0 };
}
