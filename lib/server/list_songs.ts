/**
 * A page of the songs, all of them or those that match a search.
 *
 * @module
 */

import { bytesToSeconds } from "../audio/format.ts";
import type { SongEntry, SongPage, SongQuery } from "../ports/server.ts";
import {
  type Answer,
  MAX_ROWS,
  type SongRow,
  type ToServer,
} from "../wire/messages.ts";
import { rowsCost, searchCost } from "./cost.ts";
import type { Member } from "./member.ts";

/** Answers `list`. A search is charged by the texts that it compares. */
export async function listSongs(
  member: Member,
  { match, after, limit = MAX_ROWS, sort }: ToServer<"list">,
): Promise<Answer<"list">> {
  const isPlain = !match && sort === undefined;
  const { rows, more } = isPlain
    ? member.hub.songs.page({ after, limit })
    : await search(member, { match, after, limit, sort });
  member.rateLimit.spend(rowsCost(rows.length));
  return { songs: rows.map(describeSong), more };
}

async function search(member: Member, query: SongQuery): Promise<SongPage> {
  const { rows, more, compared } = await member.hub.songs.search(
    query,
    () => member.isEnding,
  );
  const { match = "", after = "" } = query;
  member.rateLimit.spend(searchCost(compared, match.length + after.length));
  return { rows, more };
}

function describeSong(entry: SongEntry): SongRow {
  const { name, bytes, etag, format, sha256, problem } = entry;
  return {
    name,
    bytes,
    seconds: format?.dataBytes == null
      ? null
      : bytesToSeconds(format, format.dataBytes),
    etag,
    format,
    ...(sha256 && { sha256 }),
    ...(problem && { problem }),
  };
}
