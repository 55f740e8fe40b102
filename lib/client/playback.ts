/**
 * What every way of playing a song has in common: the pump, what is shown of
 * it, and what ends it. How the PCM comes is left to each way.
 *
 * @module
 */

import { bytesToSeconds, type SongFormat } from "../audio/format.ts";
import { type OndacastError, toOndacastError } from "../errors.ts";
import type { Clock } from "../ports/common.ts";
import { Notify } from "./notify.ts";
import { interruptedBy } from "./interrupted.ts";
import type { Output } from "./output.ts";
import { GIVE_UP_MS, PlayerRetry } from "./player_retry.ts";
import type { ToServer } from "../wire/messages.ts";
import { Pump } from "./pump.ts";

import { stateMessage } from "./state_message.ts";

/** What is played at a moment, for whoever shows it. */
export interface PlaybackState {
  song: string;
  format: SongFormat;
  /** What has been heard, in seconds from the song's start. */
  positionSeconds: number;
  /** Null: a live stream. */
  lengthSeconds: number | null;
  bufferedSeconds: number;
  /** The loudest sample of what went to the player last, 0 to 1. */
  level: number;
  underruns: number;
  /** 0 to 100. */
  volume: number;
  paused: boolean;
}

/** What became of a song. */
export interface PlaybackSummary {
  song: string;
  /** PCM given to the player. */
  seconds: number;
  bytes: number;
  underruns: number;
  reconnects: number;
}

/** What a way of playing needs. */
export interface PlaybackOptions {
  output: Output;
  clock: Clock;
  /** Interrupts it. */
  signal: AbortSignal;
  /** What the buffer holds at first, in bytes. */
  capacityBytes: number;
  /** Whether it outlives a player that fails, and waits for another. */
  outlivesPlayer?: boolean;
}

/** One song on its way to the player. */
export abstract class Playback {
  protected readonly pump: Pump;
  readonly #signal: AbortSignal;
  readonly #room = new Notify();
  readonly #failed = Promise.withResolvers<never>();
  readonly #left = new AbortController();
  readonly #retry: PlayerRetry | null;
  readonly #clock: Clock;
  #failure: OndacastError | null = null;
  #skipped = false;
  #problem: string | null = null;
  /** Called once the first PCM goes to the player, with the player's name. */
  onStart: (state: PlaybackState, player: string) => void = () => {};

  /** Called when something keeps it from being heard, and with null when nothing does any more. */
  onProblem: (problem: OndacastError | null) => void = () => {};

  constructor(options: PlaybackOptions) {
    this.#signal = options.signal;
    this.#clock = options.clock;
    this.#retry = options.outlivesPlayer
      ? new PlayerRetry(options.output, options.clock, {
        tell: (problem) => this.#tellProblem(problem),
        goBack: (byte) => this.#goBack(byte),
      })
      : null;
    this.#failed.promise.catch(() => {}); // It may fail before it is run.
    this.pump = new Pump({
      output: options.output,
      clock: options.output.clock ?? options.clock,
      capacityBytes: options.capacityBytes,
      listener: {
        used: (bytes) => {
          this.#room.notify();
          this.used(bytes);
        },
        opened: (player) => this.onStart(this.state!, player),
        gap: () => this.changed(),
        // Others reckon that the position moved on meanwhile.
        gapOver: () => this.changed(),
      },
    });
  }

  /** What is played now; null before the song has begun. */
  get state(): PlaybackState | null {
    const { pump, playing } = this;
    if (playing === null) return null;
    const { format } = playing;
    return {
      song: playing.name,
      format,
      positionSeconds: bytesToSeconds(format, pump.heardBytes),
      lengthSeconds: format.dataBytes === null
        ? null
        : bytesToSeconds(format, format.dataBytes),
      bufferedSeconds: bytesToSeconds(format, pump.bufferedBytes),
      level: pump.level,
      underruns: pump.underruns,
      volume: pump.volume,
      paused: pump.paused,
    };
  }

  /** Whether it was ended before its end. */
  get skipped(): boolean {
    return this.#skipped;
  }

  pause(): void {
    this.pump.pause();
    this.changed();
  }

  resume(): void {
    this.pump.resume();
    this.changed();
  }

  /** 0 to 100. */
  get volume(): number {
    return this.pump.volume;
  }

