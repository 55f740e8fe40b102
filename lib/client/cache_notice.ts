/**
 * Has the server, and by it everyone, know of a song that is played from the
 * cache: it is asked for the bytes behind the song's last one, which makes a
 * stream without a byte that states can be told of.
 *
 * @module
 */

import type { CachedSong } from "../ports/client.ts";
import type { ToServer } from "../wire/messages.ts";
import type { ClientSession } from "./client_session.ts";
import type { Link } from "./link.ts";

/** How long a lost server is looked for. */
const RECONNECT_MS = 60_000;

/** The stream of a song whose bytes are all here. */
export interface EmptyStream {
  session: ClientSession;
  stream: number;
  /** The song that the server means. */
  song: string;
}

/**
 * Asks for what is behind a song's last byte.
 *
 * @param song The name that is wanted.
 * @throws {OndacastError} `changed`, if the server's song is another one by now;
 * `unreachable`, `not-found`, …
 */
export async function askForNothing(
  session: ClientSession,
  song: string,
  { etag, bytes }: Pick<CachedSong, "etag" | "bytes">,
): Promise<EmptyStream> {
  const play = { type: "play", song, offset: bytes, etag } as const;
  const start = await session.request(play);
  return { session, stream: start.stream, song: start.song };
}

/** What is told of one song, over all connections. */
export class CacheNotice {
  readonly #link: Link;
  readonly #song: CachedSong;
  readonly #asked: Promise<EmptyStream>;
  #told: EmptyStream | null = null;
  #state: ((stream: number) => ToServer<"state">) | null = null;

  /** @param asked The server's first answer, which may come late or never. */
  constructor(link: Link, song: CachedSong, asked: Promise<EmptyStream>) {
    this.#link = link;
    this.#song = song;
    this.#asked = asked;
  }

  /**
   * Reports a state now, and after each reconnect.
   *
   * @param state Makes it of a stream's number, as it is by then.
   */
  report(state: (stream: number) => ToServer<"state">): void {
    this.#state = state;
    if (this.#told) this.#told.session.send(state(this.#told.stream));
  }

  /**
   * Keeps at it until the song is over. A server that is away, or that has
   * another song by now, is no reason not to hear this one: nobody is told then.
   */
  async run(over: AbortSignal): Promise<void> {
    try {
      let asked = this.#asked;
      while (!over.aborted) {
        this.#told = await asked;
        if (this.#state) this.report(this.#state);
        await aborted(AbortSignal.any([this.#told.session.over, over]));
        if (over.aborted) return;
        const session = await this.#link.reconnect(RECONNECT_MS, over);
        asked = askForNothing(session, this.#song.song, this.#song);
      }
    } catch {
      this.#told = null;
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve());
    if (signal.aborted) resolve();
  });
}
