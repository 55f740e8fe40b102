/**
 * The streams that bring one song, over all connections: requests one, and
 * another when its connection is lost. It knows nothing of their contents.
 *
 * @module
 */

import { OndacastError, toOndacastError } from "../errors.ts";
import { hasFeature } from "../wire/features.ts";
import type { ToServer } from "../wire/messages.ts";
import type { ClientSession, SessionStream } from "./client_session.ts";
import { isPassing, type Link } from "./link.ts";

/**
 * The time in which a server sends what its queue plays to a client that is back.
 * One that has started again may have forgotten its queues.
 */
const SERVED_MS = { same: 10_000, restarted: 2_000 };
/** The time for all attempts to reach a lost server. */
const RECONNECT_MS = 60_000;

/** Where in its file a stream begins; `offset`: where the buffer ends. */
export type Place =
  | { from?: number; etag?: string }
  | { offset: number; etag?: string; knownBytes?: number };

/** The song that the streams bring. */
export interface StreamedSong {
  /** Aborted when no more of it is wanted. */
  readonly over: AbortSignal;
  /** Whether the rest has been received, so that no other stream is needed. */
  readonly isWhole: boolean;
  /** The next request: the song's name, and where it continues. */
  next(): Pick<ToServer<"play">, "song"> & Place;
  /** A stream has begun; its listener must be set before this returns. */
  begin(stream: SessionStream, place: Place): void;
  /** Resolves when a stream of another connection may be requested. */
  ready(session: ClientSession): Promise<void>;
  /** Its content has changed: the next request is for the new one. */
  replaced(): void;
  /** The song cannot continue. */
  fail(error: OndacastError): void;
}

/**
 * `requested`: `stream` is null until its `start` comes; `served`: the server
 * sends what its queue plays, and is asked for nothing.
 */
type Phase =
  | { is: "idle" }
  | { is: "served"; session: ClientSession; stream: SessionStream }
  | { is: "reconnecting" }
  | { is: "requested"; session: ClientSession; stream: SessionStream | null }
  | { is: "stopping" };

/** One song's streams, of which the latest counts. */
export class ResumingStream {
  readonly #link: Link;
  readonly #song: StreamedSong;
  readonly #reconnectMs: number;
  /** Its identity is the generation: what an earlier one caused is ignored. */
  #phase: Phase = { is: "idle" };

  /** @param reconnectMs Infinite for a receiver, which must stay reachable. */
  constructor(link: Link, song: StreamedSong, reconnectMs = RECONNECT_MS) {
    this.#link = link;
    this.#song = song;
    this.#reconnectMs = reconnectMs;
  }

  /** Whether it is between two connections. */
  get isReconnecting(): boolean {
    return this.#phase.is === "reconnecting";
  }

  /** Takes a stream that was cast here. */
  adopt(stream: SessionStream): void {
    const { session } = stream;
    this.#watch(session);
    const isServed = stream.start.group !== undefined;
    this.#phase = { is: isServed ? "served" : "requested", session, stream };
    this.#song.begin(stream, {});
  }

  /**
   * Takes another stream that the server sends of the same song.
   *
   * @param offset Where the buffer ends; the bytes before it are known.
   */
  continueWith(stream: SessionStream, offset: number): void {
    const { session } = stream;
    this.#watch(session);
    this.#phase = { is: "served", session, stream };
    const knownBytes = offset - stream.start.offset;
    this.#song.begin(stream, { offset, knownBytes });
  }

  /** Requests the first stream; resolves when it has begun or failed. */
  async start(session: ClientSession): Promise<void> {
    if (session.failure) return this.#lost(session, session.failure);
    this.#watch(session);
    await this.request(session);
  }

