/**
 * The songs, albums and playlists of all servers, as people look for them.
 *
 * @module
 */

import type { Catalog } from "../model/catalog.ts";
import { Playlists } from "../model/playlists.ts";
import { parseSelection } from "../model/selection.ts";
import { SongQueries } from "../model/song_queries.ts";
import type { Selected, SongLibrary } from "../ports/library.ts";
import type { Turns } from "../ports/server.ts";
import type { SongEntry } from "../ports/song_entry.ts";
import { splitPlace } from "./placed_name.ts";
import type { PlaylistServer } from "./playlist_server.ts";
import { SharedPlaylists } from "./shared_playlists.ts";
import type { SongNames } from "./song_names.ts";

export interface SharedLibraryWorld {
  /** Of this server's own songs. */
  readonly local: SongLibrary;
  /** The name of this server. */
  readonly place: string;
  /** Of the songs of all servers. */
  readonly catalog: Catalog<SongEntry>;
  readonly names: SongNames;
  readonly turns: Turns;
  /** The other servers that are alive, by name, as their playlists are asked for. */
  playlists(): PlaylistServer[];
}

export function sharedLibrary(
  { local, place, catalog, names, turns, playlists }: SharedLibraryWorld,
): SongLibrary {
  const lists = new SharedPlaylists(local, place, playlists);
  const none = new Playlists(new Map());
  const all = new SongQueries(() => ({ catalog, playlists: none }), turns);
  const placed = (name: string) =>
    splitPlace(name)[0] === null ? undefined : names.find(name);
  /** A selection by the names that its songs have here. */
  const named = ({ songs, compared }: Selected): Selected => ({
    songs: Array.from(songs, (name) => names.get(name)?.name)
      .filter((it) => it !== undefined),
    compared,
  });
  const select = async (
    selection: string,
    isOver?: () => boolean,
  ): Promise<Selected> => {
    const found = names.get(selection) ?? placed(selection);
    if (found) return { songs: [found.name], compared: 1 };
    const parsed = parseSelection(selection);
    return parsed.kind === "playlist"
      ? named(await lists.select(parsed.name, isOver))
      : await all.select(selection, isOver);
  };
  return {
    search: (...query) => all.search(...query),
    names: (query) => all.names(query),
    albums: (...query) => all.albums(...query),
    artists: (...query) => all.artists(...query),
    playlists: (isOwn) => isOwn ? local.playlists() : lists.list(),
    select,
  };
}
