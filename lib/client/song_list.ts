/**
 * Lists the songs of a server, page by page.
 *
 * @module
 */

import type { SongRow } from "../wire/messages.ts";
import { allPages } from "./all_pages.ts";
import type { ClientSession } from "./client_session.ts";

/**
 * The longest list of songs, albums or artists that is accepted: five times a
 * server's default limit.
 */
export const LIBRARY_BOUNDS = { rows: 1_000_000, characters: 128 * 2 ** 20 };

/**
 * All songs of a server, or those that match a text.
 *
 * @throws {OndacastError} `too-large`.
 */
export function listSongs(
  session: Pick<ClientSession, "request">,
  match?: string,
): Promise<SongRow[]> {
  return allPages<SongRow>({
    what: "songs",
    bounds: LIBRARY_BOUNDS,
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