  /**
   * Requests the song's next place, in place of what is under way.
   *
   * @param options.isResumed Whether the song may have changed since the last
   * request, and goes on in its new content then.
   * @param options.entry What it is in the queue that plays it, which may play
   * something else by now.
   */
  async request(
    session: ClientSession,
    { isResumed = false, entry }: { isResumed?: boolean; entry?: number } = {},
  ): Promise<void> {
    const { song, ...place } = this.#song.next();
    const phase: Phase = { is: "requested", session, stream: null };
    this.#phase = phase;
    try {
      await session.openStream({ song, ...place, entry }, (stream) => {
        if (this.#phase.is === "stopping") stream.stop();
        if (this.#phase !== phase) return;
        phase.stream = stream;
        if (stream.start.group !== undefined) {
          this.#phase = { is: "served", session, stream };
        }
        this.#song.begin(stream, place);
      });
    } catch (error) {
      if (this.#phase !== phase || session.failure) return;
      const failure = toOndacastError(error);
      if (!isResumed || failure.code !== "changed") {
        return this.#failUnlessWhole(failure);
      }
      this.#song.replaced();
      await this.request(session, { entry });
    }
  }

  /** Leaves the present stream for the song's next place, after a seek. */
  restart(): void {
    const phase = this.#phase;
    // The first or next request goes there.
    if (phase.is !== "requested" && phase.is !== "served") return;
    phase.stream?.drop();
    const entry = phase.is === "served" ? phase.stream.start.entry : undefined;
    if (phase.session.failure) this.#reconnect();
    else this.request(phase.session, { isResumed: true, entry });
  }

  /** Asks the server to send no more. @returns False if nothing was sent. */
  stop(): boolean {
    const phase = this.#phase;
    if (phase.is !== "requested" && phase.is !== "served") return false;
    phase.stream?.stop();
    this.#phase = { is: phase.stream ? "idle" : "stopping" };
    return true;
  }

  /** Discards all that is still to come. */
  drop(): void {
    const { is } = this.#phase;
    if (is === "requested" || is === "served") this.#phase.stream?.drop();
    if (this.#phase.is !== "stopping") this.#phase = { is: "idle" };
  }

  #watch(session: ClientSession): void {
    session.over.addEventListener(
      "abort",
      () => this.#lost(session, session.failure!),
      { signal: this.#song.over },
    );
  }

  #lost(session: ClientSession, error: OndacastError): void {
    if (!session.isWelcome || !isPassing(error)) return this.#song.fail(error);
    // A complete song plays on without a server, but a receiver must be
    // reachable meanwhile.
    const isReceiver = this.#reconnectMs === Infinity;
    if (!this.#song.isWhole || isReceiver) this.#reconnect();
  }

  #failUnlessWhole(error: OndacastError): void {
    if (!this.#song.isWhole || error.fatal) this.#song.fail(error);
  }

  #reconnect(): void {
    if (this.isReconnecting) return;
    const before = this.#phase;
    this.#phase = { is: "reconnecting" };
    const resumed = before.is === "served"
      ? this.#beServed(before.session.greeting?.clock)
      : this.#resume();
    resumed.catch((error) => {
      if (!this.#song.over.aborted) {
        this.#failUnlessWhole(toOndacastError(error));
      }
    });
  }

  /**
   * Waits for the stream of a queue that is due on another connection.
   *
   * @param clock That of the server before: its name is new at each start.
   */
  async #beServed(clock: string | undefined): Promise<void> {
    const { over } = this.#song;
    const phase = this.#phase;
    const session = await this.#link.reconnect(this.#reconnectMs, over);
    const greeting = await session.welcome;
    if (!hasFeature(greeting, "groups")) return await this.#resume();
    const isSame = greeting.clock === clock;
    const ms = isSame ? SERVED_MS.same : SERVED_MS.restarted;
    const later = AbortSignal.any([over, session.over]);
    await this.#link.clock.sleep(ms, later);
    if (over.aborted || this.#phase !== phase) return;
    if (session.failure) return await this.#beServed(clock);
    if (!isSame) return await this.#resume();
    throw new OndacastError(
      "lost",
      "Lost the song: the server plays it no more",
    );
  }

  /** Continues the song over another connection. */
  async #resume(): Promise<void> {
    const { over } = this.#song;
    let session;
    do {
      session = this.#link.current ??
        await this.#link.reconnect(this.#reconnectMs, over);
      if (over.aborted) return;
      this.#watch(session);
      await this.#song.ready(session);
      if (over.aborted) return;
    } while (session.failure !== null);
    await this.request(session, { isResumed: true });
  }
}
