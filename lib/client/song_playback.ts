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
import { OndacastError, PeerError } from "../errors.ts";
import type { CachedSong, CacheWriter, SongCache } from "../ports.ts";
import type { RequestId, ToClient } from "../wire/messages.ts";
import type { ClientSession } from "./client_session.ts";
import { CreditKeeper } from "./credit_keeper.ts";
import { isPassing, type Link } from "./link.ts";
import type { Output } from "./output.ts";
import { PcmCut } from "./pcm_cut.ts";
import {
  Playback,
  type PlaybackState,
  type PlaybackSummary,
} from "./playback.ts";
import { Recorder } from "./recorder.ts";

/** Audio that may be under way and in the buffer together. */
const WINDOW_SECONDS = 4;
/** How long a lost server is looked for. */
const RECONNECT_MS = 60_000;
/** What is read of a stored half at once. */
const HALF_READ_BYTES = 64 * 1024;

/** What to play, and on what. */
export interface SongPlaybackOptions {
  link: Link;
  output: Output;
  song: string;
  windowBytes: number;
  /** A stream that has begun unasked, right before its first data. */
  cast?: { session: ClientSession; start: ToClient<"start"> };
  /** Where the song is stored while it plays. */
  cache?: SongCache;
  /** The half of it that is stored already, and is what the server has. */
  half?: CachedSong;
}

/** Where to begin in a song; nothing: its whole file from the first byte. */
interface Where {
  from?: number;
  offset?: number;
  etag?: string;
}

/** One song, from the request to the last sample written. */
export class SongPlayback extends Playback {
  readonly #link: Link;
  readonly #song: string;
  readonly #cache: SongCache | null;
  readonly #half: CachedSong | null;
  readonly #reconnectsBefore: number;
  #session: ClientSession | null = null;
  /** What the server said of the stream that counts; null: none yet. */
  #start: ToClient<"start"> | null = null;
  #cut: PcmCut | null = null;
  #where: Where = {};
  /** The request whose `start` is waited for; null: it has come. */
  #asked: RequestId | null = null;
  /** Whether the latest stream of the connection is the one that counts. */
  #ours = false;
  #reconnecting = false;
  /** Whether the next stream goes on where the buffer ends. */
  #goesOn = false;
  /** Bytes in the buffer that came over an earlier connection. */
  #foreignBytes = 0;
  #received = false;
  #recorder: Recorder | null = null;
  #keeper = new CreditKeeper();
  #sha256: string | undefined;
  /** Bytes that came over this connection and are not granted again yet. */
  #owedBytes = 0;
  /** Called when somebody casts another song here, whose data comes from now on. */
  onCast: (session: ClientSession, start: ToClient<"start">) => void = () => {};
  /** Called for each message that is not about the stream. */
  onMessage: (message: ToClient) => void = () => {};

  constructor(options: SongPlaybackOptions) {
    const { link, output } = options;
    const { clock, signal } = link;
    super({ output, clock, signal, capacityBytes: options.windowBytes });
    this.#link = link;
    this.#song = options.song;
    this.#cache = options.cache ?? null;
    this.#half = options.half ?? null;
    this.#reconnectsBefore = link.reconnects;
    this.#keeper.storeNoMore();
    if (options.cast) {
      this.#attach(options.cast.session);
      this.#begin(options.cast.session, options.cast.start);
    }
  }

