/**
 * Pages of the songs, albums and artists, all of them or those that match.
 *
 * @module
 */

import { bytesToSeconds } from "../audio/format.ts";
import { albumCursor } from "../model/album_orders.ts";
import { discOf } from "../model/album_of.ts";
import { cursorFields, wrongCursor } from "../model/cursor.ts";
import { pageOf } from "../model/page_of.ts";
import { rowReason } from "../model/row_reason.ts";
import { songCursor } from "../model/song_orders.ts";
import { titleOf } from "../model/tags.ts";
import type { SongQuery, Texts } from "../ports/library.ts";
import type { SongEntry } from "../ports/song_entry.ts";
import { hasFeature } from "../wire/features.ts";
import { NEXT, type NextOf } from "../wire/message_row.ts";
import {
  type Answer,
  MAX_ROWS,
  type SongRow,
  type ToServer,
} from "../wire/messages.ts";
import type { Caller } from "./caller.ts";
import { rowsCost, searchCost } from "./cost.ts";

/** Answers `list`. A search is charged by the texts that it compares. */
export async function listSongs(
  caller: Caller,
  { type: _, id: _id, re: _re, limit = MAX_ROWS, selection, ...asked }:
    ToServer<"list">,
): Promise<Answer<"list">> {
  const live = hasFeature(caller, "live");
  if (!hasFeature(caller, "tags")) {
    return await listFirst(caller, { ...asked, limit, live });
  }
  if (selection !== undefined) {
    return await listSelected(caller, selection, { ...asked, limit });
  }
  const { sort } = asked;
  const { rows, more } = await find(caller, { ...asked, limit, live });
  const next = (count: number) => songCursor(sort, rows[count - 1]);
  return {
    songs: rows.map(describeTagged),
    more,
    [NEXT]: nextOf(rows, more, next),
  };
}

/** The list that the first version of the protocol knows, and live songs. */
async function listFirst(
  caller: Caller,
  { match, after, limit, live, sort }: SongQuery,
): Promise<Answer<"list">> {
  const order = sort === "natural" ? sort : undefined;
  const query = { match, after, limit, live, sort: order };
  const { rows, more } = await find(caller, query);
  return { songs: rows.map(describeSong), more };
}

/** Songs of a selection, in its order. */
async function listSelected(
  caller: Caller,
  selection: string,
  { after, limit }: { after?: string; limit: number },
): Promise<Answer<"list">> {
  const { songs, compared } = await caller.hub.songs.library.select(
    selection,
    () => caller.isEnding,
  );
  const first = after === undefined ? 0 : placeBehind(songs, after);
  const { rows: names, more } = pageOf(songs, first, limit);
  const rows = names.map((name) => caller.hub.songs.get(name))
    .filter((song) => song !== undefined);
  caller.rateLimit.spend(searchCost(compared, selection.length));
  charge(caller, { rows });
  const next = (count: number) =>
    JSON.stringify([first + count, rows[count - 1].name]);
  return {
    songs: rows.map(describeTagged),
    more,
    [NEXT]: nextOf(rows, more, next),
  };
}

/** The index behind the song of a cursor, also if songs before it are gone. */
function placeBehind(songs: Texts, after: string): number {
  const [, count] = /^\[(\d{1,6}),".*"\]$/s.exec(after) ?? [];
  if (count === undefined) throw wrongCursor("a page of a selection");
  const index = Number(count);
  const [, behind] = cursorFields(after);
  if (index > 0 && index <= songs.length && songs.at(index - 1) === behind) {
    return index;
  }
  // If it is gone, the one behind it has its place.
  const found = songs.indexOf(String(behind));
  return found === -1 ? Math.max(0, index - 1) : found + 1;
}

async function find(
  caller: Caller,
  query: SongQuery,
): Promise<{ rows: SongEntry[]; more: boolean }> {
  const { after, limit: _, live: _live, sort, ...filters } = query;
  const isPlain = sort === undefined &&
    Object.values(filters).every((filter) => !filter);
  if (isPlain) {
    const search = caller.hub.songs.library.search(query);
    return charge(caller, await search);
  }
  const texts = [after, ...Object.values(filters)];
  return await charged(
    caller,
    texts,
    caller.hub.songs.library.search(query, () => caller.isEnding),
  );
}

