/**
 * A song from a server: receives its PCM over {@link ./resuming_stream.ts},
 * and continues at the very next byte when a connection is lost.
 *
 * @module
 */

import { bytesToSeconds, type SongFormat } from "../audio/format.ts";
import { OndacastError, PeerError } from "../errors.ts";
import type { SongToStore } from "../ports/client.ts";
import type { ToClient } from "../wire/messages.ts";
import { bufferBytes } from "./buffer_size.ts";
import { openEmptyStream } from "./cache_notice.ts";
import type { ClientSession, SessionStream } from "./client_session.ts";
import type { Link } from "./link.ts";
import type { PcmFeed } from "./pcm_feed.ts";
import type { PcmSource, StateOf } from "./pcm_source.ts";
import { type OpenTee, ReceivedSong, type SongPart } from "./received_song.ts";
import { type Place, ResumingStream } from "./resuming_stream.ts";
import { msUntil } from "./server_time.ts";

/** Options of a song from a server. */
export interface NetworkSourceOptions {
  link: Link;
  song: string;
  /** A stream that another client has cast, right before its first data. */
  cast?: SessionStream;
  /** Another stream brings the song from now on. */
  began?(stream: SessionStream): void;
  /** Where a song is stored while it plays. */
  store?(about: SongToStore): OpenTee;
  /**
   * The time for all attempts to reach a lost server, in ms; 60,000 by
   * default. Infinite: the server must be reachable even when it has sent all.
   */
  reconnectMs?: number;
}

/** One song over all connections that it takes. */
export class NetworkSource implements PcmSource {
  readonly #options: NetworkSourceOptions;
  readonly #link: Link;
  readonly #reconnectsBefore: number;
  #stream: ResumingStream | null = null;
  #feed: PcmFeed | null = null;
  #soughtSeconds: number | null = null;
  /** Whether the server has another content now, which is accepted. */
  #isReplaced = false;
  #received = new ReceivedSong();
  /** Sends states; null: there is no stream. */
  #send: ((state: StateOf) => void) | null = null;

  constructor(options: NetworkSourceOptions) {
    this.#options = options;
    this.#link = options.link;
    this.#reconnectsBefore = options.link.reconnects;
  }

  get name(): string {
    return this.#received.part?.song ?? this.#options.song;
  }

  get format(): SongFormat | null {
    return this.#received.part?.format ?? null;
  }

  get reconnects(): number {
    return this.#link.reconnects - this.#reconnectsBefore;
  }

  get soughtSeconds(): number | null {
    return this.#soughtSeconds;
  }

  /** @throws {OndacastError} `unreachable`; the server's refusal. */
  async start(feed: PcmFeed, fromSeconds?: number): Promise<void> {
    const stream = this.#open(feed);
    const { cast } = this.#options;
    if (cast) return stream.adopt(cast);
    this.#soughtSeconds ??= fromSeconds ?? null;
    const session = await this.#link.session();
    if (!feed.over) await stream.start(session);
  }

  /**
   * As {@linkcode start}, but continues what was received from elsewhere.
   *
   * @param send Sends states until a stream has begun.
   * @param soughtSeconds Where to continue; null: at the next byte.
   */
  async resume(
    feed: PcmFeed,
    session: ClientSession,
    received: ReceivedSong,
    send: (state: StateOf) => void,
    soughtSeconds: number | null,
  ): Promise<void> {
    this.#received = received;
    this.#send = send;
    this.#soughtSeconds = soughtSeconds;
    await this.#open(feed).start(session);
  }

  seek(seconds: number): boolean {
    const { format } = this;
    if (format?.dataBytes === null) return false;
    const length = format
      ? bytesToSeconds(format, format.dataBytes)
      : Number.MAX_SAFE_INTEGER; // The server limits it to the song's end.
    this.#soughtSeconds = Math.min(Math.max(0, seconds), length);
    this.#received.leave();
    if (this.#feed) this.used(this.#feed.discard());
    this.#stream?.restart();
    return true;
  }

  continueWith(stream: SessionStream): boolean {
    const { part, nextByte } = this.#received;
    const { start, session } = stream;
    if (part === null || nextByte === null || this.#stream === null) {
      return false;
    }
    if (start.song !== part.song || start.etag !== part.etag) return false;
    if (start.offset > nextByte || session.failure) return false;
    this.#stream.continueWith(stream, nextByte);
    return true;
  }

  used(bytes: number): void {
    this.#received.used(bytes);
  }

  report(state: StateOf): void {
    if (this.format !== null) this.#send?.(state);
  }

  stop(why: "ended" | "superseded"): void {
    if (why === "superseded") this.#stream?.drop();
    else if (this.#received.isWhole || !this.#stream?.stop()) return;
    this.#send = null; // The server reports the end to others.
  }

  finish(): Promise<void> {
    return this.#received.publish();
  }

  async close(): Promise<void> {
    this.#stream?.drop();
    await this.#received.close();
  }

  #open(feed: PcmFeed): ResumingStream {
    this.#feed = feed;
    const received = this.#received;
    return this.#stream = new ResumingStream(this.#link, {
      over: feed.closed,
      get isWhole() {
        return received.isWhole;
      },
      next: () => this.#next(),
      begin: (stream, place) => this.#begin(feed, stream, place),
      ready: (session) => this.#ready(feed, session),
      replaced: () => this.#replaced(feed),
      fail: (error) => feed.fail(error),
    }, this.#options.reconnectMs);
  }

