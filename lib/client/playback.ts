/**
 * Plays one song of any source: runs its pump, reports its state, and ends it.
 *
 * @module
 */

import { bytesToSeconds } from "../audio/format.ts";
import { type OndacastError, toOndacastError } from "../errors.ts";
import type { Clock } from "../ports/common.ts";
import type { ToServer } from "../wire/messages.ts";
import type { SessionStream } from "./client_session.ts";
import { aborted, interruptedBy } from "./interrupted.ts";
import { Listeners } from "./listeners.ts";
import type { Output } from "./output.ts";
import { PcmFeed } from "./pcm_feed.ts";
import type { PcmSource } from "./pcm_source.ts";
import type { EndReason, PlaybackState } from "./playback_state.ts";
import { GIVE_UP_MS, PlayerRetry } from "./player_retry.ts";
import type { Borrower } from "./borrower.ts";
import { Pump } from "./pump.ts";
import { stateMessage } from "./state_message.ts";

/** Notified of one playback. */
export interface PlaybackListener {
  /** The first PCM is about to go to the player of this name. */
  started?(state: PlaybackState, player: string): void;
  /** The song cannot be heard; null: it can again. */
  problem?(problem: OndacastError | null): void;
  /** Its volume is another one, 0 to 100. */
  volume?(percent: number): void;
}

/** The result of playing a song. */
export interface PlaybackSummary {
  song: string;
  /** PCM given to the player. */
  seconds: number;
  bytes: number;
  underruns: number;
  reconnects: number;
  reason: EndReason;
}

/** A playback's place in a row of several that sound without a gap. */
export interface PlaybackTurn {
  /** Resolves once all of the song before it was written; null: there is none. */
  begins: Promise<void> | null;
  /** Whether another song follows. */
  isFollowed(): boolean;
}

/** The parts of a playback. */
export interface PlaybackOptions {
  source: PcmSource;
  output: Output;
  clock: Clock;
  /** Interrupts it. */
  signal: AbortSignal;
  /** Whether it waits for another player when one fails. */
  outlivesPlayer?: boolean;
}

/** How far a song has come; `failing`: it waits for a player. */
type Stage =
  | { is: "playing" }
  | { is: "failing"; problem: OndacastError }
  | { is: "skipped"; reason: EndReason };

/** One song, from the request to the last sample written. */
export class Playback {
  readonly #source: PcmSource;
  readonly #pump: Pump;
  readonly #feed: PcmFeed;
  readonly #signal: AbortSignal;
  readonly #clock: Clock;
  readonly #retry: PlayerRetry | null;
  #stage: Stage = { is: "playing" };
  readonly #output: Output;
  readonly #listeners = new Listeners<PlaybackListener>();
  #problem: string | null = null;
  /** Whether its state is reported: not while another song is heard. */
  #isHeard = true;
  #volume = 100;
  #gain = 1;
  #muted = false;

