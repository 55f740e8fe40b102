/**
 * Plays the songs of a receiver on one output: a new song replaces the one
 * that plays, or follows it without a gap.
 *
 * @module
 */

import { type OndacastError, toOndacastError } from "../errors.ts";
import type { ClientSession, SessionStream } from "./client_session.ts";
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

/** A song of the row. */
interface RowSong {
  playback: Playback;
  /** The stream that brought it; null: it was requested. */
  cast: SessionStream | null;
  /** Resolves once all of it was written, or it is over. */
  written: Promise<void>;
}

/** One song after the other, on one output. */
export class SongPlayer {
  readonly #options: SongPlayerOptions;
  readonly #owner: PlayerOwner;
  readonly #outlivesPlayer: boolean;
  /** The song that is written, and those that wait for their turn. */
  #row: RowSong[] = [];
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
    return this.#row[0]?.playback ?? null;
  }

  /** 0 to 100, for this song and all that follow. */
  get volume(): number {
    return this.#volume;
  }

  set volume(percent: number) {
    this.#volume = percent;
    for (const { playback } of this.#row) playback.volume = percent;
  }

  /** Why songs cannot be heard, for other clients; null: they can. */
  get problem(): string | null {
    return this.#problem;
  }

  set problem(problem: string | null) {
    this.#problem = problem;
    for (const { playback } of this.#row) playback.problem = problem;
  }

  /**
   * Plays a song of the server, or a stream of it that was cast here. It replaces
   * all others but the one that it follows, and those before that one.
   */
  play(
    song: string,
    { cast, fromSeconds }: { cast?: SessionStream; fromSeconds?: number } = {},
  ): Playback {
    const before = cast ? this.#indexOf(cast.session, cast.start.follows) : -1;
    this.#supersede(before + 1);
    const playback = this.#playback(song, cast);
    const written = Promise.withResolvers<void>();
    const previous = this.#row.at(-1);
    this.#row.push({ playback, cast: cast ?? null, written: written.promise });
    this.#play(playback, written.resolve, previous, fromSeconds)
      .catch((error) => this.#owner.failed(toOndacastError(error)));
    return playback;
  }

  /** Ends what plays. */
  end(): void {
    this.#supersede(0);
  }

  #indexOf(session: ClientSession, stream: number | undefined): number {
    return this.#row.findIndex(({ cast }) =>
      cast?.session === session && cast.start.stream === stream
    );
  }

  /** Ends the songs from an index on; the one that plays is reported. */
  #supersede(from: number): void {
    for (const [i, { playback }] of this.#row.splice(from).entries()) {
      playback.supersede();
      const plays = from + i === 0;
      if (plays && this.#reported !== playback) this.#report(playback);
    }
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

  async #play(
    playback: Playback,
    written: () => void,
    previous: RowSong | undefined,
    fromSeconds?: number,
  ): Promise<void> {
    const { output, listener } = this.#options;
    const isFollowed = () => this.#row.length > 1;
    const begins = previous?.written ?? null;
    try {
      await playback.run(fromSeconds, { begins, isFollowed });
      if (!this.#has(playback)) return;
      const waited = this.playing !== playback;
      if (!waited) this.#report(playback);
      // The next song continues in this output.
      if (this.#has(playback) && !waited && !isFollowed()) {
        await this.#finish(playback);
      }
    } catch (thrown) {
      if (!this.#has(playback)) return;
      const error = toOndacastError(thrown);
      if (!this.#outlives(error)) throw error;
      if (!isOfSong(error) || !isFollowed()) await output.abort();
      listener.problem(error);
    } finally {
      written();
    }
    this.#remove(playback);
    if (this.playing === null) this.#owner.idle();
  }

  #has(playback: Playback): boolean {
    return this.#row.some((it) => it.playback === playback);
  }

  #remove(playback: Playback): void {
    this.#row = this.#row.filter((it) => it.playback !== playback);
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
