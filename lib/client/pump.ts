/**
 * The pump: moves PCM from the buffer to the output, no faster than it is
 * heard. It is "PCM → pump → sink" on the walk of one byte.
 *
 * @module
 */

import {
  bytesPerSecond,
  type PcmFormat,
  sameLayout,
  sampleFrameBytes,
  wholeSampleFrames,
} from "../audio/format.ts";
import type { Clock } from "../ports/common.ts";
import type { Borrower } from "./borrower.ts";
import { Flow } from "./flow.ts";
import { LiveFollower } from "./live_follower.ts";
import { Notify } from "./notify.ts";
import type { OpenOutput, Output } from "./output.ts";
import type { Pacer } from "./pacer.ts";
import { PcmBuffer } from "./pcm_buffer.ts";
import { StartTime } from "./start_time.ts";

/** How often a paced player is written to, in seconds of audio. */
const STEP_SECONDS = 0.1;
/** The size of one write to a sink that accepts all it gets. */
const UNPACED_BYTES = 256 * 1024;

/** A live song that is buffered for longer is behind, and skips to less. */
const BEHIND_SECONDS = 1.5;
const KEPT_SECONDS = 0.25;

/** Notified of the pump's work. */
export interface PumpListener {
  /** PCM has left the buffer, so that more can come. */
  used(bytes: number): void;
  /** The player has run dry. */
  gap(): void;
  /** It has PCM again. */
  gapOver(): void;
  /** The player is open and is about to get the first PCM. */
  opened(player: string): void;
}

/** Moves one song's PCM from its buffer to the output. */
export class Pump {
  readonly #output: Output;
  readonly #clock: Clock;
  readonly #listener: PumpListener;
  readonly #changed = new Notify();
  readonly #buffer = new PcmBuffer(0, UNPACED_BYTES);
  readonly #flow = new Flow();
  readonly #start = new StartTime();
  #format: PcmFormat | null = null;
  #paused = false;
  #complete = false;
  #over = false;
  #opened = false;
  #borrower: Borrower | null = null;
  /** Keeps the pace of a live song's sender; null: it is none. */
  #follower: LiveFollower | null = null;
  /** PCM bytes of the song that were written or skipped. */
  #positionBytes = 0;
  /** Where this run began to write, or the latest seek; null: nowhere yet. */
  #runFromBytes: number | null = null;
  #gain = 1;
  /** PCM bytes given to the player. */
  writtenBytes = 0;

  constructor(output: Output, clock: Clock, listener: PumpListener) {
    this.#output = output;
    this.#clock = clock;
    this.#listener = listener;
  }

  /** The factor of every sample; at 1 no bit changes. */
  set gain(factor: number) {
    this.#gain = factor;
    this.#output.setGain(factor);
  }

  /** See {@linkcode Flow.underruns}. */
  get underruns(): number {
    return this.#flow.underruns;
  }

  /** PCM bytes in the buffer. */
  get bufferedBytes(): number {
    return this.#buffer.bytes;
  }

  /** PCM bytes that the buffer has room for. */
  get room(): number {
    return this.#buffer.room;
  }

  /** The peak of the latest write, 0 to 1; 0 while paused. */
  get level(): number {
    return this.#format === null || this.#paused ? 0 : this.#output.level;
  }

  get paused(): boolean {
    return this.#borrower?.paused ?? this.#paused;
  }

  /** Who takes its PCM instead of the output; null: nobody does. */
  get borrower(): Borrower | null {
    return this.#borrower;
  }

  /** The layout of its PCM; null: it has not begun. */
  get format(): PcmFormat | null {
    return this.#format;
  }

  /** The byte of the song's PCM that leaves the buffer next. */
  get nextByte(): number {
    return this.#positionBytes;
  }

  /** Whether no more PCM follows. */
  get isComplete(): boolean {
    return this.#complete;
  }