  set volume(percent: number) {
    this.pump.volume = Math.min(100, Math.max(0, percent));
    this.changed();
  }

  /** What keeps the song from being heard, in words for others; null: nothing. */
  get problem(): string | null {
    return this.#failure?.message ?? this.#problem;
  }

  set problem(problem: string | null) {
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.changed();
  }

  /** What a server is told of it now, by a stream of its own. */
  protected stateOf(stream: number): ToServer<"state"> {
    const { pump, problem } = this;
    const state = this.state!;
    // What is not heard stands still, and others would reckon it on.
    const playing = !state.paused && !pump.over && problem === null;
    return stateMessage(stream, state, { over: pump.over, playing, problem });
  }

  /** Ends the song before its end. That it could not be heard is over, too. */
  skip(): void {
    const failed = this.#failure !== null;
    this.#failure = null;
    this.#skipped = true;
    this.stop();
    if (failed) this.changed();
  }

  /**
   * Goes on from another place, to the sample frame; from the song's nearest
   * end, where that lies beyond it.
   *
   * @returns False where the source has no other place: it plays on.
   */
  abstract seek(seconds: number): boolean;

  /** What is played, once that is known. */
  protected abstract get playing(): { name: string; format: SongFormat } | null;

  /** PCM was taken out of the buffer. */
  protected used(_bytes: number): void {}

  /** Something has changed that others may see. */
  protected changed(): void {}

  /** Aborted when it is all over. */
  protected get left(): AbortSignal {
    return this.#left.signal;
  }

  /** Ends the pump and whoever waits for room in the buffer. */
  protected stop(): void {
    this.pump.stop();
    this.#room.notify();
    this.#left.abort();
  }

  /** Throws away what is in the buffer. @returns How many bytes. */
  protected clear(): number {
    const bytes = this.pump.clear();
    this.#room.notify();
    return bytes;
  }

  /** Resolves when so much PCM fits into the buffer, or when it is all over. */
  protected async roomFor(bytes: number): Promise<void> {
    while (this.pump.room < bytes && !this.pump.over) {
      await this.#room.notified();
    }
  }

  /** Resolves when the buffer has at most so much PCM, or when it is all over. */
  protected async drainedTo(bytes: number, over: AbortSignal): Promise<void> {
    over.addEventListener("abort", () => this.#room.notify());
    while (
      this.pump.bufferedBytes > bytes && !this.pump.over && !over.aborted
    ) await this.#room.notified();
  }

  /** Ends it with an error, if it is not over. */
  protected fail(error: unknown): void {
    if (this.left.aborted) return;
    this.#failed.reject(toOndacastError(error));
  }

  /** Cannot be heard: ends with that, or waits to be ended if it may outlive it. */
  protected stumble(problem: OndacastError): void {
    if (this.#retry === null) return this.fail(problem);
    this.#tellProblem(problem);
    this.#clock.sleep(GIVE_UP_MS, this.left).then(() => this.fail(problem));
  }

  #tellProblem(problem: OndacastError | null): void {
    this.#failure = problem;
    this.changed();
    this.onProblem(problem);
  }

  #goBack(byte: number): void {
    const { playing } = this;
    if (playing !== null) this.seek(bytesToSeconds(playing.format, byte));
  }

  #pumpOn(): Promise<void> {
    return this.#retry?.run(this.pump, this.left) ?? this.pump.run();
  }

  /**
   * Plays while it is fed, until all is played and the feeding is over, or
   * until stopped.
   *
   * @param fed Rejects if there is nothing to play.
   */
  protected async playWhile(fed: Promise<void>): Promise<void> {
    using interrupted = interruptedBy(this.#signal);
    const stopped = new Promise<void>((resolve) => {
      this.left.addEventListener("abort", () => resolve());
      if (this.left.aborted) resolve();
    });
    await Promise.race([
      Promise.all([Promise.race([fed, stopped]), this.#pumpOn()]),
      this.#failed.promise,
      interrupted.promise,
    ]);
  }

  protected summary(name: string, reconnects: number): PlaybackSummary {
    const { writtenBytes: bytes, underruns } = this.pump;
    const seconds = this.playing
      ? bytesToSeconds(this.playing.format, bytes)
      : 0;
    return { song: name, seconds, bytes, underruns, reconnects };
  }
}
