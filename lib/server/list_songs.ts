/**
 * Pages of the songs, albums and artists, all of them or those that match.
 *
 * @module
 */

import { bytesToSeconds } from "../audio/format.ts";
import { albumCursor } from "../model/album_orders.ts";
import { discOf } from "../model/albums.ts";
import { songCursor } from "../model/song_orders.ts";
import { titleOf } from "../model/tags.ts";
import type { Found, SongEntry, SongQuery } from "../ports/server.ts";
import { NEXT, type NextOf } from "../wire/message_row.ts";
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
  { type: _, id: _id, re: _re, limit = MAX_ROWS, ...asked }: ToServer<"list">,
): Promise<Answer<"list">> {
  const hasTags = member.features.includes("tags");
  const query = hasTags ? { ...asked, limit } : firstQuery({ ...asked, limit });
  const { after, match, sort, album, artist, genre, folder } = query;
  const filters = [match, sort, album, artist, genre, folder];
  const { rows, more } = filters.every((filter) => !filter)
    ? charge(member, member.hub.songs.page({ after, limit }))
    : await search(member, query);
  const songs = rows.map(hasTags ? describeTagged : describeSong);
  const next = (count: number) => songCursor(sort, rows[count - 1]);
  return hasTags
    ? { songs, more, [NEXT]: nextOf(rows, more, next) }
    : { songs, more };
}

/** Answers `albums`. */
export async function listAlbums(
  member: Member,
  { match, artist, after, limit = MAX_ROWS, sort }: ToServer<"albums">,
): Promise<Answer<"albums">> {
  const { rows, more, total } = await charged(
    member,
    [match, artist, after],
    member.hub.songs.albums(
      { match, artist, after, limit, sort },
      () => member.isEnding,
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
  member: Member,
  { match, after, limit = MAX_ROWS }: ToServer<"artists">,
): Promise<Answer<"artists">> {
  const { rows, more, total } = await charged(
    member,
    [match, after],
    member.hub.songs.artists(
      { match, after, limit },
      () => member.isEnding,
    ),
  );
  const artists = rows.map(({ artist, albums, songs }) => (
    { artist, albums, songs }
  ));
  const next = (count: number) => rows[count - 1].key;
  return { artists, total, [NEXT]: nextOf(rows, more, next) };
}

/** What the first version of the protocol knows of a query. */
function firstQuery({ match, after, limit, sort }: SongQuery): SongQuery {
  return { match, after, limit, sort: sort === "natural" ? sort : undefined };
}

async function search(member: Member, query: SongQuery): Promise<Found> {
  const { match, after, album, artist, genre, folder } = query;
  return await charged(
    member,
    [match, after, album, artist, genre, folder],
    member.hub.songs.search(query, () => member.isEnding),
  );
}

/** Charges a member for a search and its rows. */
async function charged<F extends { compared: number; rows: unknown[] }>(
  member: Member,
  texts: readonly (string | undefined)[],
  finding: Promise<F>,
): Promise<F> {
  const found = await finding;
  const characters = texts.reduce((sum, text = "") => sum + text.length, 0);
  member.rateLimit.spend(searchCost(found.compared, characters));
  return charge(member, found);
}

function charge<F extends { rows: unknown[] }>(member: Member, found: F): F {
  member.rateLimit.spend(rowsCost(found.rows.length));
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

/** The row of a song, with what it says of itself. */
function describeTagged(entry: SongEntry): SongRow {
  const { name, bytes, sha256, tags, added, format, hasArt } = entry;
  const file = entry.file ?? { bytes, ...(sha256 && { sha256 }) };
  const codec = entry.codec ?? (format === null ? undefined : "pcm");
  const disc = discOf(entry);
  return {
    ...describeSong(entry),
    file,
    ...(codec !== undefined && { codec }),
    ...tags,
    title: tags?.title ?? titleOf(name),
    ...(disc !== undefined && { disc }),
    ...(added !== undefined && { added }),
    ...(hasArt && { art: true }),
  };
}