/** Answers `albums`. */
export async function listAlbums(
  caller: Caller,
  { match, artist, after, limit = MAX_ROWS, sort }: ToServer<"albums">,
): Promise<Answer<"albums">> {
  const { rows, more, total } = await charged(
    caller,
    [match, artist, after],
    caller.hub.songs.library.albums(
      { match, artist, after, limit, sort },
      () => caller.isEnding,
    ),
  );
  const albums = rows.map(({ key, rows, facts }) => {
    const { album, artist, year, seconds, art, added } = facts;
    return {
      ...{ key, album, artist },
      ...(year !== undefined && { year }),
      ...{ songs: rows.length, seconds, art, added },
    };
  });
  const next = (count: number) => albumCursor(rows[count - 1]);
  return { albums, total, [NEXT]: nextOf(rows, more, next) };
}

/** Answers `artists`. */
export async function listArtists(
  caller: Caller,
  { match, after, limit = MAX_ROWS }: ToServer<"artists">,
): Promise<Answer<"artists">> {
  const { rows, more, total } = await charged(
    caller,
    [match, after],
    caller.hub.songs.library.artists(
      { match, after, limit },
      () => caller.isEnding,
    ),
  );
  const artists = rows.map(({ artist, albums, songs }) => (
    { artist, albums, songs }
  ));
  const next = (count: number) => rows[count - 1].key;
  return { artists, total, [NEXT]: nextOf(rows, more, next) };
}

/** Answers `playlists`. */
export async function listPlaylists(
  caller: Caller,
): Promise<Answer<"playlists">> {
  const { rows } = await charged(
    caller,
    [],
    // Another server asks for those that only this one has.
    caller.hub.songs.library.playlists(caller.isTrusted),
  );
  return { playlists: rows };
}

/** Charges a caller for a search and its rows. */
async function charged<F extends { compared: number; rows: unknown[] }>(
  caller: Caller,
  texts: readonly (string | undefined)[],
  finding: Promise<F>,
): Promise<F> {
  const found = await finding;
  const characters = texts.reduce((sum, text = "") => sum + text.length, 0);
  caller.rateLimit.spend(searchCost(found.compared, characters));
  return charge(caller, found);
}

function charge<F extends { rows: unknown[] }>(caller: Caller, found: F): F {
  caller.rateLimit.spend(rowsCost(found.rows.length));
  return found;
}

/** The cursor behind the first rows of a page, unless they are the last ones. */
function nextOf(
  rows: readonly unknown[],
  more: boolean,
  cursor: NextOf,
): NextOf {
  return (count) =>
    count > 0 && (more || count < rows.length) ? cursor(count) : undefined;
}

function describeSong(entry: SongEntry): SongRow {
  const { name, bytes, etag, format, sha256, problem, place, content } = entry;
  return {
    name,
    bytes,
    seconds: format?.dataBytes == null
      ? null
      : bytesToSeconds(format, format.dataBytes),
    etag: bytes === null ? null : etag,
    format,
    ...(bytes === null && { live: true }),
    ...(sha256 && { sha256 }),
    ...(problem && { problem }),
    ...(place !== undefined && { node: place }),
    ...(content !== undefined && { content }),
  };
}

/** The row of a song, with what it says of itself. */
export function describeTagged(entry: SongEntry): SongRow {
  const { name, bytes, sha256, tags, added, format, hasArt, hasCover } = entry;
  const file = entry.file ??
    (bytes === null ? undefined : { bytes, ...(sha256 && { sha256 }) });
  const codec = entry.codec ?? (format === null ? undefined : "pcm");
  const disc = discOf(entry);
  const reason = rowReason(entry.problem, entry.problemText);
  return {
    ...describeSong(entry),
    ...(reason && { reason }),
    ...(file && { file }),
    ...(codec !== undefined && { codec }),
    ...(entry.isEstimated && { estimated: true }),
    ...tags,
    title: tags?.title ?? titleOf(name),
    ...(disc !== undefined && { disc }),
    ...(added !== undefined && { added }),
    ...((hasArt || hasCover) && { art: true }),
  };
}
