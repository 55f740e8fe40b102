/**
 * A receiver: waits for songs that others cast here, plays each, obeys who
 * controls it, and goes on waiting, over all reconnects. It can play songs of
 * its own choice, too: whatever comes last takes the place of what plays.
 *
 * @module
 */

import { OndacastError, toOndacastError } from "../errors.ts";
import type { ToClient } from "../wire/messages.ts";
import { Bell } from "./bell.ts";
import type { ClientSession } from "./client_session.ts";
import { isPassing, type Link } from "./link.ts";
import type { Output } from "./output.ts";
import type { PlaybackState, PlaybackSummary } from "./playback.ts";
import { SongPlayback, type SongPlaybackOptions } from "./song_playback.ts";

/** Who is told what a receiver does. */
export interface ReceiverListener {
  /** It waits, at a server. */
  waiting(welcome: ToClient<"welcome">): void;
  /** A song goes to the player. */
  start(playback: SongPlayback, state: PlaybackState, player: string): void;
  /** A song is over: at its end, or before, as somebody wanted it so. */
  end(summary: PlaybackSummary, skipped: boolean): void;
  /** Something failed that does not end it. */
  problem(error: OndacastError): void;
}

/** One receiver, for as long as the program runs. */
export class Receiver {
  readonly #link: Link;
  readonly #output: Output;
  readonly #windowBytes: number;
  readonly #listener: ReceiverListener;
  readonly #bell = new Bell();
  #playing: SongPlayback | null = null;
  #failure: OndacastError | null = null;
  #volume = 100;
  #problem: string | null = null;
  #stopped = false;
  #receiving = true;

  /** @param options Its link says `receive` in its hello. */
  constructor(
    options: {
      link: Link;
      output: Output;
      windowBytes: number;
      listener: ReceiverListener;
    },
  ) {
    this.#link = options.link;
    this.#output = options.output;
    this.#windowBytes = options.windowBytes;
    this.#listener = options.listener;
  }

  /** What is played now; null: it waits. */
  get playing(): SongPlayback | null {
    return this.#playing;
  }

  /** Whether others may cast songs here; they may from the start. */
  get receiving(): boolean {
    return this.#receiving;
  }

  set receiving(on: boolean) {
    this.#receiving = on;
    this.#link.current?.send({ type: "receive", on });
    // The server takes whoever says that for idle.
    if (this.#playing) this.#playing.volume = this.#volume;
  }

  /** 0 to 100, for what plays now and for all songs after it. */
  get volume(): number {
    return this.#volume;
  }

  set volume(percent: number) {
    this.#volume = percent;
    if (this.#playing) this.#playing.volume = percent;
  }

  /** What keeps songs from being heard here, told to others; null: nothing. */
  get problem(): string | null {
    return this.#problem;
  }

  set problem(problem: string | null) {
    this.#problem = problem;
    if (this.#playing) this.#playing.problem = problem;
  }

  /** Plays a song of the server here. */
  play(song: string, fromSeconds?: number): SongPlayback {
    this.#playing?.supersede();
    const playback = this.#playback(song);
    this.#begin(playback, fromSeconds);
    return playback;
  }

  /** Receives no more; {@linkcode run} resolves. */
  stop(): void {
    this.#stopped = true;
    this.#bell.ring();
  }

  /**
   * Receives until stopped. It can be run again after it has failed.
   *
   * @throws {OndacastError} `interrupted`; a fatal error of the server; the
   * player's.
   */
  async run(): Promise<void> {
    this.#failure = null;
    const { signal } = this.#link;
    const ring = () => this.#bell.ring();
    signal.addEventListener("abort", ring);
    try {
      await this.#wait(await this.#link.session());
      while (!this.#stopped) {
        await this.#bell.rung();
        if (signal.aborted) {
          throw new OndacastError("interrupted", "Interrupted");
        }
        if (this.#failure !== null) throw this.#failure;
        if (this.#playing === null && !this.#stopped) await this.#waitAgain();
      }
      const session = await this.#link.session();
      session.send({ type: "receive", on: false });
    } finally {
      signal.removeEventListener("abort", ring);
      this.#playing?.supersede();
      this.#playing = null;
    }
  }

  /** Takes up a connection to wait on, in place of a lost one if need be. */
  async #waitAgain(): Promise<void> {
    let session = await this.#link.session().catch(() => null);
    while (session === null || session.failure !== null) {
      session = await this.#link.reconnect(Infinity);
    }
    await this.#wait(session);
  }

  async #wait(session: ClientSession): Promise<void> {
    if (this.#playing !== null) return; // It has begun to play meanwhile.
    this.#listen(session);
    try {
      const welcome = await session.welcome;
      session.send({ type: "receive", on: this.#receiving });
      this.#listener.waiting(welcome);
    } catch (error) {
      if (!isPassing(toOndacastError(error))) throw error;
      this.#bell.ring();
    }
  }

  #listen(session: ClientSession): void {
    session.listener = {
      start: (start) => this.#take(session, start),
      message: (message) => this.#hear(message),
      closed: (error) => {
        if (!isPassing(error)) this.#failure = error;
        this.#bell.ring();
      },
    };
  }

  /** Plays what somebody has cast here, in place of what played before. */
  #take(session: ClientSession, start: ToClient<"start">): void {
    this.#playing?.supersede();
    this.#begin(this.#playback(start.song, { session, start }));
  }

  #playback(song: string, cast?: SongPlaybackOptions["cast"]): SongPlayback {
    const playback = new SongPlayback({
      link: this.#link,
      output: this.#output,
      song,
      windowBytes: this.#windowBytes,
      cast,
    });
    playback.volume = this.#volume;
    playback.problem = this.#problem;
    playback.onCast = (session, start) => this.#take(session, start);
    playback.onMessage = (message) => this.#hear(message);
    playback.onStart = (state, player) =>
      this.#listener.start(playback, state, player);
    return playback;
  }

  #begin(playback: SongPlayback, fromSeconds?: number): void {
    this.#playing = playback;
    this.#play(playback, fromSeconds).catch((error) => {
      this.#failure = toOndacastError(error);
      this.#bell.ring();
    });
  }

  async #play(playback: SongPlayback, fromSeconds?: number): Promise<void> {
    try {
      const summary = await playback.run(fromSeconds);
      this.#listener.end(summary, playback.skipped);
      if (this.#playing !== playback) return;
      // Somebody may cast before the last of this has been heard.
      if (this.#link.current) this.#listen(this.#link.current);
      await this.#output.end();
    } catch (thrown) {
      if (this.#playing !== playback) return;
      const error = toOndacastError(thrown);
      // What is the song's or the server's fault is no reason to stop waiting.
      if (!isSongs(error)) throw error;
      this.#listener.problem(error);
    }
    if (this.#playing !== playback) return;
    this.#playing = null;
    this.#bell.ring();
  }

  #hear(message: ToClient): void {
    if (message.type !== "control") return;
    const { action, value = 0 } = message;
    if (action === "volume") this.#volume = value;
    const playing = this.#playing;
    if (playing === null) return;
    const act = {
      pause: () => playing.pause(),
      resume: () => playing.resume(),
      stop: () => playing.skip(),
      seek: () => playing.seek(value),
      volume: () => playing.volume = value,
    };
    act[action]();
  }
}

function isSongs(error: OndacastError): boolean {
  return isPassing(error) ||
    ["changed", "not-found", "not-wav", "unsupported"].includes(error.code);
}
