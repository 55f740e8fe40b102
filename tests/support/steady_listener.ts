/**
 * A listener that plays a song in real time, repeatedly, during faults: every
 * byte is compared, and every gap is counted.
 *
 * @module
 */

import assert from "node:assert/strict";
import { bytesPerSecond } from "../../lib/audio/format.ts";
import type { ClientSession } from "../../lib/client/client_session.ts";
import type { ToClient } from "../../lib/wire/messages.ts";
import { assertBytes } from "./assert_bytes.ts";
import { openSession } from "./sessions.ts";
import { hearStreams, type Play } from "./hear_streams.ts";

const TICK_MS = 50;
/** The capacity of its buffer: less than a second of most songs. */
const WINDOW_BYTES = 64 * 1024;

/** The audio that was played. */
export interface Heard {
  seconds: number;
  /** Sample frames that were played. */
  samples: number;
  /** Moments without audio to play. */
  gaps: number;
  /** Songs that were played to their end. */
  songs: number;
}

/** An undemanding client that must never notice a fault. */
export class SteadyListener {
  readonly #session: ClientSession;
  readonly #song: string;
  readonly #play: Play;
  readonly #over = new AbortController();
  readonly #file: Uint8Array;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #beganMs = performance.now();
  #tickedAtMs = performance.now();
  #start: ToClient<"start"> | null = null;
  #position = 0;
  #waiting = 0;
  #complete = false;
  #heard: Heard = { seconds: 0, samples: 0, gaps: 0, songs: 0 };
  #playedBytes = 0;
  #wrong: unknown = null;

  private constructor(session: ClientSession, song: string, file: Uint8Array) {
    this.#session = session;
    this.#song = song;
    this.#file = file;
    this.#play = hearStreams(session, {
      start: (start) => this.#begin(start),
      data: (piece) => this.#take(piece),
      dataEnd: () => this.#complete = true,
      stopped: () => this.#wrong ??= new Error("it was stopped"),
      closed: (error) => this.#wrong ??= error,
    }, this.#over.signal);
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  /**
   * Starts a listener.
   *
   * @param file The song's file.
   */
  static async start(
    port: number,
    song: string,
    file: Uint8Array,
  ): Promise<SteadyListener> {
    const session = await openSession(port, {
      ...{ name: "steady", windowBytes: WINDOW_BYTES },
    });
    const listener = new SteadyListener(session, song, file);
    await listener.#play({ song });
    return listener;
  }

  /** The audio so far. @throws If it differs from the song. */
  get heard(): Heard {
    if (this.#wrong) throw this.#wrong;
    const seconds = (performance.now() - this.#beganMs) / 1000;
    return { ...this.#heard, seconds };
  }

  /** Resolves when this many seconds were played since the start. */
  async hears(seconds: number): Promise<void> {
    while (this.heard.samples < seconds * (this.#start?.format.rate ?? 1)) {
      await new Promise((done) => setTimeout(done, TICK_MS));
    }
  }

  /**
   * Ends the listener. @returns The audio that was played.
   *
   * @throws {AssertionError} If there was a gap, or too little audio.
   */
  end(): Heard {
    clearInterval(this.#timer);
    const { heard } = this;
    this.#over.abort();
    this.#session.close();
    assert.equal(heard.gaps, 0, "gaps were heard");
    const rate = this.#start?.format.rate ?? NaN;
    // The pause between two songs is a round trip and a tick.
    const least = (heard.seconds - 0.5 - 0.2 * heard.songs) * rate;
    assert.ok(heard.samples >= least, `${heard.samples} samples of ${least}`);
    return heard;
  }

  #begin(start: ToClient<"start">): void {
    this.#start = start;
    this.#position = 0;
    this.#complete = false;
  }

  #take(piece: Uint8Array): void {
    try {
      const end = this.#position + piece.length;
      assertBytes(piece, this.#file.subarray(this.#position, end));
    } catch (error) {
      this.#wrong ??= error;
    }
    this.#position += piece.length;
    this.#waiting += piece.length;
  }

  #tick(): void {
    const nowMs = performance.now();
    const seconds = (nowMs - this.#tickedAtMs) / 1000;
    this.#tickedAtMs = nowMs;
    if (this.#start === null || this.#position === 0) return;
    const { format } = this.#start;
    const due = Math.round(seconds * bytesPerSecond(format));
    const played = Math.min(due, this.#waiting);
    if (played === 0 && !this.#complete) this.#heard.gaps++;
    this.#waiting -= played;
    this.#playedBytes += played;
    this.#heard.samples = Math.floor(
      this.#playedBytes / (bytesPerSecond(format) / format.rate),
    );
    this.#session.used(played);
    if (this.#complete && this.#waiting === 0) this.#again();
  }

  #again(): void {
    this.#heard.songs++;
    this.#start = null;
    this.#play({ song: this.#song })
      .catch((error) => this.#wrong ??= error);
  }
}
