/**
 * Asking a server for its songs, page by page.
 *
 * @module
 */

import type { SongRow } from "../wire/messages.ts";
import { allPages } from "./all_pages.ts";
import type { ClientSession } from "./client_session.ts";

/** What is kept of a list: five times what a server has unless told otherwise. */
const BOUNDS = { rows: 1_000_000, characters: 128 * 2 ** 20 };

/**
 * All songs of a server, or those with a text in their name.
 *
 * @throws {OndacastError} `too-large`, if their list has no end.
 */
export function listSongs(
  session: Pick<ClientSession, "request">,
  match?: string,
): Promise<SongRow[]> {
  return allPages<SongRow>({
    what: "songs",
    bounds: BOUNDS,
    cursor: ({ name }) => name,
    ask: async (after) => {
      const { songs, more } = await session.request({
        type: "list",
        ...(match && { match }),
        ...(after !== undefined && { after }),
      });
      return { rows: songs, more };
    },
  });
}