  #next() {
    const { part, nextByte } = this.#received;
    const { name: song, soughtSeconds } = this;
    const etag = this.#isReplaced ? undefined : part?.etag ?? undefined;
    // What is live is joined anew.
    if (part?.bytes === null) return { song };
    if (soughtSeconds !== null) return { song, from: soughtSeconds, etag };
    return part === null ? { song } : { song, offset: nextByte ?? 0, etag };
  }

  /** Continues in the new content at the time that is heard. */
  #replaced(feed: PcmFeed): void {
    const { format } = this;
    this.#isReplaced = true;
    this.#received.drop();
    if (format) {
      const { heardBytes } = feed.pump;
      this.#soughtSeconds ??= bytesToSeconds(format, heardBytes);
    }
    this.used(feed.discard());
  }

  #begin(feed: PcmFeed, stream: SessionStream, place: Place): void {
    const { session, start } = stream;
    const received = this.#received;
    const continues = "offset" in place;
    // A server that plays its queue sends some of what has come already again.
    const { knownBytes = 0 } = continues ? place : {};
    const part = {
      ...start,
      offset: start.offset + knownBytes,
      bytes: start.bytes && start.bytes - knownBytes,
    };
    if (continues && !received.fits(part)) {
      return feed.fail(
        new OndacastError(
          "changed",
          `Cannot continue ${start.song}: its content has changed`,
        ),
      );
    }
    this.#options.began?.(stream);
    this.#send = (state) => session.send(state(start.stream));
    this.#listen(feed, stream, knownBytes);
    try {
      this.#makeRoom(feed, session, part, continues);
    } catch (error) {
      received.begin(part, false);
      return feed.unplayable(error);
    }
    if (received.part === null) this.#store(start);
    received.begin(part);
    this.#soughtSeconds = null;
    this.#isReplaced = false;
    if (start.at !== undefined && !continues) {
      feed.pump.startIn(msUntil(session, this.#link.clock, start.at));
    }
    feed.changed();
  }

  #listen(feed: PcmFeed, stream: SessionStream, knownBytes: number): void {
    const received = this.#received;
    stream.listener = {
      data: (piece) => {
        const known = Math.min(knownBytes, piece.length);
        knownBytes -= known;
        if (known > 0) stream.used(known);
        const pcm = received.receive(stream, piece.subarray(known));
        if (pcm.length > 0) feed.pump.push(pcm);
        if (stream.start.bytes === null) feed.pump.keepUp();
      },
      end: () => this.#complete(feed, stream),
      stopped: ({ code, reason }) => {
        if (code === undefined) feed.end("stopped");
        else feed.fail(new PeerError(code, reason, false));
      },
      displaced: () => this.#displaced(feed, stream),
    };
  }

  /**
   * Others may cast while a request is in transit, which the server then receives
   * later and answers by a stream in place of theirs: the rest of the cast is
   * requested again. What a queue plays is up to the server; in a group of
   * several, it sounds until its line says otherwise.
   */
  #displaced(feed: PcmFeed, stream: SessionStream): void {
    if (feed.pump.borrower) return;
    if (stream.start.group !== undefined) return feed.end("replaced");
    const isPlayable = this.#received.nextByte !== null;
    if (stream.isComplete || !isPlayable || feed.over) return;
    this.#stream!.request(stream.session);
  }

  /** Stores the file, if the whole of it is to come. */
  #store({ song, etag, bytes, offset, format }: ToClient<"start">): void {
    if (etag === null || bytes === null || offset !== 0) return;
    const about = { song, etag, bytes, format };
    const open = this.#options.store?.(about);
    if (open) this.#received.storeIn(open);
  }

  /** @throws {OndacastError} `unsupported`, if the buffer would be too large. */
  #makeRoom(
    { pump }: PcmFeed,
    session: ClientSession,
    { format, offset, song }: SongPart,
    continues: boolean,
  ): void {
    session.widen(bufferBytes(format, song));
    const foreignBytes = this.#received.foreignBytes(session);
    const capacity = session.windowBytes + foreignBytes;
    const position = Math.max(offset - format.dataOffset, 0);
    if (continues) pump.widen(capacity);
    else pump.begin(format, position, capacity);
  }

  #complete(feed: PcmFeed, stream: SessionStream): void {
    if (this.#received.nextByte === null) return;
    try {
      this.#received.complete(stream.sha256);
      feed.pump.complete();
    } catch (error) {
      feed.fail(error);
    }
  }

  /**
   * Waits until a window more than a song's buffer has room, so that a paused
   * song does not grow by a window with each connection.
   */
  async #ready(feed: PcmFeed, session: ClientSession): Promise<void> {
    const { part } = this.#received;
    const capacity = part ? bufferBytes(part.format, part.song) : 0;
    const most = session.windowBytes + capacity;
    if (feed.pump.bufferedBytes > most) this.#reportMeanwhile(feed, session);
    await feed.drainedTo(most, session.over);
  }

  /**
   * Sends the states of a full buffer before more is requested: by a stream of
   * 0 bytes, as for a song from the cache.
   */
  #reportMeanwhile(feed: PcmFeed, session: ClientSession): void {
    const { song, etag, offset, bytes } = this.#received.part!;
    if (etag === null || bytes === null) return;
    openEmptyStream(session, song, { etag, bytes: offset + bytes }).then(
      ({ stream }) => {
        if (session.failure || !this.#stream!.isReconnecting) return;
        this.#send = (state) => session.send(state(stream));
        feed.changed();
      },
      () => {}, // The next request fails in the same way, and is awaited.
    );
  }
}
