/**
 * The playlists of all servers. One has its bare name here, or at the first other
 * server by name; `NODE:name` reaches each. They are asked for when somebody looks.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import type {
  Listed,
  PlaylistEntry,
  Selected,
  SongLibrary,
} from "../ports/library.ts";
import { splitPlace } from "./placed_name.ts";
import type { PlaylistServer } from "./playlist_server.ts";

/** What is asked of another server that is alive. */
type Asked = Pick<PlaylistServer, "name" | "list" | "songs">;

export class SharedPlaylists {
  readonly #own: SongLibrary;
  readonly #place: string;
  readonly #others: () => Asked[];

  /** @param others By name. */
  constructor(
    own: SongLibrary,
    place: string,
    others: () => Asked[],
  ) {
    this.#own = own;
    this.#place = place;
    this.#others = others;
  }

  async list(): Promise<Listed<PlaylistEntry>> {
    const own = await this.#own.playlists();
    const others = await Promise.all(
      this.#others().map(async (server) => ({
        server,
        // One that does not answer has none.
        rows: await server.list().catch(() => []),
      })),
    );
    const names = new Set(own.rows.map(({ name }) => name));
    const rows = others.flatMap(({ server, rows }) =>
      rows.map((row) => {
        const name = names.has(row.name)
          ? `${server.name}:${row.name}`
          : row.name;
        names.add(row.name);
        return { ...row, name };
      })
    );
    return {
      ...own,
      rows: [...own.rows, ...rows],
      total: own.total + rows.length,
    };
  }

  /** @throws {OndacastError} `not-found`. */
  async select(name: string, isOver?: () => boolean): Promise<Selected> {
    const [place, rest] = splitPlace(name);
    if (place === this.#place) return await this.#ownSongs(rest, isOver);
    const server = this.#others().find((it) => it.name === place);
    if (server) return selected(await server.songs(rest));
    try {
      return await this.#ownSongs(name, isOver);
    } catch (error) {
      const holder = isMissing(error) ? await this.#holder(name) : undefined;
      if (holder === undefined) throw error;
      return selected(await holder.songs(name));
    }
  }

  #ownSongs(name: string, isOver?: () => boolean): Promise<Selected> {
    return this.#own.select(`playlist:${name}`, isOver);
  }

  async #holder(name: string): Promise<Asked | undefined> {
    for (const server of this.#others()) {
      const rows = await server.list().catch(() => []);
      if (rows.some((row) => row.name === name)) return server;
    }
  }
}

function selected(songs: string[]): Selected {
  return { songs, compared: songs.length };
}

function isMissing(error: unknown): boolean {
  return error instanceof OndacastError && error.code === "not-found";
}
