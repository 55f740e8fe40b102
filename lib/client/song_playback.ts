/**
 * Plays one song of a server: asks for it, takes its PCM as it arrives, goes
 * on after a lost connection, and obeys whoever has the keys.
 *
 * @module
 */

import { bytesToSeconds, type SongFormat } from "../audio/format.ts";
import { OndacastError, PeerError, toOndacastError } from "../errors.ts";
import type { CachedSong, CacheWriter, SongCache } from "../ports/client.ts";
import type { RequestId, ToClient } from "../wire/messages.ts";
import { askForNothing, type CacheNotice } from "./cache_notice.ts";
import type { FoundSong } from "./through_cache.ts";
import { bufferBytes } from "./buffer_size.ts";
import type { ClientSession, SessionListener } from "./client_session.ts";
import { JointProgress } from "./joint_progress.ts";
import { isPassing, type Link } from "./link.ts";
import type { Output } from "./output.ts";
import { PcmExtractor } from "./pcm_extractor.ts";
import {
  Playback,
  type PlaybackState,
  type PlaybackSummary,
} from "./playback.ts";
import { CacheTee } from "./cache_tee.ts";
import { msUntil } from "./server_time.ts";

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
  half?: FoundSong;
  /** How long a lost server is looked for; left out: a minute. */
  reconnectMs?: number;
  /** Whether it outlives a player that fails, and waits for another. */
  outlivesPlayer?: boolean;
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
  readonly #notice: CacheNotice | null;
  readonly #cast: SongPlaybackOptions["cast"];
  readonly #reconnectsBefore: number;
  readonly #reconnectMs: number;
  #session: ClientSession | null = null;
  /** Whom it tells its state, also when it is over. */
  #teller: ClientSession | null = null;
  /** What the server said of the stream that counts; null: none yet. */
  #start: ToClient<"start"> | null = null;
  #cut: PcmExtractor | null = null;
  #where: Where = {};
  /** The request whose `start` is waited for; null: it has come. */
  #asked: RequestId | null = null;
  /** The answer to that request. */
  #asking: Promise<number> | null = null;
  /** Whether the latest stream of the connection is the one that counts. */
  #ours = false;
  #reconnecting = false;
  /** Whether the next stream goes on where the buffer ends. */
  #goesOn = false;
  /** Bytes in the buffer that came over an earlier connection. */
  #foreignBytes = 0;
  #received = false;
  #stopAsked = false;
  #recorder: CacheTee | null = null;
  #keeper = new JointProgress();
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
    super({
      ...{ output, clock, signal },
      capacityBytes: options.windowBytes,
      outlivesPlayer: options.outlivesPlayer,
    });
    this.#link = link;
    this.#song = options.song;
    this.#cache = options.cache ?? null;
    this.#half = options.half?.song ?? null;
    this.#notice = options.half?.notice ?? null;
    this.#reconnectsBefore = link.reconnects;
    this.#reconnectMs = options.reconnectMs ?? RECONNECT_MS;
    this.#keeper.storeNoMore();
    this.#cast = options.cast;
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
      return this.soFar;
    } catch (error) {
      this.#stopStream();
      throw error;
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

  /** What has become of it by now. */
  get soFar(): PlaybackSummary {
    const reconnects = this.#link.reconnects - this.#reconnectsBefore;
    return this.summary(this.#start?.song ?? this.#song, reconnects);
  }

  override skip(): void {
    super.skip();
    this.pump.drop();
    this.#stopStream();
  }

  seek(seconds: number): boolean {
    const start = this.#start;
    if (start?.format.dataBytes === null) return false;
    const length = start
      ? bytesToSeconds(start.format, start.format.dataBytes)
      : Number.MAX_SAFE_INTEGER; // The server goes no farther than it can.
    this.#where = {
      from: Math.min(Math.max(0, seconds), length),
      etag: start?.etag ?? undefined,
    };
    this.#goesOn = this.#received = false;
    this.#stopRecording();
    this.used(this.clear());
    this.pump.drop();
    const session = this.#session;
    // Without a connection that is its own, one is about to be, and goes there.
    if (session === null || this.#reconnecting) return true;
    if (session.failure === null) this.#ask(session);
    else this.#reconnect();
    return true;
  }

  /** Ends without a word, as another stream has taken this one's place. */
  supersede(): void {
    this.#teller = null;
    // Of a song that is over, the last is still to be heard.
    if (!this.pump.over) {
      this.pump.drop();
      this.pump.cut();
    }
    super.skip();
    this.used(this.clear());
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
    if (this.#start === null || this.#stopAsked) return;
    const { stream } = this.#start;
    if (isNaN(stream)) {
      return this.#notice?.tell((stream) => this.stateOf(stream));
    }
    this.#teller?.send(this.stateOf(stream));
  }

  /** Has the server send no more, and nobody else's stream end by it. */
  #stopStream(): void {
    const session = this.#session;
    if (session === null || this.#received || this.#stopAsked) return;
    const stop = (stream: number) =>
      session.request({ type: "stop", stream }).catch(() => {});
    // It may be over on the server by now, which is as good.
    if (this.#asking) this.#asking.then(stop, () => {});
    else if (this.#ours && this.#start?.stream) stop(this.#start.stream);
    else return;
    this.#stopAsked = true;
  }

  async #feed(fromSeconds: number | undefined): Promise<void> {
    if (this.#cast) {
      this.#attach(this.#cast.session);
      this.#begin(this.#cast.session, this.#cast.start);
      return; // It feeds itself.
    }
    this.#where = { from: fromSeconds };
    const session = await this.#link.session();
    if (this.#half && this.#where.from === undefined && !this.pump.over) {
      const isOver = new AbortController();
      this.#notice?.run(isOver.signal);
      await this.#feedHalf(this.#half).finally(() => isOver.abort());
    }
    if (this.pump.over) return;
    this.#attach(session);
    if (session.failure) this.#lost(session.failure);
    else await this.#ask(session);
  }

  /** Plays what is stored of the song; the stream then goes on behind it. */
  async #feedHalf({ song, etag, bytes, format }: CachedSong): Promise<void> {
    const about = { song, etag, bytes, format };
    const writer = await this.#cache?.store(this.#link.place, about);
    if (!writer) return;
    this.#record(Promise.resolve(writer), writer.storedBytes);
    this.#keeper.stored(writer.storedBytes);
    this.#start = {
      ...about,
      type: "start",
      stream: NaN, // none of the server's: its notice has one
      offset: 0,
      from: 0,
    };
    const cut = this.#cut = new PcmExtractor(format, 0);
    const capacity = Math.max(
      ...[this.pump.room, 2 * HALF_READ_BYTES, bufferBytes(format, song)],
    );
    this.pump.begin(format, 0, capacity);
    this.changed();
    const buffer = new Uint8Array(HALF_READ_BYTES);
    let left = writer.storedBytes;
    const goesOn = () => !this.pump.over && this.#where.from === undefined;
    while (left > 0 && goesOn()) {
      await this.roomFor(buffer.length);
      if (!goesOn()) break;
      const most = Math.min(left, buffer.length);
      const read = await writer.read(buffer.subarray(0, most), cut.offset);
      if (read === 0 || !goesOn()) break;
      left -= read;
      this.pump.push(cut.take(buffer.subarray(0, read)));
    }
    if (!goesOn()) return; // Somebody has sought, or skipped it.
    this.#foreignBytes = this.pump.bufferedBytes;
    this.#goesOn = true;
    this.#where = { offset: cut.offset, etag };
  }

  /** Gives the connection back, with the credit for what is not played. */
  async #release(): Promise<void> {
    this.stop();
    this.changed();
    this.#stopRecording();
    this.used(this.clear());
    if (this.#session) this.#session.listener = this.#leftListener();
    this.#session = null;
    await this.#recorder?.stop();
  }

  /** Until another listens, what others cast here must not be missed. */
  #leftListener(): SessionListener {
    const session = this.#session!;
    return {
      start: (start) => {
        if (start.re === undefined) this.onCast(session, start);
      },
      message: (message) => this.onMessage(message),
    };
  }

  /** Takes a connection as the one that the song comes over. */
  #attach(session: ClientSession): void {
    this.#session = this.#teller = session;
    this.#asked = this.#asking = null;
    this.#ours = false;
    session.listener = {
      start: (start) => {
        if (start.re === undefined) this.onCast(session, start);
        else if (start.re === this.#asked) this.#begin(session, start);
        else this.#displaced(session);
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
    this.#asking = answer.then(({ stream }) => stream);
    this.#asking.catch(() => {}); // It is heard here.
    try {
      await answer;
    } catch (error) {
      // What was sought after it is what counts.
      if (this.#asked !== id || session.failure) return;
      this.#failUnlessReceived(toOndacastError(error));
    }
  }

  /** What is all here is played, whatever becomes of the server. */
  #failUnlessReceived(error: OndacastError): void {
    if (!this.#received || error.fatal) this.fail(error);
  }

  #begin(session: ClientSession, start: ToClient<"start">): void {
    this.#asked = this.#asking = null;
    this.#ours = true;
    if (this.#goesOn && !this.#fits(start)) {
      return this.fail(
        new OndacastError(
          "changed",
          `Cannot go on with ${start.song}: its content has changed`,
        ),
      );
    }
    try {
      this.#makeRoom(session, start);
    } catch (error) {
      this.#start = start;
      return this.stumble(toOndacastError(error));
    }
    if (this.#start === null) this.#startRecording(start);
    this.#start = start;
    this.#cut = new PcmExtractor(start.format, start.offset);
    this.#where = {};
    if (start.at !== undefined && !this.#goesOn) {
      this.pump.startIn(msUntil(session, this.#link.clock, start.at));
    }
    this.changed();
  }

  /** @throws {OndacastError} `unsupported`, if it would be too much. */
  #makeRoom(session: ClientSession, start: ToClient<"start">): void {
    const { format, offset } = start;
    session.widen(bufferBytes(format, start.song));
    const capacity = session.windowBytes + this.#foreignBytes;
    const position = Math.max(offset - format.dataOffset, 0);
    if (this.#goesOn) this.pump.widen(capacity);
    else this.pump.begin(format, position, capacity);
  }

  /** Whether a stream goes on just where the one before was cut off. */
  #fits(start: ToClient<"start">): boolean {
    return start.etag === this.#start?.etag &&
      start.offset === this.#cut?.offset;
  }

  #take(session: ClientSession, piece: Uint8Array): void {
    if (this.#asked !== null || !this.#ours) {
      return session.used(piece.length);
    }
    this.#owedBytes += piece.length;
    if (this.#cut === null) return; // Of what cannot be played no more is to come.
    this.#recorder?.take(piece);
    const pcm = this.#cut.take(piece);
    if (pcm.length < piece.length) this.used(piece.length - pcm.length);
    if (pcm.length > 0) this.pump.push(pcm);
  }

  #complete(): void {
    if (this.#asked !== null || !this.#ours || this.#cut === null) return;
    const { offset = 0, bytes = null } = this.#start ?? {};
    if (bytes !== null && this.#cut.offset !== offset + bytes) {
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
    const met = this.#session?.isWelcome ?? false;
    if (!met || !isPassing(error)) return this.fail(error);
    // What is all here is played to its end. Only a receiver is to be reached
    // meanwhile.
    if (!this.#received || this.#reconnectMs === Infinity) this.#reconnect();
  }

  #reconnect(): void {
    if (this.#reconnecting) return; // It will go where it is to by then.
    this.#reconnecting = true;
    this.#resume().catch((error) => this.#failUnlessReceived(error));
  }

  /** Goes on over a new connection: where a seek leads, or with the next byte. */
  async #resume(): Promise<void> {
    let session;
    do {
      this.#foreignBytes += this.#owedBytes;
      this.#owedBytes = 0;
      session = await this.#link.reconnect(this.#reconnectMs, this.left);
      if (this.pump.over) return;
      this.#attach(session);
      // A whole window comes on top of what is there: a paused song must not
      // grow by one with each connection.
      const most = session.windowBytes + this.#capacityBytes;
      if (this.pump.bufferedBytes > most) this.#tellMeanwhile(session);
      await this.drainedTo(most, session.over);
      if (this.pump.over) return;
    } while (session.failure !== null);
    this.#reconnecting = false;
    await this.#askOn(session);
  }

  /** Asks for the next byte, or for where a seek leads. */
  #askOn(session: ClientSession): Promise<void> {
    if (this.#start !== null && this.#where.from === undefined) {
      this.#goesOn = true;
      this.#where = {
        offset: this.#cut?.offset,
        etag: this.#start.etag ?? undefined,
      };
    }
    return this.#ask(session);
  }

  /**
   * Another stream has begun that nobody here waits for. What was asked for
   * before a cast may reach the server after it, and take its place there: the
   * rest of what was cast is asked for.
   */
  #displaced(session: ClientSession): void {
    const wasOurs = this.#ours;
    this.#ours = false;
    const isWaiting = this.#asked !== null || this.#received;
    if (!wasOurs || isWaiting || this.#cut === null || this.pump.over) return;
    this.#askOn(session);
  }

  /**
   * Has the server know what is heard of the buffer, before more is asked for:
   * by a stream without a byte, as of a song from the cache.
   */
  #tellMeanwhile(session: ClientSession): void {
    const heard = this.#start;
    if (!heard || heard.etag === null || heard.bytes === null) return;
    const { song, etag, offset, bytes } = heard;
    askForNothing(session, song, { etag, bytes: offset + bytes }).then(
      ({ stream }) => {
        const isAsked = this.#asked !== null || this.#ours;
        if (this.#session !== session || isAsked) return;
        this.#start = { ...heard, stream };
        this.changed();
      },
      () => {}, // Who goes on with the song hears of it, too.
    );
  }

  /** What the buffer is to hold of the song that plays. */
  get #capacityBytes(): number {
    return this.#start ? bufferBytes(this.#start.format, this.#song) : 0;
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
    this.#keeper = new JointProgress();
    this.#recorder = new CacheTee(opening, fromBytes, {
      stored: (bytes) => this.#giveBack(this.#keeper.stored(bytes)),
      stopped: () => this.#giveBack(this.#keeper.storeNoMore()),
    });
  }

  #stopRecording(): void {
    this.#recorder?.stop().catch(() => {});
    this.#giveBack(this.#keeper.storeNoMore());
  }
}
