/**
 * A song from a server: asks for it, receives its PCM, and resumes at the
 * very next byte when a connection is lost.
 *
 * @module
 */

import { bytesToSeconds, type SongFormat } from "../audio/format.ts";
import { OndacastError, PeerError, toOndacastError } from "../errors.ts";
import type { SongCache } from "../ports/client.ts";
import type { ToClient } from "../wire/messages.ts";
import { bufferBytes } from "./buffer_size.ts";
import { askForNothing } from "./cache_notice.ts";
import type { ClientSession, SessionStream } from "./client_session.ts";
import { isPassing, type Link } from "./link.ts";
import type { PcmFeed } from "./pcm_feed.ts";
import type { PcmSource, StateOf } from "./pcm_source.ts";
import { ReceivedSong, type SongPart } from "./received_song.ts";
import { msUntil } from "./server_time.ts";

/** How long a lost server is looked for. */
const RECONNECT_MS = 60_000;

/** What a song from a server needs. */
export interface NetworkSourceOptions {
  link: Link;
  song: string;
  /** A stream that another client has cast, right before its first data. */
  cast?: SessionStream;
  /** Where the song is stored while it plays. */
  cache?: SongCache;
  /** How long a lost server is looked for, in ms; left out: a minute. */
  reconnectMs?: number;
}

/** Where in its file a stream is to begin; `offset`: where the buffer ends. */
type Place =
  | { from?: number; etag?: string }
  | { offset: number; etag?: string };

/** `idle`: not begun, or over; `reconnecting`: until a stream is asked for. */
type Phase =
  | { is: "idle" }
  | { is: "reconnecting" }
  | { is: "asking"; session: ClientSession; stream: Promise<SessionStream> }
  | { is: "streaming"; session: ClientSession; stream: SessionStream };

