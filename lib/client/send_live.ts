/**
 * Sends a song while it is made: from a microphone, a pipe or another program, as
 * far as the server grants, and over all connections that it takes. What is made
 * while the server is away is lost.
 *
 * @module
 */

import {
  bytesPerSecond,
  bytesToSeconds,
  sampleFrameBytes,
} from "../audio/format.ts";
import { type OndacastError, toOndacastError } from "../errors.ts";
import type { LiveSource } from "../ports/client.ts";
import { EMPTY_DATA_FRAME, encodeFrame, FRAME_TYPE } from "../wire/frame.ts";
import type { ClientSession } from "./client_session.ts";
import { isPassing, type Link } from "./link.ts";
import { Notify } from "./notify.ts";
import type { OutgoingLive } from "./outgoing_live.ts";

/** The most that is read at once: little of it waits for the rest. */
const READ_SECONDS = 0.1;
const LEAST_READ_BYTES = 1024;
/** A server that was lost is tried again for this long. */
const RECONNECT_MS = Infinity;

export interface LiveOptions {
  link: Link;
  /** The song's name, without `live/`. */
  name: string;
  source: LiveSource;
  /** Ends the song as if its source had ended. */
  signal: AbortSignal;
  /** Called each time the server expects the song. */
  began?(session: ClientSession): void;
}

/** What was sent. */
export interface LiveSummary {
  seconds: number;
  bytes: number;
  reconnects: number;
}

/**
 * Sends until the source ends.
 *
 * @throws {PeerError} The server's refusal. @throws The source's error.
 */
export async function sendLive(options: LiveOptions): Promise<LiveSummary> {
  const sending = new Sending(options);
  return await sending.run();
}

/** The song on one connection. */
interface Connection {
  session: ClientSession;
  live: OutgoingLive;
  /** Whether any of the song was sent on it. */
  hasBegun: boolean;
}

class Sending {
  readonly #options: LiveOptions;
  readonly #over = new AbortController();
  readonly #changed = new Notify();
  /** Null: the server is away. */
  #connection: Connection | null = null;
  #failure: OndacastError | null = null;
  /** Bytes that the source has given, and those that were sent. */
  #readBytes = 0;
  #bytes = 0;

  constructor(options: LiveOptions) {
    this.#options = options;
  }

  async run(): Promise<LiveSummary> {
    const { link, source, signal } = this.#options;
    const end = () => this.#end();
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
    try {
      await this.#begin(await link.session());
      this.#keep().catch((error) => {
        this.#failure = toOndacastError(error);
        this.#end();
      });
      await this.#pump();
      if (this.#failure) throw this.#failure;
    } finally {
      signal.removeEventListener("abort", end);
      const { session } = this.#connection ?? {};
      this.#end();
      if (session?.failure === null) {
        await session.sendData(EMPTY_DATA_FRAME).catch(() => {});
      }
      await source.close();
    }
    const { reconnects } = link;
    const seconds = bytesToSeconds(source.format, this.#bytes);
    return { seconds, bytes: this.#bytes, reconnects };
  }

  #end(): void {
    this.#over.abort();
    this.#options.source.close();
    this.#connection?.live.credit.wake();
    this.#changed.notify();
  }

  async #begin(session: ClientSession): Promise<void> {
    const { name, source, began } = this.#options;
    const live = session.live({ name, format: source.format });
    await live.ready;
    if (session.failure) throw session.failure;
    this.#connection = { session, live, hasBegun: false };
    session.over.addEventListener("abort", () => {
      if (this.#connection?.session === session) this.#connection = null;
      live.credit.wake();
      this.#changed.notify();
    });
    began?.(session);
    this.#changed.notify();
  }

  /** Begins again on another connection whenever one is lost. */
  async #keep(): Promise<void> {
    const over = this.#over.signal;
    const { link } = this.#options;
    while (!over.aborted) {
      await this.#changed.notified();
      if (this.#connection || over.aborted) continue;
      const session = await link.reconnect(RECONNECT_MS, over);
      await this.#begin(session).catch((error) => {
        if (!session.failure || !isPassing(session.failure)) throw error;
        this.#changed.notify(); // It was lost before the server expected the song.
      });
    }
  }

  async #pump(): Promise<void> {
    const { source, link: { clock } } = this.#options;
    const most = Math.max(
      LEAST_READ_BYTES,
      Math.round(bytesPerSecond(source.format) * READ_SECONDS),
    );
    const buffer = new Uint8Array(most);
    const frameBytes = sampleFrameBytes(source.format);
    let away: { sinceMs: number; bytes: number } | null = null;
    while (!this.#over.signal.aborted) {
      const connection = this.#connection;
      if (connection) {
        away = null;
        await connection.live.credit.some();
        if (connection !== this.#connection) continue;
      }
      if (this.#over.signal.aborted) return;
      const credit = connection?.live.credit.bytes ?? most;
      const room = buffer.subarray(0, Math.min(most, credit));
      const bytes = await source.read(room);
      if (bytes === null) return;
      const begunBytes = this.#readBytes % frameBytes;
      this.#readBytes += bytes;
      if (connection && connection === this.#connection) {
        // The server has completed the sample frame that another one has begun.
        const skipped = connection.hasBegun || begunBytes === 0
          ? 0
          : frameBytes - begunBytes;
        await this.#send(connection, buffer.subarray(skipped, bytes));
        continue;
      }
      // A file goes on as a microphone would.
      away ??= { sinceMs: clock.now(), bytes: 0 };
      away.bytes += bytes;
      const lostMs = bytesToSeconds(source.format, away.bytes) * 1000;
      const waitMs = away.sinceMs + lostMs - clock.now();
      if (waitMs > 0) await clock.sleep(waitMs, this.#over.signal);
    }
  }

  async #send(connection: Connection, pcm: Uint8Array): Promise<void> {
    if (pcm.length === 0) return;
    const { session, live } = connection;
    connection.hasBegun = true;
    live.credit.spend(pcm.length);
    this.#bytes += pcm.length;
    // A failure ends the connection, which is replaced.
    await session.sendData(encodeFrame(FRAME_TYPE.data, pcm)).catch(() => {});
  }
}
