/**
 * Plays one song of a server: asks for it, takes its PCM as it arrives, goes
 * on after a lost connection, and obeys whoever has the keys.
 *
 * @module
 */

import {
  bytesPerSecond,
  bytesToSeconds,
  type SongFormat,
} from "../audio/format.ts";
import { OndacastError, PeerError, toOndacastError } from "../errors.ts";
import type { ToClient } from "../wire/messages.ts";
import type { ClientSession } from "./client_session.ts";
import { isPassing, type Link } from "./link.ts";
import type { Output } from "./output.ts";
import { PcmCut } from "./pcm_cut.ts";
import { Pump } from "./pump.ts";

/** Audio that may be under way and in the buffer together. */
const WINDOW_SECONDS = 4;
/** How long a lost server is looked for. */
const RECONNECT_MS = 60_000;

/** What is played at a moment, for whoever shows it. */
export interface PlaybackState {
  song: string;
  format: SongFormat;
  /** What has been heard, in seconds from the song's start. */
  positionSeconds: number;
  /** Null: a live stream. */
  lengthSeconds: number | null;
  bufferedSeconds: number;
  level: number;
  underruns: number;
  volume: number;
  paused: boolean;
}

/** What became of a song. */
export interface PlaybackSummary {
  song: string;
  /** PCM given to the player. */
  seconds: number;
  bytes: number;
  underruns: number;
  reconnects: number;
}

/** What to play, and on what. */
export interface SongPlaybackOptions {
  link: Link;
  output: Output;
  song: string;
  windowBytes: number;
  /** A stream that has begun unasked, right before its first data. */
  cast?: { session: ClientSession; start: ToClient<"start"> };
}

/** Where to begin in a song; nothing: its whole file from the first byte. */
interface Where {
  from?: number;
  offset?: number;
  etag?: string;
}

/** One song, from the request to the last sample written. */
export class SongPlayback {
  readonly #link: Link;
  readonly #song: string;
  readonly #pump: Pump;
  readonly #reconnectsBefore: number;
  readonly #interrupted = Promise.withResolvers<never>();
  #session: ClientSession | null = null;
  /** What the server said of the stream that counts; null: none yet. */
  #start: ToClient<"start"> | null = null;
  #cut: PcmCut | null = null;
  #where: Where = {};
  /** Streams asked for and begun; data in between is of one that is over. */
  #asked = 0;
  #begun = 0;
  /** Whether the next stream goes on where the buffer ends. */
  #goesOn = false;
  /** Bytes in the buffer that came over an earlier connection. */
  #foreignBytes = 0;
  #received = false;
  #skipped = false;
  /** Called once the first PCM goes to the player, with the player's name. */
  onStart: (state: PlaybackState, player: string) => void = () => {};

  /** Called when somebody casts another song here, whose data comes from now on. */
  onCast: (session: ClientSession, start: ToClient<"start">) => void = () => {};
  /** Called for each message that is not about the stream. */
  onMessage: (message: ToClient) => void = () => {};

