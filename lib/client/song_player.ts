/**
 * Plays the songs of a receiver on one output: a new song replaces the one
 * that plays, or follows it without a gap. In a group of several, its
 * {@linkcode StepPlayer} decides when.
 *
 * @module
 */

import { sameLayout } from "../audio/format.ts";
import { type OndacastError, toOndacastError } from "../errors.ts";
import type { ToClient } from "../wire/messages.ts";
import type { ClientSession, SessionStream } from "./client_session.ts";
import { isPassing, type Link } from "./link.ts";
import { NetworkSource } from "./network_source.ts";
import type { Output } from "./output.ts";
import type { QueuedEntry } from "./own_group.ts";
import { Playback, type PlaybackSummary } from "./playback.ts";
import type { PlaybackState } from "./playback_state.ts";
import { ServerClock } from "./server_clock.ts";
import { SongRow } from "./song_row.ts";
import { type StepOptions, StepPlayer } from "./step_player.ts";

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
  /** The volume, 0 to 100, or whether it is muted has changed. */
  volume?(percent: number, muted: boolean): void;
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
  /**
   * How it plays in step with others in a group; left out: it plays what its
   * group does, as it comes.
   */
  step?: Omit<StepOptions, "serverClock"> & {
    /** The wall clock, which goes on while the machine sleeps. */
    wallMs(): number;
  };
}

/** One song after the other, on one output. */
export class SongPlayer {
  readonly #options: SongPlayerOptions;
  readonly #owner: PlayerOwner;
  readonly #outlivesPlayer: boolean;
  readonly #step: StepPlayer | null;
  readonly #row = new SongRow();
  #volume = DEFAULT_VOLUME;
  #muted = false;
  #problem: string | null = null;
  /** The latest song whose end was reported; its last PCM may still be heard. */
  #reported: Playback | null = null;

  constructor(options: SongPlayerOptions, owner: PlayerOwner) {
    this.#options = options;
    this.#owner = owner;
    this.#outlivesPlayer = options.outlivesPlayer ?? true;
    this.#step = this.#stepPlayer(options);
  }

