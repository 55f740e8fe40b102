/**
 * Answers queries about all songs of a server, from its current catalogue and
 * playlists.
 *
 * @module
 */

import type {
  AlbumEntry,
  AlbumQuery,
  ArtistEntry,
  ArtistQuery,
  Found,
  Listed,
  PlaylistEntry,
  Selected,
  SongLibrary,
  SongQuery,
} from "../ports/library.ts";
import type { Turns } from "../ports/server.ts";
import type { SongEntry } from "../ports/song_entry.ts";
import type { Catalog } from "./catalog.ts";
import type { Playlists } from "./playlists.ts";
import { selectSongs } from "./selection.ts";

export interface CurrentSongs<T extends SongEntry> {
  readonly catalog: Catalog<T>;
  readonly playlists: Playlists;
}

export class SongQueries<T extends SongEntry> implements SongLibrary {
  readonly #current: () => CurrentSongs<T>;
  readonly #turns: Turns;

  constructor(current: () => CurrentSongs<T>, turns: Turns) {
    this.#current = current;
    this.#turns = turns;
  }

  search(query: SongQuery, isOver?: () => boolean): Promise<Found> {
    return this.#current().catalog.search(query, this.#turns, isOver);
  }

  names(query: SongQuery): Promise<string[]> {
    return this.#current().catalog.names(query, this.#turns);
  }

  albums(
    query: AlbumQuery,
    isOver?: () => boolean,
  ): Promise<Listed<AlbumEntry>> {
    return this.#current().catalog.albums(query, this.#turns, isOver);
  }

  artists(
    query: ArtistQuery,
    isOver?: () => boolean,
  ): Promise<Listed<ArtistEntry>> {
    return this.#current().catalog.artists(query, this.#turns, isOver);
  }

  select(selection: string, isOver?: () => boolean): Promise<Selected> {
    const { catalog, playlists: { entries: playlists } } = this.#current();
    const turns = this.#turns;
    return selectSongs(selection, { catalog, playlists, turns, isOver });
  }

  playlists(): Promise<Listed<PlaylistEntry>> {
    const { catalog, playlists } = this.#current();
    return playlists.list(catalog, this.#turns);
  }
}