  constructor(options: SongPlaybackOptions) {
    this.#link = options.link;
    this.#song = options.song;
    this.#reconnectsBefore = options.link.reconnects;
    this.#interrupted.promise.catch(() => {});
    this.#pump = new Pump({
      output: options.output,
      clock: options.link.clock,
      capacityBytes: options.windowBytes,
      listener: {
        used: (bytes) => this.#used(bytes),
        opened: (player) => this.onStart(this.state!, player),
        gap: () => this.#report(),
      },
    });
    if (options.cast) {
      this.#attach(options.cast.session);
      this.#asked = 1;
      this.#begin(options.cast.session, options.cast.start);
    }
  }

  /** What is played now; null before the song has begun. */
  get state(): PlaybackState | null {
    const start = this.#start;
    if (start === null) return null;
    const { format } = start;
    return {
      song: start.song,
      format,
      positionSeconds: bytesToSeconds(format, this.#pump.heardBytes),
      lengthSeconds: format.dataBytes === null
        ? null
        : bytesToSeconds(format, format.dataBytes),
      bufferedSeconds: bytesToSeconds(format, this.#pump.bufferedBytes),
      level: this.#pump.level,
      underruns: this.#pump.underruns,
      volume: this.#pump.volume,
      paused: this.#pump.paused,
    };
  }

  /** Whether it was ended before its end. */
  get skipped(): boolean {
    return this.#skipped;
  }

  /**
   * Plays to the end, or until skipped.
   *
   * @param fromSeconds Where to begin; undefined: the whole file.
   * @throws {OndacastError} The server's error, the player's, `lost` after a
   * minute without the server, or `interrupted`.
   */
  async run(fromSeconds?: number): Promise<PlaybackSummary> {
    const { signal } = this.#link;
    const onAbort = () =>
      this.#fail(new OndacastError("interrupted", "Interrupted"));
    signal.addEventListener("abort", onAbort);
    if (signal.aborted) onAbort();
    try {
      const fed = this.#session === null
        ? this.#askFrom(fromSeconds)
        : Promise.resolve();
      await Promise.race([
        Promise.all([fed, this.#pump.run()]),
        this.#interrupted.promise,
      ]);
      return this.#summary();
    } finally {
      this.#release();
      signal.removeEventListener("abort", onAbort);
    }
  }

  pause(): void {
    this.#pump.pause();
    this.#report();
  }

  resume(): void {
    this.#pump.resume();
    this.#report();
  }

  /** 0 to 100. */
  get volume(): number {
    return this.#pump.volume;
  }

  set volume(percent: number) {
    this.#pump.volume = Math.min(100, Math.max(0, percent));
    this.#report();
  }

  /** Ends the song before its end. */
  skip(): void {
    this.#skipped = true;
    if (!this.#received) {
      // It may be over on the server by now, which is as good.
      this.#session?.request({ type: "stop" }).catch(() => {});
    }
    this.#pump.stop();
  }

  /** Goes on from another place, to the sample frame. */
  seek(seconds: number): void {
    const start = this.#start;
    if (start === null || start.format.dataBytes === null) return;
    const length = bytesToSeconds(start.format, start.format.dataBytes);
    this.#where = {
      from: Math.min(Math.max(0, seconds), length),
      etag: start.etag ?? undefined,
    };
    this.#goesOn = this.#received = false;
    this.#used(this.#pump.clear());
    if (this.#session?.failure === null) this.#ask(this.#session);
  }

  /** Ends without a word, as another stream has taken this one's place. */
  supersede(): void {
    this.#skipped = true;
    this.#pump.stop();
    this.#used(this.#pump.clear());
    this.#session = null;
  }

  async #askFrom(fromSeconds: number | undefined): Promise<void> {
    this.#where = { from: fromSeconds };
    await this.#connect(await this.#link.session());
  }

  /** Gives the connection back, with the credit for what is not played. */
  #release(): void {
    this.#pump.stop();
    this.#report();
    this.#used(this.#pump.clear());
    if (this.#session) this.#session.listener = {};
    this.#session = null;
  }

  #connect(session: ClientSession): Promise<void> {
    this.#attach(session);
    return this.#ask(session);
  }

  /** Takes a connection as the one that the song comes over. */
  #attach(session: ClientSession): void {
    this.#session = session;
    this.#asked = this.#begun = 0;
    session.listener = {
      start: (start) => {
        if (start.re === undefined) this.onCast(session, start);
        else this.#begin(session, start);
      },
      data: (piece) => this.#take(session, piece),
      dataEnd: () => this.#complete(),
      message: (message) => this.#hear(message),
      closed: (error) => this.#lost(error),
    };
  }

  async #ask(session: ClientSession): Promise<void> {
    this.#asked++;
    const song = this.#start?.song ?? this.#song;
    try {
      await session.request({ type: "play", song, ...this.#where });
    } catch (error) {
      this.#begun++;
      if (this.#session === session && !session.failure) {
        this.#fail(toOndacastError(error));
      }
    }
  }

  #begin(session: ClientSession, start: ToClient<"start">): void {
    this.#begun++;
    if (this.#begun < this.#asked) return;
    const { format } = start;
    if (this.#goesOn && !this.#fits(start)) {
      return this.#fail(
        new OndacastError(
          "changed",
          `Cannot go on with ${start.song}: its content has changed`,
        ),
      );
    }
    session.widen(
      Math.ceil(bytesPerSecond(format) * WINDOW_SECONDS),
    );
    const capacity = session.windowBytes + this.#foreignBytes;
    const position = Math.max(start.offset - format.dataOffset, 0);
    if (this.#goesOn) this.#pump.widen(capacity);
    else this.#pump.begin(format, position, capacity);
    this.#start = start;
    this.#cut = new PcmCut(format, start.offset);
    this.#where = {};
    this.#report();
  }

  /** Whether a stream goes on just where the one before was cut off. */
  #fits(start: ToClient<"start">): boolean {
    return start.etag === this.#start?.etag &&
      start.offset === this.#cut?.offset;
  }

  #take(session: ClientSession, piece: Uint8Array): void {
    if (this.#begun < this.#asked || this.#cut === null) {
      return session.used(piece.length);
    }
    const pcm = this.#cut.take(piece);
    if (pcm.length < piece.length) session.used(piece.length - pcm.length);
    if (pcm.length > 0) this.#pump.push(pcm);
  }

  #complete(): void {
    if (this.#begun < this.#asked) return;
    this.#received = true;
    this.#pump.complete();
  }

  #hear(message: ToClient): void {
    if (message.type !== "stopped") return this.onMessage(message);
    if (this.#skipped || message.stream !== this.#start?.stream) return;
    if (message.code === undefined) {
      this.#skipped = true;
      this.#pump.stop();
    } else {
      this.#fail(new PeerError(message.code, message.reason, false));
    }
  }

  /** Tells the server, and by it everyone, what is going on. */
  #report(): void {
    const { state } = this;
    if (state === null || this.#start === null) return;
    this.#session?.send({
      type: "state",
      stream: this.#start.stream,
      position: state.positionSeconds,
      playing: !state.paused && !this.#pump.over,
      volume: state.volume,
      underruns: state.underruns,
    });
  }

  #lost(error: OndacastError): void {
    if (this.#received) return; // All is here, and is played to its end.
    if (this.#start === null || !isPassing(error)) return this.#fail(error);
    this.#reconnect(this.#start, this.#cut!)
      .catch((error) => this.#fail(toOndacastError(error)));
  }

  async #reconnect(start: ToClient<"start">, cut: PcmCut): Promise<void> {
    this.#foreignBytes = this.#pump.bufferedBytes;
    const session = await this.#link.reconnect(RECONNECT_MS);
    if (this.#where.from === undefined) {
      this.#goesOn = true;
      this.#where = { offset: cut.offset, etag: start.etag ?? undefined };
    }
    await this.#connect(session);
  }

  #used(bytes: number): void {
    const foreign = Math.min(bytes, this.#foreignBytes);
    this.#foreignBytes -= foreign;
    if (bytes > foreign) this.#session?.used(bytes - foreign);
  }

  #fail(error: OndacastError): void {
    this.#interrupted.reject(error);
  }

  #summary(): PlaybackSummary {
    const { writtenBytes, underruns } = this.#pump;
    return {
      song: this.#start?.song ?? this.#song,
      seconds: this.#start
        ? bytesToSeconds(this.#start.format, writtenBytes)
        : 0,
      bytes: writtenBytes,
      underruns,
      reconnects: this.#link.reconnects - this.#reconnectsBefore,
    };
  }
}