  #stepPlayer(options: SongPlayerOptions): StepPlayer | null {
    const { link, output, step, listener } = options;
    if (step === undefined) return null;
    const serverClock = new ServerClock(link, step.wallMs);
    return new StepPlayer({ ...step, serverClock }, output, link.clock, {
      sounds: (playback) => this.#sounds(playback),
      dropped: (playback) => this.#drop(playback),
      problem: (error) => {
        for (const { playback } of this.#row.all()) {
          playback.problem = error?.message ?? this.#problem;
        }
        if (error) listener.problem(error);
        else listener.recovered?.();
      },
    });
  }

  /** The song that plays; null: none. */
  get playing(): Playback | null {
    return this.#row.first?.playback ?? null;
  }

  /** The entry of a queue that a song is; null: no queue plays it. */
  queued(playback: Playback): QueuedEntry | null {
    const { group, entry, by } = this.#row.find(playback)?.cast?.start ?? {};
    return group === undefined ? null : { group, entry, by };
  }

  /** 0 to 100, for this song and all that follow. */
  get volume(): number {
    return this.#volume;
  }

  set volume(percent: number) {
    const isNew = percent !== this.#volume;
    this.#volume = percent;
    for (const { playback } of this.#row.all()) playback.volume = percent;
    if (isNew) this.#options.listener.volume?.(percent, this.#muted);
  }

  /** Whether it is silent, whatever its volume. */
  set muted(muted: boolean) {
    const isNew = muted !== this.#muted;
    this.#muted = muted;
    for (const { playback } of this.#row.all()) playback.muted = muted;
    if (isNew) this.#options.listener.volume?.(this.#volume, muted);
  }

  /** How much earlier than others this device is to be fed, in ms. */
  set delayMs(ms: number) {
    if (this.#step) this.#step.delayMs = ms;
  }

  /** Pauses or resumes the song that plays. */
  hold(on: boolean): void {
    const { playing } = this;
    if (this.#row.first?.begin) this.#step!.hold(on);
    else if (on) playing?.pause();
    else playing?.resume();
  }

  /** Why songs cannot be heard, for other clients; null: they can. */
  get problem(): string | null {
    return this.#problem;
  }

  set problem(problem: string | null) {
    this.#problem = problem;
    for (const { playback } of this.#row.all()) playback.problem = problem;
  }

  /**
   * Plays a song of the server, or a stream of it that was cast here. It replaces
   * all others but the one that it follows, and those before that one.
   */
  play(
    song: string,
    { cast, fromSeconds }: { cast?: SessionStream; fromSeconds?: number } = {},
  ): Playback {
    const before = cast
      ? this.#row.indexOf(cast.session, cast.start.follows)
      : -1;
    const isInStep = cast !== undefined && this.#isInStep(cast);
    if (cast && !isInStep && this.#goesOn(cast)) return this.playing!;
    if (!isInStep) this.#supersede(before + 1);
    const playback = this.#playback(song, cast);
    if (!isInStep) {
      const previous = this.#row.last?.written;
      this.#begin(
        playback,
        cast ?? null,
        previous ?? this.#leaveStep(cast),
        fromSeconds,
      );
      return playback;
    }
    // What a lone device has played is not of the line.
    if (!this.#row.all().every(({ begin }) => begin)) this.#supersede(0);
    const sounds = Promise.withResolvers<void>();
    this.#begin(playback, cast, sounds.promise, undefined, sounds.resolve);
    this.#step!.add(playback, cast);
    return playback;
  }

  /**
   * Goes on with the song that plays if its connection was lost, and this is the
   * rest of it: nothing is heard of that.
   */
  #goesOn(cast: SessionStream): boolean {
    const song = this.#row.first;
    const isLost = song?.cast?.session.failure &&
      cast.start.group !== undefined;
    if (!isLost || song.begin) return false;
    return song.playback.continueWith(cast);
  }

  /** Another stream brings a song from now on; what was sent after it is over. */
  #brought(playback: Playback, stream: SessionStream): void {
    const song = this.#row.find(playback);
    if (!song?.cast || song.cast === stream) return;
    song.cast = stream;
    this.#supersede(this.#row.all().indexOf(song) + 1);
  }

  /** Follows the line of a group of several. */
  line(session: ClientSession, line: ToClient<"line">): void {
    const step = this.#step;
    if (step === null || step.follow(session, line)) return;
    if (this.#row.indexOf(session, line.stream) < 0) return;
    // A device that has played alone goes on in a group.
    for (const [i, song] of this.#row.all().entries()) {
      if (song.cast === null || song.begin) continue;
      song.begin = () => {};
      step.add(song.playback, song.cast, i === 0);
    }
    step.follow(session, line);
  }

  /** The server has stopped a stream, and all after it. */
  stopped(session: ClientSession, stream: number): void {
    this.#step?.stopped(session, stream);
  }

  /** Whether a stream is of a group of several, or follows one that is. */
  #isInStep({ session, start }: SessionStream): boolean {
    if (this.#step === null || start.group === undefined) return false;
    const isOfSeveral = start.group !== session.greeting?.key;
    return isOfSeveral || this.#step.has(session, start.follows);
  }

  /** Resolves when the output is free for a song that plays alone. */
  #leaveStep(cast: SessionStream | undefined): Promise<void> | null {
    const step = this.#step;
    if (step?.isRunning) return this.#freeOutput(step, cast);
    step?.end(); // It keeps the server's clock no longer.
    return null;
  }

  /** A player of another layout is not waited for: what it has is silence. */
  async #freeOutput(step: StepPlayer, cast?: SessionStream): Promise<void> {
    await step.end();
    const { output } = this.#options;
    const format = output.present?.sink.format;
    const isKept = format && cast && sameLayout(format, cast.start.format);
    if (!isKept) await output.abort();
  }

  #begin(
    playback: Playback,
    cast: SessionStream | null,
    begins: Promise<void> | null,
    fromSeconds?: number,
    begin: (() => void) | null = null,
  ): void {
    const { promise: written, resolve } = Promise.withResolvers<void>();
    this.#row.add({ playback, cast, written, begin });
    this.#play(playback, resolve, begins, fromSeconds)
      .catch((error) => this.#owner.failed(toOndacastError(error)));
  }

  /** A song of a group of several is heard from now on, in place of others. */
  #sounds(playback: Playback): void {
    const song = this.#row.find(playback);
    if (song === undefined) return;
    const before = this.#row.all().slice(0, this.#row.all().indexOf(song));
    for (const { playback } of before) {
      if (!playback.isWritten) this.#drop(playback);
    }
    song.begin?.();
  }

  /** Ends a song of a group of several. */
  #drop(playback: Playback): void {
    if (!this.#row.find(playback)) return;
    const plays = this.playing === playback;
    playback.supersede();
    if (plays && this.#reported !== playback) this.#report(playback);
    this.#row.remove(playback);
    if (this.playing === null) this.#owner.idle();
  }

  /** Ends what plays. */
  end(): void {
    this.#supersede(0);
    this.#step?.end();
  }

  /** Ends the songs from an index on; the one that plays is reported. */
  #supersede(from: number): void {
    for (const [i, { playback }] of this.#row.cut(from).entries()) {
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
    const { clock, signal } = link;
    const playback: Playback = new Playback({
      source: new NetworkSource({
        ...{ link, song, cast, reconnectMs: Infinity },
        began: (stream) => this.#brought(playback, stream),
      }),
      ...{ output, clock, signal, outlivesPlayer: this.#outlivesPlayer },
    });
    // It comes while the player is opened.
    this.#options.gainOf?.(song).then((gain) => playback.gain = gain);
    playback.volume = this.#volume;
    playback.muted = this.#muted;
    playback.problem = this.#problem;
    playback.listen({
      started: (state, player) =>
        this.#row.announce(
          playback,
          () => listener.start(playback, state, player),
        ),
      problem: (problem) =>
        problem ? listener.problem(problem) : listener.recovered?.(),
    });
    return playback;
  }

  async #play(
    playback: Playback,
    written: () => void,
    begins: Promise<void> | null,
    fromSeconds?: number,
  ): Promise<void> {
    const { output, listener } = this.#options;
    const isFollowed = () => this.#row.isFollowed;
    try {
      await playback.run(fromSeconds, { begins, isFollowed });
      if (!this.#row.find(playback)) return;
      const waited = this.playing !== playback;
      if (!waited) this.#report(playback);
      // The next song continues in this output.
      const isLast = !waited && !isFollowed() && !this.#isLent(playback);
      if (isLast && this.#row.find(playback)) {
        await this.#finish(playback);
      }
    } catch (thrown) {
      if (!this.#row.find(playback)) return;
      const error = toOndacastError(thrown);
      if (!this.#outlives(error)) throw error;
      const isAlone = !isOfSong(error) || !isFollowed();
      if (isAlone && !this.#isLent(playback)) await output.abort();
      listener.problem(error);
    } finally {
      written();
    }
    this.#row.remove(playback);
    if (this.playing === null) this.#owner.idle();
  }

  /** Whether it is of a group of several, whose output stays open. */
  #isLent(playback: Playback): boolean {
    return (this.#row.find(playback)?.begin ?? null) !== null;
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
    ["changed", "not-found", "not-wav", "stale", "unsupported"].includes(
      error.code,
    );
}

function isOfPlayer({ code }: OndacastError): boolean {
  return ["player-failed", "no-player", "output-failed"].includes(code);
}
