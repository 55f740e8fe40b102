/**
 * Asks a server for its songs, albums and artists by their tags.
 *
 * @module
 */

import type { SongRow, ToClient, ToServer } from "../wire/messages.ts";
import { allPages } from "./all_pages.ts";
import type { ClientSession } from "./client_session.ts";
import type { Link } from "./link.ts";
import { expectFeature, knows } from "./server_features.ts";
import { LIBRARY_BOUNDS } from "./song_list.ts";

/** A row of `albums`, `artists` and `playlists`. */
export type AlbumRow = ToClient<"albums">["albums"][number];
export type ArtistRow = ToClient<"artists">["artists"][number];
export type PlaylistRow = ToClient<"playlists">["playlists"][number];

type Asked = Pick<ClientSession, "request" | "welcome">;

/**
 * The songs of a query in its order, such as those of a selection.
 *
 * @throws {OndacastError} `too-old`; `too-large`, if the list has no end; the
 * server's errors.
 */
export async function listTagged(
  session: Asked,
  query: Omit<ToServer<"list">, "type" | "id" | "re" | "after">,
): Promise<SongRow[]> {
  await expectFeature(session, "tags", "list songs by their tags");
  return await allPages<SongRow>({
    what: "songs",
    bounds: LIBRARY_BOUNDS,
    ask: async (after) => {
      const { songs, more, next } = await session.request({
        type: "list",
        ...query,
        ...(after !== undefined && { after }),
      });
      return { rows: songs, more, next };
    },
  });
}

/** All albums that match a text, by title. @throws As {@linkcode listTagged}. */
export async function listAlbums(
  session: Asked,
  match?: string,
): Promise<AlbumRow[]> {
  await expectFeature(session, "tags", "list albums");
  return await allPages<AlbumRow>({
    what: "albums",
    bounds: LIBRARY_BOUNDS,
    ask: async (after) => {
      const { albums, next } = await session.request({
        type: "albums",
        ...(match && { match }),
        ...(after !== undefined && { after }),
      });
      return { rows: albums, more: next !== undefined, next };
    },
  });
}

/** All artists that match a text, by name. @throws As {@linkcode listTagged}. */
export async function listArtists(
  session: Asked,
  match?: string,
): Promise<ArtistRow[]> {
  await expectFeature(session, "tags", "list artists");
  return await allPages<ArtistRow>({
    what: "artists",
    bounds: LIBRARY_BOUNDS,
    ask: async (after) => {
      const { artists, next } = await session.request({
        type: "artists",
        ...(match && { match }),
        ...(after !== undefined && { after }),
      });
      return { rows: artists, more: next !== undefined, next };
    },
  });
}

/** All playlists of the song folder. @throws As {@linkcode listTagged}. */
export async function listPlaylists(session: Asked): Promise<PlaylistRow[]> {
  await expectFeature(session, "tags", "list playlists");
  return (await session.request({ type: "playlists" })).playlists;
}

/**
 * The row of one song; undefined if the server does not know it, or no tags, or
 * is away. Never rejects: the song itself plays, or fails with the reason.
 *
 * @param name As it is asked for, or exactly the song's by `song:NAME`.
 */
export async function songRow(
  link: Link,
  name: string,
): Promise<SongRow | undefined> {
  try {
    const session = await link.session();
    // Asked for at once, it comes before a song that is asked for next. A server
    // that does not know tags answers with any song.
    const asked = session.request({ type: "list", selection: name, limit: 1 });
    const [{ songs }, isRight] = await Promise.all([
      asked,
      knows(session, "tags"),
    ]);
    return isRight ? songs[0] : undefined;
  } catch {
    return undefined;
  }
}
