/**
 * Plays the songs of a receiver on one output: a new song replaces the one
 * that plays.
 *
 * @module
 */

import { type OndacastError, toOndacastError } from "../errors.ts";
import type { SessionStream } from "./client_session.ts";
import { isPassing, type Link } from "./link.ts";
import type { Output } from "./output.ts";
import type { Playback, PlaybackSummary } from "./playback.ts";
import type { PlaybackState } from "./playback_state.ts";
import { songPlayback } from "./song_playback.ts";

/** The volume of a receiver that was not changed. */
export const DEFAULT_VOLUME = 100;

/** Notified of the songs. */
export interface SongListener {
  /** A song goes to the player. */
  start(playback: Playback, state: PlaybackState, player: string): void;
  /** A song is over; `skipped`: before its end. */
  end(summary: PlaybackSummary, skipped: boolean): void;
  /** A failure that does not end the receiver. */
  problem(error: OndacastError): void;
  /** A failed player, or the server, works again. */
  recovered?(): void;
}

/** Notified of the player between two songs. */
export interface PlayerOwner {
  /** Nothing plays any more. */
  idle(): void;
  /** A failure that ends the receiver. */
  failed(error: OndacastError): void;
}

/** What a player needs. */
export interface SongPlayerOptions {
  link: Link;
  output: Output;
  listener: SongListener;
  /** Whether it continues when its player program fails; true by default. */
  outlivesPlayer?: boolean;
  /** The factor of every sample of a song; never rejects. 1 by default. */
  gainOf?(song: string): Promise<number>;
}

/** One song after the other, on one output. */
export class SongPlayer {
  readonly #options: SongPlayerOptions;
  readonly #owner: PlayerOwner;
  readonly #outlivesPlayer: boolean;
  #playing: Playback | null = null;
  #volume = DEFAULT_VOLUME;
  #problem: string | null = null;
  /** The latest song whose end was reported; its last PCM may still be heard. */
  #reported: Playback | null = null;

  constructor(options: SongPlayerOptions, owner: PlayerOwner) {
    this.#options = options;
    this.#owner = owner;
    this.#outlivesPlayer = options.outlivesPlayer ?? true;
  }

  /** The song that plays; null: none. */
  get playing(): Playback | null {
    return this.#playing;
  }

  /** 0 to 100, for this song and all that follow. */
  get volume(): number {
    return this.#volume;
  }

  set volume(percent: number) {
    this.#volume = percent;
    if (this.#playing) this.#playing.volume = percent;
  }

  /** Why songs cannot be heard, for other clients; null: they can. */
  get problem(): string | null {
    return this.#problem;
  }

  set problem(problem: string | null) {
    this.#problem = problem;
    if (this.#playing) this.#playing.problem = problem;
  }

  /** Plays a song of the server, or a stream of it that was cast here. */
  play(
    song: string,
    { cast, fromSeconds }: { cast?: SessionStream; fromSeconds?: number } = {},
  ): Playback {
    this.#supersede();
    const playback = this.#playing = this.#playback(song, cast);
    this.#play(playback, fromSeconds)
      .catch((error) => this.#owner.failed(toOndacastError(error)));
    return playback;
  }

  /** Ends what plays. */
  end(): void {
    this.#supersede();
    this.#playing = null;
  }

  /** Ends what plays, and reports it before the next song starts. */
  #supersede(): void {
    const playing = this.#playing;
    if (playing === null) return;
    playing.supersede();
    if (this.#reported !== playing) this.#report(playing);
  }

  #report(playback: Playback): void {
    this.#reported = playback;
    this.#options.listener.end(playback.soFar, playback.skipped);
  }

  #playback(song: string, cast?: SessionStream): Playback {
    const { link, output, listener } = this.#options;
    const playback = songPlayback({
      ...{ link, output, song, cast },
      reconnectMs: Infinity,
      outlivesPlayer: this.#outlivesPlayer,
    });
    // It comes while the player is opened.
    this.#options.gainOf?.(song).then((gain) => playback.gain = gain);
    playback.volume = this.#volume;
    playback.problem = this.#problem;
    playback.listen({
      started: (state, player) => listener.start(playback, state, player),
      problem: (problem) =>
        problem ? listener.problem(problem) : listener.recovered?.(),
    });
    return playback;
  }

  async #play(playback: Playback, fromSeconds?: number): Promise<void> {
    const { output, listener } = this.#options;
    try {
      await playback.run(fromSeconds);
      if (this.#playing !== playback) return;
      this.#report(playback);
      // The next song may have started by now, and continues in this output.
      if (this.#playing === playback) await this.#finish(playback);
    } catch (thrown) {
      if (this.#playing !== playback) return;
      const error = toOndacastError(thrown);
      if (!this.#outlives(error)) throw error;
      await output.abort();
      listener.problem(error);
    }
    if (this.#playing !== playback) return;
    this.#playing = null;
    this.#owner.idle();
  }

  /** Waits for the last PCM to be heard; a short song ends before its player fails. */
  async #finish(playback: Playback): Promise<void> {
    try {
      await this.#options.output.end();
    } catch (error) {
      playback.problem = toOndacastError(error).message;
      throw error;
    }
  }

  #outlives(error: OndacastError): boolean {
    return isOfSong(error) || (this.#outlivesPlayer && isOfPlayer(error));
  }
}

/** Whether only this song cannot be played, or the server may come back. */
function isOfSong(error: OndacastError): boolean {
  return isPassing(error) ||
    ["changed", "not-found", "not-wav", "unsupported"].includes(error.code);
}

function isOfPlayer({ code }: OndacastError): boolean {
  return ["player-failed", "no-player", "output-failed"].includes(code);
}