  /** Bytes of the song that have been heard, by the pace of its output. */
  get heardBytes(): number {
    if (this.#borrower) return this.#borrower.heardByte();
    const unheard = this.#output.unheardBytes(this.#clock);
    return Math.max(0, this.#positionBytes - Math.round(unheard));
  }

  /** The byte of the song where this run began, or the latest seek in it. */
  get runFromBytes(): number {
    return this.#runFromBytes ?? this.#positionBytes;
  }

  /**
   * PCM of this format follows, from this byte of the song's PCM. What is still
   * buffered of a live song is played before it.
   */
  begin(format: PcmFormat, positionBytes: number, capacityBytes: number): void {
    this.#endAt(format);
    this.#format = format;
    this.#positionBytes = positionBytes;
    this.#runFromBytes = null;
    this.#buffer.widen(capacityBytes);
    this.#complete = false;
    this.#follower = null;
    this.#flow.begin();
    this.#start.cancel();
    this.#changed.notify();
  }

  /**
   * Discards what cannot be played before PCM of a format: the beginning of a
   * sample frame that a lost connection has left, or all of another layout.
   */
  #endAt(format: PcmFormat): void {
    const goesOn = this.#format !== null && sameLayout(this.#format, format);
    const discarded = this.#buffer.keep(
      goesOn ? wholeSampleFrames(format, this.#buffer.bytes) : 0,
    );
    if (discarded > 0) this.#listener.used(discarded);
  }

  /**
   * Holds the song back until it is to be heard; what is late is skipped. A
   * sink without a pace gets all of it at once.
   *
   * @param delay Resolves to the wait from then on, in ms, below 0 if the time
   * has passed; null: at any time.
   */
  startIn(delay: Promise<number | null>): void {
    const set = this.#start.expect();
    delay.then((ms) => {
      set(ms === null ? null : this.#clock.now() + ms);
      this.#changed.notify();
    });
  }

  /** Enlarges the buffer for more PCM of the same song. */
  widen(capacityBytes: number): void {
    this.#buffer.widen(capacityBytes);
  }

  /** The next PCM of the song; copied. @throws {OndacastError} `bad-frame`. */
  push(pcm: Uint8Array): void {
    this.#buffer.push(pcm);
    this.#changed.notify();
  }

  /**
   * Keeps the pace of a live song's sender, and skips ahead if it has fallen
   * behind.
   */
  keepUp(): void {
    const format = this.#format;
    if (format === null || this.#borrower) return;
    const { openResampler } = this.#output;
    if (openResampler) {
      this.#follower ??= new LiveFollower(format, openResampler);
    }
    // While its player opens, it goes on.
    if (!this.#opened) return this.#skipTo(format, KEPT_SECONDS);
    const most = BEHIND_SECONDS * bytesPerSecond(format);
    if (this.#buffer.bytes <= most) return;
    this.#skipTo(format, KEPT_SECONDS);
    this.#flow.underruns++;
    this.#follower?.skipped();
  }

  /** Skips what a live song has had too much of since it began, or after a gap. */
  #skipSurplus(format: PcmFormat): void {
    const { surplusSeconds = 0 } = this.#follower ?? {};
    if (surplusSeconds === 0) return;
    this.#follower!.surplusSeconds = 0;
    const seconds = this.#buffer.bytes / bytesPerSecond(format);
    this.#skipTo(format, Math.max(0, seconds - surplusSeconds));
  }

  /** Skips all but what lasts for a time. */
  #skipTo(format: PcmFormat, seconds: number): void {
    const kept = Math.round(seconds * format.rate) * sampleFrameBytes(format);
    const over = wholeSampleFrames(format, this.#buffer.bytes - kept);
    if (over <= 0) return;
    const { length } = this.#buffer.shift(over);
    this.#positionBytes += length;
    this.#listener.used(length);
  }

  /** No more PCM follows. */
  complete(): void {
    this.#complete = true;
    this.#changed.notify();
  }

  /** From here on, another player takes its PCM. */
  lend(borrower: Borrower): void {
    this.#borrower = borrower;
    this.#changed.notify();
  }

  /** Takes PCM for the borrower, lent until the next call. */
  take(bytes: number): Uint8Array {
    const pcm = this.#buffer.shift(bytes);
    this.#positionBytes += pcm.length;
    if (!this.#opened && pcm.length > 0) {
      this.#opened = true;
      this.#listener.opened(this.#borrower?.label ?? "");
    }
    this.writtenBytes += pcm.length;
    this.#listener.used(pcm.length);
    if (this.#complete && this.#buffer.bytes === 0) this.#changed.notify();
    return pcm;
  }

  /** The borrower had nothing to play when it was time. */
  missed(): void {
    this.#flow.underruns++;
    this.#listener.gap();
  }

  /** Discards what is in the buffer. @returns How many bytes. */
  clear(): number {
    this.#complete = false;
    this.#flow.hold();
    this.#start.cancel();
    return this.#buffer.clear();
  }

  /** Discards what the player has but was not heard yet, if it can. */
  drop(): void {
    this.#output.drop(this.#clock);
  }

  /** Stops writing to the player; what it has is heard to its end. */
  pause(): void {
    this.#paused = true;
    this.#start.cancel(); // It continues where it was paused.
  }

  resume(): void {
    this.#paused = false;
    this.#flow.hold();
    this.#changed.notify();
  }

  /** Whether it has ended, or is to. */
  get over(): boolean {
    return this.#over;
  }

  /** Ends {@linkcode run} without playing the rest. */
  stop(): void {
    this.#over = true;
    this.#changed.notify();
  }

  /**
   * Plays until the song is complete and written, or stopped. After a failure
   * it can be run again, and continues where it was.
   *
   * @throws {OndacastError} `player-failed`, `no-player`, `output-failed`.
   */
  async run(): Promise<void> {
    const ended = new AbortController();
    const failed = () => this.#changed.notify();
    this.#output.listen({ failed }, ended.signal);
    this.#flow.hold();
    this.#runFromBytes = null;
    // The next song may replace it in the same packet: no player opens for it.
    await Promise.resolve();
    try {
      await this.#run();
    } finally {
      ended.abort();
    }
  }

  async #run(): Promise<void> {
    while (!this.#over) {
      if (this.#borrower) {
        if (this.#complete && this.#buffer.bytes === 0) return;
        await this.#changed.notified();
        continue;
      }
      this.#output.throwIfFailed();
      const format = this.#format;
      if (format === null || this.#paused) {
        await this.#changed.notified();
        continue;
      }
      const open = await this.#output.for(format);
      if (open.pacer) await this.#follower?.ready;
      if (this.#over || this.#paused || this.#borrower) continue;
      if (this.#format !== format) continue;
      const nowMs = this.#clock.now();
      const waitMs = open.pacer ? this.#start.waitMs(format, nowMs) : 0;
      if (waitMs > 0) {
        await this.#changedWithin(waitMs);
        continue;
      }
      this.#skipLate();
      if (!this.#opened) {
        this.#opened = true;
        this.#listener.opened(open.sink.label);
      }
      const bytes = wholeSampleFrames(format, this.#buffer.bytes);
      if (bytes === 0 && this.#complete) return;
      await this.#step(format, bytes, open);
    }
  }

  #changedWithin(ms: number): Promise<void> {
    return this.#changed.notifiedWithin(ms, this.#clock);
  }

  #skipLate(): void {
    const { lateBytes } = this.#start;
    if (lateBytes === 0) return;
    const { length } = this.#buffer.shift(lateBytes);
    if (length === 0) return;
    this.#start.skipped(length);
    this.#positionBytes += length;
    this.#listener.used(length);
  }

  /** Writes what is due of the bytes in the buffer, or waits until some is. */
  async #step(
    format: PcmFormat,
    bytes: number,
    { sink, pacer, writtenBytes }: OpenOutput,
  ): Promise<void> {
    const nowMs = this.#clock.now();
    const hasRoom = this.room > 0;
    const buffered = { bytes, hasRoom, isComplete: this.#complete };
    if (bytes === 0 || this.#flow.isShort(format, buffered)) {
      return await this.#waitForPcm(pacer, nowMs);
    }
    const step = bytesPerSecond(format) * STEP_SECONDS;
    const enough = Math.min(bytes, Math.max(step, sampleFrameBytes(format)));
    const slip = this.#slipBytes({ sink, pacer, writtenBytes }, nowMs);
    const due = pacer ? pacer.due(nowMs) + slip : UNPACED_BYTES;
    if (pacer && due < enough) {
      return await this.#changedWithin(
        Math.max(1, pacer.msUntilDue(enough - slip, nowMs)),
      );
    }
    const taken = this.#buffer.shift(
      Math.min(bytes, wholeSampleFrames(format, due)),
    );
    this.#runFromBytes ??= this.#positionBytes;
    this.#positionBytes += taken.length;
    this.writtenBytes += taken.length;
    this.#listener.used(taken.length);
    const pcm = pacer && this.#follower
      ? this.#follower.follow(taken, bytes + pacer.unheard(nowMs) - slip, nowMs)
      : taken;
    pacer?.wrote(pcm.length, nowMs);
    this.#skipSurplus(format);
    if (this.#flow.wrote()) this.#listener.gapOver();
    await this.#output.write(sink, pcm, this.#gain);
    // The level of a paced player is read until the next write.
    if (!pacer) this.#buffer.release();
  }

  /**
   * By how much more of a live song its player has heard than its pace says: its
   * clock is its own, and it may have stalled, which would add up over hours.
   */
  #slipBytes({ sink, pacer, writtenBytes }: OpenOutput, nowMs: number): number {
    const heard = this.#follower && sink.heard?.();
    if (!pacer || !heard) return 0;
    const heardBytes = Math.floor(heard.frames) * sampleFrameBytes(sink.format);
    return pacer.unheard(nowMs) - (writtenBytes - heardBytes);
  }

  /** Waits for PCM; if the player runs dry meanwhile, that is a gap. */
  async #waitForPcm(pacer: Pacer | null, nowMs: number): Promise<void> {
    if (!pacer || !this.#flow.isFlowing) return this.#changed.notified();
    if (!pacer.isDry(nowMs)) {
      const ms = pacer.unheard(nowMs) / pacer.bytesPerMs;
      return await this.#changedWithin(Math.ceil(ms));
    }
    this.#flow.ranDry();
    this.#follower?.ranDry();
    this.#listener.gap();
  }
}