/** One song over all connections that it takes. */
export class NetworkSource implements PcmSource {
  readonly #options: NetworkSourceOptions;
  readonly #link: Link;
  readonly #reconnectsBefore: number;
  #feed: PcmFeed | null = null;
  #phase: Phase = { is: "idle" };
  #place: Place = {};
  #received = new ReceivedSong();
  /** Sends states; null: there is no stream to send them of. */
  #tell: ((state: StateOf) => void) | null = null;

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
    return "from" in this.#place ? this.#place.from ?? null : null;
  }

  /** @throws {OndacastError} `unreachable`; the server's refusal. */
  async start(feed: PcmFeed, fromSeconds?: number): Promise<void> {
    this.#feed = feed;
    const { cast } = this.#options;
    if (cast) {
      this.#watch(cast.session);
      return this.#begin(cast, {});
    }
    this.#place = { from: fromSeconds };
    const session = await this.#link.session();
    if (!feed.over) await this.#askFirst(session);
  }

  /**
   * As {@linkcode start}, but goes on behind what was received from elsewhere.
   *
   * @param tell Sends states until a stream has begun.
   * @param soughtSeconds Where to go on instead; null: with the next byte.
   */
  async resume(
    feed: PcmFeed,
    session: ClientSession,
    received: ReceivedSong,
    tell: (state: StateOf) => void,
    soughtSeconds: number | null,
  ): Promise<void> {
    this.#feed = feed;
    this.#received = received;
    this.#tell = tell;
    this.#place = soughtSeconds === null
      ? this.#nextPlace()
      : { from: soughtSeconds, etag: this.#etag };
    await this.#askFirst(session);
  }

  seek(seconds: number): boolean {
    const { format } = this;
    if (format?.dataBytes === null) return false;
    const length = format
      ? bytesToSeconds(format, format.dataBytes)
      : Number.MAX_SAFE_INTEGER; // The server goes no farther than it can.
    const from = Math.min(Math.max(0, seconds), length);
    this.#place = { from, etag: this.#etag };
    this.#received.leave();
    if (this.#feed) this.used(this.#feed.discard());
    const phase = this.#phase;
    // Without a connection of its own, one is about to be, and goes there.
    if (phase.is === "idle" || phase.is === "reconnecting") return true;
    if (phase.is === "streaming") phase.stream.drop();
    if (phase.session.failure === null) this.#ask(phase.session);
    else this.#reconnect();
    return true;
  }

  used(bytes: number): void {
    this.#received.used(bytes);
  }

  tell(state: StateOf): void {
    if (this.format !== null) this.#tell?.(state);
  }

  stop(why: "ended" | "superseded"): void {
    const phase = this.#phase;
    if (why === "superseded") {
      if (phase.is === "streaming") phase.stream.drop();
    } else if (this.#received.isWhole) return;
    else if (phase.is === "streaming") phase.stream.stop();
    else if (phase.is === "asking") {
      phase.stream.then((stream) => stream.stop(), () => {});
    } else return;
    this.#phase = { is: "idle" };
    this.#tell = null; // Others learn of its end from the server.
  }

  finish(): Promise<void> {
    return this.#received.publish();
  }

  async close(): Promise<void> {
    if (this.#phase.is === "streaming") this.#phase.stream.drop();
    this.#phase = { is: "idle" };
    await this.#received.close();
  }

  get #etag(): string | undefined {
    return this.#received.part?.etag ?? undefined;
  }

  #nextPlace(): Place {
    return { offset: this.#received.nextByte ?? 0, etag: this.#etag };
  }

  async #askFirst(session: ClientSession): Promise<void> {
    if (session.failure) return this.#lost(session, session.failure);
    this.#watch(session);
    await this.#ask(session);
  }

  #watch(session: ClientSession): void {
    const until = { signal: this.#feed!.closed };
    const lost = () => this.#lost(session, session.failure!);
    session.over.addEventListener("abort", lost, until);
  }

  async #ask(session: ClientSession): Promise<void> {
    const place = this.#place;
    const asked = Promise.withResolvers<SessionStream>();
    asked.promise.catch(() => {}); // The answer is awaited here.
    const phase: Phase = { is: "asking", session, stream: asked.promise };
    this.#phase = phase;
    try {
      await session.openStream({ song: this.name, ...place }, (stream) => {
        asked.resolve(stream);
        if (this.#phase === phase) this.#begin(stream, place);
      });
    } catch (error) {
      asked.reject(error);
      // What was sought since then is what counts.
      if (this.#phase !== phase || session.failure) return;
      this.#failUnlessReceived(toOndacastError(error));
    }
  }

  /** What is all here is played, whatever becomes of the server. */
  #failUnlessReceived(error: OndacastError): void {
    if (!this.#received.isWhole || error.fatal) this.#feed!.fail(error);
  }

  #begin(stream: SessionStream, place: Place): void {
    const { session, start } = stream;
    const feed = this.#feed!;
    const received = this.#received;
    const goesOn = "offset" in place;
    this.#phase = { is: "streaming", session, stream };
    if (goesOn && !received.fits(start)) {
      return feed.fail(
        new OndacastError(
          "changed",
          `Cannot go on with ${start.song}: its content has changed`,
        ),
      );
    }
    this.#tell = (state) => session.send(state(start.stream));
    stream.listener = {
      data: (piece) => {
        const pcm = received.receive(stream, piece);
        if (pcm.length > 0) feed.pump.push(pcm);
      },
      end: () => this.#complete(stream),
      stopped: ({ code, reason }) => {
        if (code === undefined) feed.end();
        else feed.fail(new PeerError(code, reason, false));
      },
      displaced: () => this.#displaced(session),
    };
    try {
      this.#makeRoom(session, start, goesOn);
    } catch (error) {
      received.begin(start, false);
      return feed.stumble(error);
    }
    if (received.part === null) this.#store(start);
    received.begin(start);
    this.#place = {};
    if (start.at !== undefined && !goesOn) {
      feed.pump.startIn(msUntil(session, this.#link.clock, start.at));
    }
    feed.changed();
  }

  /** Stores the file, if the whole of it is to come. */
  #store({ song, etag, bytes, offset, format }: ToClient<"start">): void {
    const { cache, link: { place } } = this.#options;
    if (!cache || etag === null || bytes === null || offset !== 0) return;
    const about = { song, etag, bytes, format };
    this.#received.storeIn(cache.store(place, about), 0);
  }

  /** @throws {OndacastError} `unsupported`, if it would be too much. */
  #makeRoom(session: ClientSession, part: SongPart, goesOn: boolean): void {
    const { format, offset } = part;
    const { pump } = this.#feed!;
    session.widen(bufferBytes(format, part.song));
    const foreignBytes = this.#received.foreignBytes(session);
    const capacity = session.windowBytes + foreignBytes;
    const position = Math.max(offset - format.dataOffset, 0);
    if (goesOn) pump.widen(capacity);
    else pump.begin(format, position, capacity);
  }

  #complete(stream: SessionStream): void {
    const feed = this.#feed!;
    if (this.#received.nextByte === null) return;
    try {
      this.#received.complete(stream.sha256);
      feed.pump.complete();
    } catch (error) {
      feed.fail(error);
    }
  }

  #lost(session: ClientSession, error: OndacastError): void {
    if (!session.isWelcome || !isPassing(error)) return this.#feed!.fail(error);
    // What is all here is played to its end. Only a receiver must be reachable
    // meanwhile.
    const isReceiver = this.#options.reconnectMs === Infinity;
    if (!this.#received.isWhole || isReceiver) this.#reconnect();
  }

  #reconnect(): void {
    if (this.#phase.is === "reconnecting") return;
    this.#phase = { is: "reconnecting" };
    this.#goOn(this.#feed!).catch((error) => this.#failUnlessReceived(error));
  }

  /** Goes on over a new connection: where a seek leads, or with the next byte. */
  async #goOn(feed: PcmFeed): Promise<void> {
    const { reconnectMs = RECONNECT_MS } = this.#options;
    let session;
    do {
      session = await this.#link.reconnect(reconnectMs, feed.closed);
      if (feed.over) return;
      this.#watch(session);
      // A whole window comes on top of what is there: a paused song must not
      // grow by one with each connection.
      const { part } = this.#received;
      const capacity = part ? bufferBytes(part.format, part.song) : 0;
      const most = session.windowBytes + capacity;
      if (feed.pump.bufferedBytes > most) this.#tellMeanwhile(session);
      await feed.drainedTo(most, session.over);
      if (feed.over) return;
    } while (session.failure !== null);
    await this.#askOn(session);
  }

  /** Asks for the next byte, or for where a seek leads. */
  #askOn(session: ClientSession): Promise<void> {
    const { part } = this.#received;
    if (part !== null && this.soughtSeconds === null) {
      this.#place = this.#nextPlace();
    }
    return this.#ask(session);
  }

  /**
   * Another stream has begun that nobody here waits for. What was asked for
   * before a cast may reach the server after it, and take its place there: the
   * rest of what was cast is asked for.
   */
  #displaced(session: ClientSession): void {
    if (this.#received.nextByte === null || this.#feed!.over) return;
    this.#askOn(session);
  }

  /**
   * Lets the server know what is heard of the buffer before more is asked for:
   * by a stream without a byte, as of a song from the cache.
   */
  #tellMeanwhile(session: ClientSession): void {
    const { song, etag, offset, bytes } = this.#received.part!;
    if (etag === null || bytes === null) return;
    askForNothing(session, song, { etag, bytes: offset + bytes }).then(
      ({ stream }) => {
        if (session.failure || this.#phase.is !== "reconnecting") return;
        this.#tell = (state) => session.send(state(stream));
        this.#feed!.changed();
      },
      () => {}, // The next request fails in the same way, and is awaited.
    );
  }
}
