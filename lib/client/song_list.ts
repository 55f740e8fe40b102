/**
 * Asking a server for its songs, page by page.
 *
 * @module
 */

import type { SongRow } from "../wire/messages.ts";
import type { ClientSession } from "./client_session.ts";

/** All songs of a server, or those with a text in their name. */
export async function listSongs(
  session: ClientSession,
  match?: string,
): Promise<SongRow[]> {
  const songs: SongRow[] = [];
  let more = true;
  while (more) {
    const page = await session.request({
      type: "list",
      ...(match && { match }),
      ...(songs.length > 0 && { after: songs[songs.length - 1].name }),
    });
    songs.push(...page.songs);
    more = page.more && page.songs.length > 0;
  }
  return songs;
}
