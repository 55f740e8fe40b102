/**
 * Reads songs and their pictures from another server, over a few connections.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";
import type { ClientSession } from "../client/client_session.ts";
import { OndacastError } from "../errors.ts";
import type { Clock } from "../ports/common.ts";
import type { ToClient } from "../wire/messages.ts";
import { type Asked, readStream, type SongPart } from "./peer_stream.ts";

/** Connections that songs are read over, each one part at a time. */
const MOST_READING = 2;
/** The same, while live songs have connections of their own. */
const MOST_READING_BESIDE = 1;
/** How long no byte of a part may come that another server has, too. */
const MOST_SILENT_MS = 10_000;
/** How long the only server that has a song may count its length. */
const MOST_COUNTING_MS = 60_000;
/** For how long others are asked first after that. */
const STALLED_MS = 60_000;

/** The longest picture, which is a JPEG of 1,024 pixels. */
const MOST_PICTURE_BYTES = 4 << 20;

export interface PeerSongsOptions {
  readonly clock: Clock;
  /** Aborted once the other server is not needed any more. */
  readonly signal: AbortSignal;
  readonly numbers: { readBytes: number };
  connect(): Promise<ClientSession>;
  /** Whether live songs have connections of their own. */
  isFollowed(): boolean;
}

export class PeerSongs {
  readonly #options: PeerSongsOptions;
  /** Connections over which nothing is read. */
  readonly #idle: ClientSession[] = [];
  /** Parts that are being read. */
  #reading = 0;
  readonly #waiting: (() => void)[] = [];
  #stalledMs = -Infinity;

  constructor(options: PeerSongsOptions) {
    this.#options = options;
  }

  /** Whether it has kept a reader waiting just now who could turn to another server. */
  get isStalled(): boolean {
    return this.#options.clock.now() - this.#stalledMs < STALLED_MS;
  }

  /**
   * Fills a buffer with bytes of a song's WAV, or of its file.
   *
   * @param isOnly Whether no other server has them: then it may take any time, as it
   * may decode what comes before.
   * @throws {OndacastError} `changed`, `not-found`; `lost`, if the server is gone, or
   * sends nothing for 10 s.
   */
  async read(
    song: SongPart,
    into: Uint8Array,
    offset: number,
    isOnly: boolean,
  ): Promise<void> {
    const bytes = into.length;
    let filled = 0;
    const mostSilentMs = isOnly ? Infinity : MOST_SILENT_MS;
    await this.#read({ ...song, offset, bytes }, (piece) => {
      const some = piece.subarray(0, bytes - filled);
      into.set(some, filled);
      filled += some.length;
    }, { mostSilentMs });
    if (filled < bytes) throw shorter(song.song);
  }

  /**
   * What is sent of a song once the other server has opened it, which counts its
   * length.
   *
   * @param isOnly Whether no other server has it: then that may take a minute.
   * @throws {OndacastError} As {@linkcode read} does.
   */
  async opened(song: string, isOnly: boolean): Promise<ToClient<"start">> {
    const { promise, resolve } = Promise.withResolvers<ToClient<"start">>();
    await this.#read({ song, offset: 0, bytes: 0 }, () => {}, {
      begun: resolve,
      mostSilentMs: isOnly ? MOST_COUNTING_MS : MOST_SILENT_MS,
    });
    return await promise;
  }

  /**
   * Reads the picture of a song.
   *
   * @throws {OndacastError} As {@linkcode read} does; `too-large`, `busy`.
   */
  async picture(
    song: SongPart & { size: number },
  ): Promise<Uint8Array<ArrayBuffer>> {
    const pieces: Uint8Array[] = [];
    let left = MOST_PICTURE_BYTES;
    await this.#read({ ...song, offset: 0 }, (piece) => {
      left -= piece.length;
      if (left >= 0) pieces.push(piece.slice());
    });
    if (left >= 0) return concat(pieces);
    throw new OndacastError(
      "too-large",
      `Cannot read the picture of ${song.song}: expected at most ${MOST_PICTURE_BYTES} bytes`,
    );
  }

  async #read(
    asked: Asked,
    data: (piece: Uint8Array) => void,
    { mostSilentMs = Infinity, begun }: {
      mostSilentMs?: number;
      begun?: (start: ToClient<"start">) => void;
    } = {},
  ): Promise<void> {
    const { numbers, clock } = this.#options;
    const session = await this.#take();
    const over = new AbortController();
    let heardMs = clock.now();
    const silence = async () => {
      while (!over.signal.aborted) {
        const leftMs = heardMs + mostSilentMs - clock.now();
        if (leftMs > 0) await clock.sleep(leftMs, over.signal);
        else {
          this.#stalledMs = clock.now();
          // Nothing of it comes any more, either.
          return session.close();
        }
      }
    };
    const watched = mostSilentMs < Infinity ? silence() : Promise.resolve();
    try {
      await readStream(session, asked, {
        ...(begun && { begun }),
        data(piece) {
          heardMs = clock.now();
          numbers.readBytes += piece.length;
          data(piece);
        },
      });
    } finally {
      over.abort();
      await watched;
      this.#giveBack(session);
    }
  }

  async #take(): Promise<ClientSession> {
    while (this.#reading >= this.#mostReading) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#reading++;
    try {
      while (true) {
        const idle = this.#idle.pop();
        if (idle === undefined) return await this.#options.connect();
        if (idle.failure === null) return idle;
      }
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  get #mostReading(): number {
    return this.#options.isFollowed() ? MOST_READING_BESIDE : MOST_READING;
  }

  #giveBack(session: ClientSession): void {
    const isOne = this.#idle.length + this.#reading <= this.#mostReading;
    if (this.#options.signal.aborted || !isOne) session.close();
    else if (session.failure === null) this.#idle.push(session);
    this.#release();
  }

  #release(): void {
    this.#reading--;
    this.#waiting.shift()?.();
  }

  /** Closes the connections over which nothing is read. */
  close(): void {
    for (const session of this.#idle.splice(0)) session.close();
  }
}

function shorter(song: string): OndacastError {
  return new OndacastError(
    "changed",
    `Cannot read ${song}: it is shorter than it was`,
  );
}
