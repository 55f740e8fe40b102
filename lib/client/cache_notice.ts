/**
 * Reports a song that plays from the cache to the server, and so to everyone. A
 * request for the bytes after the last one opens an empty stream, which states
 * can be sent for.
 *
 * @module
 */

import type { CachedSong } from "../ports/client.ts";
import type { ToServer } from "../wire/messages.ts";
import type { ClientSession } from "./client_session.ts";
import { aborted } from "./interrupted.ts";
import type { Link } from "./link.ts";

/** How long to try to reconnect. */
const RECONNECT_MS = 60_000;

/** A stream without data. */
export interface EmptyStream {
  session: ClientSession;
  stream: number;
  /** The song's name on the server. */
  song: string;
}

/**
 * Requests the bytes after a song's last one.
 *
 * @param song The requested name.
 * @throws {OndacastError} `changed`, if the server's song has other content now;
 * `unreachable`, `not-found`, …
 */
export async function openEmptyStream(
  session: ClientSession,
  song: string,
  { etag, bytes }: Pick<CachedSong, "etag" | "bytes">,
): Promise<EmptyStream> {
  const play = { type: "play", song, offset: bytes, etag } as const;
  const start = await session.request(play);
  return { session, stream: start.stream, song: start.song };
}

/** Reports the state of one song, also after reconnects. */
export class CacheNotice {
  readonly #link: Link;
  readonly #song: CachedSong;
  readonly #opening: Promise<EmptyStream>;
  #stream: EmptyStream | null = null;
  #state: ((stream: number) => ToServer<"state">) | null = null;

  /** @param opening The first stream; it may be late, or never open. */
  constructor(link: Link, song: CachedSong, opening: Promise<EmptyStream>) {
    this.#link = link;
    this.#song = song;
    this.#opening = opening;
  }

  /**
   * Reports a state now, and after each reconnect.
   *
   * @param state Makes the state for a stream's number.
   */
  report(state: (stream: number) => ToServer<"state">): void {
    this.#state = state;
    if (this.#stream) this.#stream.session.send(state(this.#stream.stream));
  }

  /**
   * Reports the song until it is over. It ends early, and never throws, if the
   * server is away or its song has changed: the song plays on.
   */
  async run(over: AbortSignal): Promise<void> {
    try {
      let opening = this.#opening;
      while (!over.aborted) {
        this.#stream = await opening;
        if (this.#state) this.report(this.#state);
        await aborted(AbortSignal.any([this.#stream.session.over, over]));
        if (over.aborted) return;
        const session = await this.#link.reconnect(RECONNECT_MS, over);
        opening = openEmptyStream(session, this.#song.song, this.#song);
      }
    } catch {
      this.#stream = null;
    }
  }
}