  constructor(options: PlaybackOptions) {
    const { source, output, clock, signal } = options;
    this.#source = source;
    this.#output = output;
    this.#signal = signal;
    this.#clock = clock;
    this.#retry = options.outlivesPlayer
      ? new PlayerRetry(output, clock, {
        changed: (problem) => this.#fails(problem),
        goBack: (byte) => this.#goBack(byte),
      })
      : null;
    this.#pump = new Pump(output, output.clock ?? clock, {
      used: (bytes) => {
        this.#feed.drained();
        source.used?.(bytes);
      },
      opened: (player) =>
        this.#listeners.notify((it) => it.started?.(this.state!, player)),
      gap: () => this.#changed(),
      // Others extrapolate the position meanwhile.
      gapOver: () => this.#changed(),
    });
    this.#feed = new PcmFeed(this.#pump, {
      changed: () => this.#changed(),
      end: (reason) => this.#end(reason),
      unplayable: (problem) => this.#unplayable(toOndacastError(problem)),
    });
  }

  /**
   * Plays to the end, or until skipped.
   *
   * @param fromSeconds Where to begin; undefined: the whole file.
   * @param turn Until then it only fills its buffer.
   * @throws {OndacastError} The source's error, the player's, or `interrupted`.
   */
  async run(
    fromSeconds?: number,
    turn?: PlaybackTurn,
  ): Promise<PlaybackSummary> {
    const source = this.#source;
    const begins = turn?.begins ?? null;
    this.#isHeard = begins === null;
    try {
      const fed = source.start(this.#feed, fromSeconds);
      await this.#playWhile(fed, begins && this.#await(begins));
      await source.finish?.();
      return this.soFar;
    } catch (error) {
      source.stop?.("ended");
      throw error;
    } finally {
      this.#feed.close();
      // The last of it is still heard before the next song.
      if (this.skipped || !turn?.isFollowed()) this.#changed();
      source.used?.(this.#feed.clear());
      await source.close();
    }
  }

  /** Adds a listener. */
  listen(listener: PlaybackListener): void {
    this.#listeners.add(listener);
  }

  /** The state now; null before the song has begun. */
  get state(): PlaybackState | null {
    const pump = this.#pump;
    const { name, format, soughtSeconds } = this.#source;
    if (format === null) return null;
    return {
      song: name,
      format,
      positionSeconds: soughtSeconds ?? bytesToSeconds(format, pump.heardBytes),
      lengthSeconds: format.dataBytes === null
        ? null
        : bytesToSeconds(format, format.dataBytes),
      bufferedSeconds: bytesToSeconds(format, pump.bufferedBytes),
      level: pump.level,
      underruns: pump.underruns,
      volume: this.#volume,
      ...(this.#muted && { muted: true }),
      paused: pump.paused,
      ...(pump.borrower && { step: pump.borrower.step() }),
    };
  }

  /** The result so far. */
  get soFar(): PlaybackSummary {
    const { writtenBytes: bytes, underruns } = this.#pump;
    const { name: song, format, reconnects = 0 } = this.#source;
    const seconds = format ? bytesToSeconds(format, bytes) : 0;
    const reason = this.#stage.is === "skipped"
      ? this.#stage.reason
      : "finished";
    return { song, seconds, bytes, underruns, reconnects, reason };
  }

  /** Whether it was ended before its end. */
  get skipped(): boolean {
    return this.#stage.is === "skipped";
  }

  /**
   * Its buffer, whose PCM another player takes from here on.
   *
   * @param borrower Takes it until the song is over.
   */
  lend(borrower: Borrower): Pump {
    this.#pump.lend(borrower);
    return this.#pump;
  }

  /** Grants all that came again, though it is still to be heard. */
  grantAll(): void {
    this.#source.used?.(this.#pump.bufferedBytes);
  }

  /** Whether all of it was given to the player. */
  get isWritten(): boolean {
    return this.#pump.isComplete && this.#pump.bufferedBytes === 0;
  }

  /** Aborted when it is over. */
  get over(): AbortSignal {
    return this.#feed.closed;
  }

  /** Ends it, because it cannot be played. */
  fail(error: OndacastError): void {
    this.#feed.fail(error);
  }

  /** Reports its state to the server. */
  report(): void {
    this.#changed();
  }

  /** See {@linkcode PcmSource.continueWith}. */
  continueWith(stream: SessionStream): boolean {
    return !this.skipped && (this.#source.continueWith?.(stream) ?? false);
  }

  pause(): void {
    this.#pump.pause();
    this.#changed();
  }

  resume(): void {
    this.#pump.resume();
    this.#changed();
  }

  /** 0 to 100. */
  get volume(): number {
    return this.#volume;
  }

  set volume(percent: number) {
    const before = this.#volume;
    this.#volume = Math.min(100, Math.max(0, percent));
    this.#setGain();
    this.#changed();
    if (this.#volume === before) return;
    this.#listeners.notify((it) => it.volume?.(this.#volume));
  }

  /** The factor of every sample, to make songs equally loud; 1 at first. */
  set gain(factor: number) {
    this.#gain = factor;
    this.#setGain();
  }

  #setGain(): void {
    this.#pump.gain = this.totalGain;
  }

  /** The factor of every sample: of the song and of the volume. */
  get totalGain(): number {
    return this.#muted ? 0 : this.#gain * this.#volume / 100;
  }

  /** Whether it is silent, whatever the volume. */
  set muted(muted: boolean) {
    this.#muted = muted;
    this.#setGain();
  }

  /** Why the song cannot be heard, for other clients; null: it can. */
  get problem(): string | null {
    const stage = this.#stage;
    return stage.is === "failing" ? stage.problem.message : this.#problem;
  }

  set problem(problem: string | null) {
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.#changed();
  }

  /** See {@linkcode PcmSource.seek}. */
  seek(seconds: number): boolean {
    return this.#source.seek(seconds);
  }

  /** Ends the song before its end. */
  skip(reason: EndReason = "skipped"): void {
    this.#end(reason);
    this.#pump.drop();
    this.#source.stop?.("ended");
  }

  /** Ends silently, because another stream has replaced this one. */
  supersede(): void {
    this.#source.stop?.("superseded");
    // The end of a song that is over is still to be heard.
    if (!this.#pump.over && !this.#pump.borrower) {
      this.#pump.drop();
      this.#output.cut();
    }
    this.#end("replaced");
    this.#source.used?.(this.#feed.clear());
  }

  #end(reason: EndReason): void {
    const wasFailing = this.#stage.is === "failing";
    // The first reason is the true one.
    if (!this.skipped) this.#stage = { is: "skipped", reason };
    this.#feed.close();
    if (wasFailing) this.#changed(); // It no longer waits for a player.
  }

  /** Waits for its turn, and reports its state once it is heard. */
  async #await(begins: Promise<void>): Promise<void> {
    const { closed } = this.#feed;
    await Promise.race([begins, aborted(closed)]);
    const unheardMs = this.#pump.borrower?.unheardMs() ??
      this.#output.unheardMs(this.#clock);
    this.#clock.sleep(unheardMs, closed).then(() => {
      if (closed.aborted) return;
      this.#isHeard = true;
      this.#changed();
    });
  }

  #changed(): void {
    if (!this.#isHeard) return;
    this.#source.report?.((stream) => this.#stateOf(stream));
  }

  #stateOf(stream: number): ToServer<"state"> {
    return stateMessage(stream, this.state!, {
      over: this.#pump.over && !this.#isHeld,
      problem: this.problem,
    });
  }

  /** Whether a device that can stand still holds back the end of the song. */
  get #isHeld(): boolean {
    const { clock } = this.#output;
    return this.#pump.paused && !this.skipped && clock !== null &&
      this.#output.unheardBytes(clock) > 0;
  }

  /** Ends the song; one that outlives its player gets time for a seek. */
  #unplayable(problem: OndacastError): void {
    if (this.#retry === null) return this.#feed.fail(problem);
    this.#fails(problem);
    this.#clock.sleep(GIVE_UP_MS, this.#feed.closed)
      .then(() => this.#feed.fail(problem));
  }

  #fails(problem: OndacastError | null): void {
    if (!this.skipped) {
      this.#stage = problem ? { is: "failing", problem } : { is: "playing" };
    }
    this.#changed();
    this.#listeners.notify((it) => it.problem?.(problem));
  }

  #goBack(byte: number): void {
    const { format } = this.#source;
    if (format !== null) this.seek(bytesToSeconds(format, byte));
  }

  /** @param fed Rejects if there is nothing to play. */
  async #playWhile(
    fed: Promise<void>,
    turn: Promise<void> | null,
  ): Promise<void> {
    const { closed, failed } = this.#feed;
    using interrupted = interruptedBy(this.#signal);
    const pump = () => this.#retry?.run(this.#pump, closed) ?? this.#pump.run();
    const pumped = turn ? turn.then(pump) : pump();
    await Promise.race([
      Promise.all([Promise.race([fed, aborted(closed)]), pumped]),
      failed,
      interrupted.promise,
    ]);
  }
}
