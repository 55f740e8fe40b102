/**
 * The playlists of another server, which it is asked for.
 *
 * @module
 */

import type { ClientSession } from "../client/client_session.ts";
import { OndacastError } from "../errors.ts";
import type { PlaylistEntry } from "../ports/library.ts";
import type { Clock } from "../ports/common.ts";
import { MAX_ROWS } from "../wire/messages.ts";
import { splitPlace } from "./placed_name.ts";

/** How long it may take to answer. */
const ANSWER_MS = 1_000;
/** Most songs of a playlist. */
const MOST_SONGS = 10_000;

export class PlaylistServer {
  readonly name: string;
  readonly #session: () => Promise<ClientSession>;
  readonly #clock: Clock;

  constructor(
    name: string,
    session: () => Promise<ClientSession>,
    clock: Clock,
  ) {
    this.name = name;
    this.#session = session;
    this.#clock = clock;
  }

  /** Its own playlists. @throws {OndacastError} `lost`. */
  async list(): Promise<readonly PlaylistEntry[]> {
    const { playlists } = await this.#inTime(
      async () => (await this.#session()).request({ type: "playlists" }),
    );
    return playlists;
  }

  /**
   * The songs of one of its playlists, by names that reach them from everywhere.
   *
   * @throws {OndacastError} `lost`, `not-found`, `ambiguous`.
   */
  async songs(playlist: string): Promise<string[]> {
    const selection = `playlist:${this.name}:${playlist}`;
    const names: string[] = [];
    let after: string | undefined;
    do {
      const { songs, next, more } = await this.#inTime(async () =>
        (await this.#session()).request({
          ...{ type: "list", selection, limit: MAX_ROWS },
          ...(after !== undefined && { after }),
        })
      );
      for (const { name, node = this.name } of songs) {
        const [place, rest] = splitPlace(name);
        names.push(`${node}:${place === node ? rest : name}`);
      }
      after = more && songs.length > 0 ? next : undefined;
    } while (after !== undefined && names.length < MOST_SONGS);
    return names;
  }

  async #inTime<T>(ask: () => Promise<T>): Promise<T> {
    const done = new AbortController();
    const late = this.#clock.sleep(ANSWER_MS, done.signal).then(() => {
      throw new OndacastError(
        "lost",
        `Cannot list the playlists of ${this.name}: it does not answer`,
      );
    });
    late.catch(() => {});
    try {
      return await Promise.race([ask(), late]);
    } finally {
      done.abort();
    }
  }
}
