/**
 * What every way of playing a song has in common: the pump, what is shown of
 * it, and what ends it. How the PCM comes is left to each way.
 *
 * @module
 */

import { bytesToSeconds, type SongFormat } from "../audio/format.ts";
import { toOndacastError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import { Bell } from "./bell.ts";
import { interruptedBy } from "./interrupted.ts";
import type { Output } from "./output.ts";
import { Pump } from "./pump.ts";

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
}

/** One song on its way to the player. */
export abstract class Playback {
  protected readonly pump: Pump;
  readonly #signal: AbortSignal;
  readonly #room = new Bell();
  readonly #failed = Promise.withResolvers<never>();
  #skipped = false;
  #problem: string | null = null;
  /** Called once the first PCM goes to the player, with the player's name. */
  onStart: (state: PlaybackState, player: string) => void = () => {};

  constructor(options: PlaybackOptions) {
    this.#signal = options.signal;
    this.#failed.promise.catch(() => {}); // It may fail before it is run.
    this.pump = new Pump({
      output: options.output,
      clock: options.output.clock ?? options.clock,
      capacityBytes: options.capacityBytes,
      listener: {
        used: (bytes) => {
          this.#room.ring();
          this.used(bytes);
        },
        opened: (player) => this.onStart(this.state!, player),
        gap: () => this.changed(),
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
    return this.#problem;
  }

  set problem(problem: string | null) {
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.changed();
  }

  /** Ends the song before its end. */
  skip(): void {
    this.#skipped = true;
    this.stop();
  }

  /** Goes on from another place, to the sample frame, where that can be. */
  abstract seek(seconds: number): void;

  /** What is played, once that is known. */
  protected abstract get playing(): { name: string; format: SongFormat } | null;

  /** PCM was taken out of the buffer. */
  protected used(_bytes: number): void {}

  /** Something has changed that others may see. */
  protected changed(): void {}

  /** Ends the pump and whoever waits for room in the buffer. */
  protected stop(): void {
    this.pump.stop();
    this.#room.ring();
  }

  /** Resolves when so much PCM fits into the buffer, or when it is all over. */
  protected async roomFor(bytes: number): Promise<void> {
    while (this.pump.room < bytes && !this.pump.over) await this.#room.rung();
  }

  /** Ends it with an error. */
  protected fail(error: unknown): void {
    this.#failed.reject(toOndacastError(error));
  }

  /**
   * Plays while it is fed, until all is played and the feeding is over.
   *
   * @param fed Rejects if there is nothing to play.
   */
  protected async playWhile(fed: Promise<void>): Promise<void> {
    using interrupted = interruptedBy(this.#signal);
    await Promise.race([
      Promise.all([fed, this.pump.run()]),
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
