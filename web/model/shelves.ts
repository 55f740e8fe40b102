/**
 * The library by its tags: albums, artists, playlists, and songs in an order or of
 * one of those. Each is a list of its own, so that a view that comes back still
 * has its rows.
 *
 * @module
 */

import type {
  AlbumRow,
  ArtistRow,
  PlaylistRow,
} from "../../lib/client/library_lists.ts";
import type { SongRow, ToServer } from "../../lib/wire/messages.ts";
import type { Reach } from "./errands.ts";
import { type AskPage, PAGE_ROWS, PagedList } from "./paged_list.ts";

export type { AlbumRow, ArtistRow, PlaylistRow };

/** What albums are listed. */
export type AlbumQuery = Pick<ToServer<"albums">, "match" | "artist" | "sort">;
/** What artists are listed. */
export type ArtistQuery = Pick<ToServer<"artists">, "match">;
/** What songs are listed; a `selection` has an order of its own. */
export type SongQuery = Pick<
  ToServer<"list">,
  "match" | "album" | "artist" | "genre" | "folder" | "selection" | "sort"
>;

export class Shelves {
  readonly albums: PagedList<AlbumQuery, AlbumRow>;
  readonly artists: PagedList<ArtistQuery, ArtistRow>;
  readonly playlists: PagedList<Record<never, never>, PlaylistRow>;
  /** Albums, the latest first. */
  readonly recent: PagedList<AlbumQuery, AlbumRow>;
  /** The songs of what is open: an album, an artist, a playlist, a search. */
  readonly songs: PagedList<SongQuery, SongRow>;
  /** The albums of the artist that is open. */
  readonly albumsOf: PagedList<AlbumQuery, AlbumRow>;

  constructor(reach: Reach) {
    this.albums = new PagedList(reach, askAlbums);
    this.artists = new PagedList(reach, askArtists);
    this.playlists = new PagedList(reach, askPlaylists);
    this.recent = new PagedList(reach, askAlbums);
    this.songs = new PagedList(reach, askSongs);
    this.albumsOf = new PagedList(reach, askAlbums);
  }

  /** Shows nothing until other queries. */
  forget(): void {
    for (const list of Object.values(this)) list.forget();
  }

  /** The songs may have changed. */
  refresh(): void {
    for (const list of Object.values(this)) list.refresh();
  }
}

const askAlbums: AskPage<AlbumQuery, AlbumRow> = async (
  session,
  query,
  after,
) => {
  const { albums: rows, next, total } = await session.request({
    ...{ type: "albums", limit: PAGE_ROWS, after, ...query },
  });
  return { rows, next, total };
};

const askArtists: AskPage<ArtistQuery, ArtistRow> = async (
  session,
  query,
  after,
) => {
  const { artists: rows, next, total } = await session.request({
    ...{ type: "artists", limit: PAGE_ROWS, after, ...query },
  });
  return { rows, next, total };
};

const askPlaylists: AskPage<Record<never, never>, PlaylistRow> = async (
  session,
) => {
  const { playlists: rows } = await session.request({ type: "playlists" });
  return { rows, total: rows.length };
};

const askSongs: AskPage<SongQuery, SongRow> = async (session, query, after) => {
  const { songs: rows, more, next } = await session.request({
    ...{ type: "list", limit: PAGE_ROWS, after, ...query },
  });
  return { rows, ...(more && next !== undefined && { next }) };
};