  /**
   * Plays to the end, or until skipped.
   *
   * @param fromSeconds Where to begin; undefined: the whole file.
   * @throws {OndacastError} The server's error, the player's, `lost` after a
   * minute without the server, or `interrupted`.
   */
  async run(fromSeconds?: number): Promise<PlaybackSummary> {
    try {
      await this.playWhile(this.#feed(fromSeconds));
      if (this.#received) await this.#recorder?.publish(this.#sha256);
      const reconnects = this.#link.reconnects - this.#reconnectsBefore;
      return this.summary(this.#start?.song ?? this.#song, reconnects);
    } finally {
      await this.#release();
    }
  }

  /** After a seek its position is the place sought, though nothing has come. */
  override get state(): PlaybackState | null {
    const state = super.state;
    const positionSeconds = this.#where.from;
    if (state === null || positionSeconds === undefined) return state;
    return { ...state, positionSeconds };
  }

  override skip(): void {
    super.skip();
    this.pump.drop();
    if (this.#received) return;
    // It may be over on the server by now, which is as good.
    this.#session?.request({ type: "stop" }).catch(() => {});
  }

  seek(seconds: number): void {
    const start = this.#start;
    if (start === null || start.format.dataBytes === null) return;
    const length = bytesToSeconds(start.format, start.format.dataBytes);
    this.#where = {
      from: Math.min(Math.max(0, seconds), length),
      etag: start.etag ?? undefined,
    };
    this.#goesOn = this.#received = false;
    this.#stopRecording();
    this.used(this.pump.clear());
    this.pump.drop();
    if (this.#session?.failure === null) this.#ask(this.#session);
    else this.#reconnect().catch((error) => this.fail(error));
  }

  /** Ends without a word, as another stream has taken this one's place. */
  supersede(): void {
    const session = this.#session;
    this.#session = null; // so that nobody is told
    // Of a song that is over, the last is still to be heard.
    if (!this.pump.over) this.pump.drop();
    super.skip();
    this.#session = session;
    this.used(this.pump.clear());
    this.#session = null;
  }

  protected get playing(): { name: string; format: SongFormat } | null {
    return this.#start &&
      { name: this.#start.song, format: this.#start.format };
  }

  protected override used(bytes: number): void {
    this.#giveBack(this.#keeper.played(bytes));
  }

  /** Tells the server, and by it everyone, what is going on. */
  protected override changed(): void {
    const { state } = this;
    if (state === null || !this.#start?.stream) return;
    this.#session?.send({
      type: "state",
      stream: this.#start.stream,
      position: state.positionSeconds,
      playing: !state.paused && !this.pump.over,
      volume: state.volume,
      underruns: state.underruns,
      ...(this.problem !== null && { problem: this.problem }),
    });
  }

  async #feed(fromSeconds: number | undefined): Promise<void> {
    if (this.#session !== null) return; // A cast feeds itself.
    this.#where = { from: fromSeconds };
    const session = await this.#link.session();
    if (this.#half && fromSeconds === undefined) {
      await this.#feedHalf(this.#half);
    }
    if (!this.pump.over) await this.#connect(session);
  }

  /** Plays what is stored of the song; the stream then goes on behind it. */
  async #feedHalf({ song, etag, bytes, format }: CachedSong): Promise<void> {
    const about = { song, etag, bytes, format };
    const writer = await this.#cache?.store(this.#link.place, about);
    if (!writer) return;
    this.#start = {
      ...about,
      type: "start",
      stream: NaN, // none of the server's: nothing is told of it
      offset: 0,
      from: 0,
    };
    this.#cut = new PcmCut(format, 0);
    this.pump.begin(format, 0, this.pump.room);
    const buffer = new Uint8Array(HALF_READ_BYTES);
    let left = writer.storedBytes;
    this.#record(Promise.resolve(writer), left);
    this.#keeper.stored(left);
    while (left > 0 && !this.pump.over && this.#where.from === undefined) {
      await this.roomFor(buffer.length);
      const read = await writer.read(
        buffer.subarray(0, Math.min(left, buffer.length)),
        this.#cut.offset,
      );
      if (read === 0) break;
      left -= read;
      this.pump.push(this.#cut.take(buffer.subarray(0, read)));
    }
    if (this.#where.from !== undefined) return; // somebody has sought
    this.#foreignBytes = this.pump.bufferedBytes;
    this.#goesOn = true;
    this.#where = { offset: this.#cut.offset, etag };
  }

  /** Gives the connection back, with the credit for what is not played. */
  async #release(): Promise<void> {
    this.stop();
    this.changed();
    this.#stopRecording();
    this.used(this.pump.clear());
    if (this.#session) this.#session.listener = {};
    this.#session = null;
    await this.#recorder?.stop();
  }

  #connect(session: ClientSession): Promise<void> {
    this.#attach(session);
    return this.#ask(session);
  }

  /** Takes a connection as the one that the song comes over. */
  #attach(session: ClientSession): void {
    this.#session = session;
    this.#asked = null;
    this.#ours = false;
    session.listener = {
      start: (start) => {
        if (start.re === undefined) this.onCast(session, start);
        else if (start.re === this.#asked) this.#begin(session, start);
        else this.#ours = false;
      },
      data: (piece) => this.#take(session, piece),
      dataEnd: () => this.#complete(),
      message: (message) => this.#hear(message),
      closed: (error) => this.#lost(error),
    };
  }

  async #ask(session: ClientSession): Promise<void> {
    const song = this.#start?.song ?? this.#song;
    const { id, answer } = session.ask({ type: "play", song, ...this.#where });
    this.#asked = id;
    try {
      await answer;
    } catch (error) {
      if (this.#session === session && !session.failure) this.fail(error);
    }
  }

  #begin(session: ClientSession, start: ToClient<"start">): void {
    this.#asked = null;
    this.#ours = true;
    const { format } = start;
    if (this.#goesOn && !this.#fits(start)) {
      return this.fail(
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
    if (this.#goesOn) this.pump.widen(capacity);
    else this.pump.begin(format, position, capacity);
    if (this.#start === null) this.#startRecording(start);
    this.#start = start;
    this.#cut = new PcmCut(format, start.offset);
    this.#where = {};
    this.changed();
  }

  /** Whether a stream goes on just where the one before was cut off. */
  #fits(start: ToClient<"start">): boolean {
    return start.etag === this.#start?.etag &&
      start.offset === this.#cut?.offset;
  }

  #take(session: ClientSession, piece: Uint8Array): void {
    if (this.#asked !== null || !this.#ours || this.#cut === null) {
      return session.used(piece.length);
    }
    this.#owedBytes += piece.length;
    this.#recorder?.take(piece);
    const pcm = this.#cut.take(piece);
    if (pcm.length < piece.length) this.used(piece.length - pcm.length);
    if (pcm.length > 0) this.pump.push(pcm);
  }

  #complete(): void {
    if (this.#asked !== null || !this.#ours) return;
    const { offset = 0, bytes = null } = this.#start ?? {};
    if (bytes !== null && this.#cut?.offset !== offset + bytes) {
      return this.fail(
        new OndacastError(
          "lost",
          `Lost a part of ${this.#song}: ${bytes} bytes were to come`,
        ),
      );
    }
    this.#received = true;
    this.pump.complete();
  }

  #hear(message: ToClient): void {
    const ours = "stream" in message &&
      message.stream === this.#start?.stream;
    if (message.type === "end" && ours) this.#sha256 = message.sha256;
    if (message.type !== "stopped") return this.onMessage(message);
    if (this.skipped || !ours) return;
    if (message.code === undefined) super.skip();
    else this.fail(new PeerError(message.code, message.reason, false));
  }

  #lost(error: OndacastError): void {
    if (this.#received) return; // All is here, and is played to its end.
    if (this.#start === null || !isPassing(error)) return this.fail(error);
    this.#reconnect().catch((error) => this.fail(error));
  }

  /** Goes on over a new connection: where a seek leads, or with the next byte. */
  async #reconnect(): Promise<void> {
    if (this.#reconnecting) return; // It will go where it is to by then.
    this.#reconnecting = true;
    this.#foreignBytes += this.#owedBytes;
    this.#owedBytes = 0;
    const session = await this.#link.reconnect(RECONNECT_MS);
    this.#reconnecting = false;
    if (this.pump.over) return;
    if (this.#where.from === undefined) {
      this.#goesOn = true;
      this.#where = {
        offset: this.#cut?.offset,
        etag: this.#start?.etag ?? undefined,
      };
    }
    await this.#connect(session);
  }

  /** Both the player and the cache are done with bytes. */
  #giveBack(bytes: number): void {
    const foreign = Math.min(bytes, this.#foreignBytes);
    const ours = Math.min(bytes - foreign, this.#owedBytes);
    this.#foreignBytes -= foreign;
    this.#owedBytes -= ours;
    if (ours > 0) this.#session?.used(ours);
  }

  /** Stores the file from here on, if it is the whole of it that comes. */
  #startRecording({ song, etag, bytes, offset, format }: ToClient<"start">) {
    if (!this.#cache || etag === null || bytes === null || offset !== 0) return;
    const { place } = this.#link;
    this.#record(this.#cache.store(place, { song, etag, bytes, format }), 0);
  }

  #record(opening: Promise<CacheWriter | null>, fromBytes: number): void {
    this.#keeper = new CreditKeeper();
    this.#recorder = new Recorder(opening, fromBytes, {
      stored: (bytes) => this.#giveBack(this.#keeper.stored(bytes)),
      stopped: () => this.#giveBack(this.#keeper.storeNoMore()),
    });
  }

  #stopRecording(): void {
    this.#recorder?.stop().catch(() => {});
    this.#giveBack(this.#keeper.storeNoMore());
  }
}
