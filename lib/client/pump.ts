/**
 * The pump: takes PCM out of the buffer and gives it to the output, no
 * faster than it is heard. Where the PCM comes from is none of its business;
 * sessions and plain streams fill the same buffer.
 *
 * @module
 */

import { applyGain, peakLevel } from "../audio/pcm.ts";
import {
  bytesPerSecond,
  type PcmFormat,
  sampleFrameBytes,
  secondsToBytes,
  wholeSampleFrames,
} from "../audio/format.ts";
import type { Clock } from "../ports/common.ts";
import { Notify } from "./notify.ts";
import type { OpenOutput, Output } from "./output.ts";
import type { Pacer } from "./pacer.ts";
import { PcmBuffer } from "./pcm_buffer.ts";

/** How often a player that is heard is written to, in seconds of audio. */
const STEP_SECONDS = 0.1;
/** What is written at once to a sink that takes all it gets. */
const UNPACED_BYTES = 256 * 1024;
/**
 * What is gathered before a song begins, so that a slow network has a start,
 * and before it goes on after a gap. A fast one brings it at once.
 */
const GATHER_SECONDS = { begin: 0.25, gap: 0.5 };

/** Timers take no more than 2^31 ms, and begin at once where they are to take more. */
const LONGEST_WAIT_MS = 60_000;
/** What is late by no more than a timer can be is heard from its start. */
const ON_TIME_MS = 50;

/** Who is told what the pump does. */
export interface PumpListener {
  /** PCM was taken out of the buffer, so that more can come. */
  used(bytes: number): void;
  /** The player has run dry. */
  gap(): void;
  /** It has PCM again. */
  gapOver(): void;
  /** The player is there and the first PCM goes to it. */
  opened(player: string): void;
}

/** When the first PCM of a song is due, on the pump's clock; null: not known yet. */
interface Appointment {
  dueMs: number | null;
}

/** Moves one song's PCM from its buffer to the output. */
export class Pump {
  readonly #output: Output;
  readonly #clock: Clock;
  readonly #listener: PumpListener;
  readonly #changed = new Notify();
  readonly #buffer: PcmBuffer;
  #format: PcmFormat | null = null;
  #paused = false;
  #complete = false;
  /** Whether PCM goes to the player without a gap so far. */
  #flowing = false;
  /** Whether the player has run dry and has had nothing since. */
  #isInGap = false;
  /** PCM that is gathered before any is given to the player, in seconds. */
  #gatherSeconds = 0;
  #over = false;
  #opened = false;
  /** What the song waits for before it sounds; null: nothing. */
  #appointment: Appointment | null = null;
  /** PCM that came too late to be heard, and is passed over. */
  #lateBytes = 0;
  /** PCM bytes of the song that were written or passed over. */
  #positionBytes = 0;
  /** What that was when this run wrote its first, or after the latest seek. */
  #runFromBytes: number | null = null;
  #volume = 100;
  /** Gaps that were heard, as the PCM came too late. */
  underruns = 0;
  /** PCM bytes given to the player. */
  writtenBytes = 0;
  #lastWritten: Uint8Array = new Uint8Array(0);

  constructor(
    options: {
      output: Output;
      clock: Clock;
      /** What the buffer holds before a song begins; it grows with each. */
      capacityBytes?: number;
      listener: PumpListener;
    },
  ) {
    this.#output = options.output;
    this.#clock = options.clock;
    this.#listener = options.listener;
    this.#buffer = new PcmBuffer(options.capacityBytes ?? 0, UNPACED_BYTES);
  }

  /** 0 to 100; at 100 not a bit is changed. */
  get volume(): number {
    return this.#volume;
  }

  set volume(percent: number) {
    this.#volume = percent;
    this.#output.setGain(percent / 100);
  }

  /** PCM bytes in the buffer. */
  get bufferedBytes(): number {
    return this.#buffer.bytes;
  }

  /** PCM bytes that the buffer could take. */
  get room(): number {
    return this.#buffer.room;
  }

  /** The loudest sample of what was written last, 0 to 1; 0 while paused. */
  get level(): number {
    if (this.#format === null || this.#paused) return 0;
    return peakLevel(this.#format, this.#lastWritten);
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Bytes of the song that have been heard, nearly. */
  get heardBytes(): number {
    const unheard = this.#output.unheardBytes(this.#clock);
    return Math.max(0, this.#positionBytes - Math.round(unheard));
  }

  /** Byte of the song with which this run has begun, or what was sought in it. */
  get runFromBytes(): number {
    return this.#runFromBytes ?? this.#positionBytes;
  }

  /** PCM of this format follows, from a place of the song. */
  begin(format: PcmFormat, positionBytes: number, capacityBytes: number): void {
    this.#format = format;
    this.#positionBytes = positionBytes;
    this.#runFromBytes = null;
    this.#buffer.widen(capacityBytes);
    this.#complete = false;
    this.#flowing = false;
    this.#gatherSeconds = GATHER_SECONDS.begin;
    this.#keepNoTime();
    this.#changed.notify();
  }

  /**
   * Holds back what has begun until it is due; what is late is passed over. A
   * player that is not heard gets all of it at once.
   *
   * @param told How long that is from then on, in ms; below 0: it was before;
   * null: whenever.
   */
  startIn(told: Promise<number | null>): void {
    const appointment: Appointment = { dueMs: null };
    this.#appointment = appointment;
    told.then((ms) => {
      if (ms !== null) appointment.dueMs = this.#clock.now() + ms;
      else if (this.#appointment === appointment) this.#keepNoTime();
      this.#changed.notify();
    });
  }

  /** Makes room for more PCM of the same song. */
  widen(capacityBytes: number): void {
    this.#buffer.widen(capacityBytes);
  }

  /** The next PCM of the song; copied. @throws {OndacastError} `bad-frame`. */
  push(pcm: Uint8Array): void {
    this.#buffer.push(pcm);
    this.#changed.notify();
  }

  /** No more PCM follows. */
  complete(): void {
    this.#complete = true;
    this.#changed.notify();
  }

  /** Throws away what is in the buffer. @returns How many bytes. */
  clear(): number {
    this.#complete = this.#flowing = false;
    this.#keepNoTime();
    return this.#buffer.clear();
  }

  /** Has the player forget what was not heard yet, where it can. */
  drop(): void {
    this.#output.drop(this.#clock);
  }

  /** Ends what was written, as another song takes its place. */
  cut(): void {
    this.#output.cut();
  }

  /** Stops giving PCM to the player; what it has is heard to its end. */
  pause(): void {
    this.#paused = true;
    this.#keepNoTime(); // It goes on where it stood.
  }

  resume(): void {
    this.#paused = false;
    this.#flowing = false;
    this.#changed.notify();
  }

  /** Whether it has ended, or is to. */
  get over(): boolean {
    return this.#over;
  }

  /** Ends {@linkcode run} without playing what is left. */
  stop(): void {
    this.#over = true;
    this.#changed.notify();
  }

  /**
   * Plays until the song is complete and written, or stopped. It can be run
   * again when it has failed, and goes on where it was.
   *
   * @throws {OndacastError} `player-failed`, `no-player`, `output-failed`.
   */
  async run(): Promise<void> {
    this.#output.onFailure = () => this.#changed.notify();
    this.#flowing = false;
    this.#runFromBytes = null;
    // A song may be replaced by the next in one packet: no player is for it.
    await Promise.resolve();
    while (!this.#over) {
      this.#output.throwIfFailed();
      const format = this.#format;
      if (format === null || this.#paused) {
        await this.#changed.notified();
        continue;
      }
      const open = await this.#output.for(format);
      if (this.#over || this.#paused || this.#format !== format) continue;
      if (open.pacer && this.#appointment !== null) {
        await this.#keep(this.#appointment, format);
        continue;
      }
      this.#passOverLate();
      if (!this.#opened) {
        this.#opened = true;
        this.#listener.opened(open.sink.label);
      }
      if (this.#isDone(format)) return;
      await this.#step(format, open);
    }
  }

  /** Waits for the time to begin; if it is past, so much is not heard. */
  async #keep(appointment: Appointment, format: PcmFormat): Promise<void> {
    const { dueMs } = appointment;
    if (dueMs === null) return await this.#changed.notified();
    const lateMs = this.#clock.now() - dueMs;
    if (lateMs < 0) {
      const ms = Math.min(Math.ceil(-lateMs), LONGEST_WAIT_MS);
      return await this.#changed.notifiedWithin(ms, this.#clock);
    }
    this.#appointment = null;
    if (lateMs > ON_TIME_MS) {
      this.#lateBytes = secondsToBytes(format, lateMs / 1000);
    }
  }

  #passOverLate(): void {
    if (this.#lateBytes === 0) return;
    const { length } = this.#buffer.take(this.#lateBytes);
    this.#lateBytes -= length;
    this.#positionBytes += length;
    if (length > 0) this.#listener.used(length);
  }

  #keepNoTime(): void {
    this.#appointment = null;
    this.#lateBytes = 0;
  }

  /** Writes what is due, or waits until something is. */
  async #step(format: PcmFormat, { sink, pacer }: OpenOutput): Promise<void> {
    const nowMs = this.#clock.now();
    const have = wholeSampleFrames(format, this.#buffer.bytes);
    if (have === 0 || this.#isGathering(format, have)) {
      return await this.#waitForPcm(pacer, nowMs);
    }
    const step = bytesPerSecond(format) * STEP_SECONDS;
    const enough = Math.min(have, Math.max(step, sampleFrameBytes(format)));
    const due = pacer?.due(nowMs) ?? UNPACED_BYTES;
    if (pacer && due < enough) {
      const ms = pacer.msUntilDue(enough, nowMs);
      return await this.#changed.notifiedWithin(ms, this.#clock);
    }
    const pcm = this.#buffer.take(
      Math.min(have, wholeSampleFrames(format, due)),
    );
    pacer?.wrote(pcm.length, nowMs);
    this.#flowing = true;
    this.#runFromBytes ??= this.#positionBytes;
    this.#positionBytes += pcm.length;
    this.writtenBytes += pcm.length;
    if (sink.setGain) sink.setGain(this.#volume / 100);
    else applyGain(format, pcm, this.#volume / 100);
    this.#lastWritten = pcm;
    this.#listener.used(pcm.length);
    if (this.#isInGap) this.#listener.gapOver();
    this.#isInGap = false;
    await sink.write(pcm);
    // Where it is heard, its level is asked for until the next is written.
    if (!pacer) this.#buffer.release();
  }

  /** Waits for PCM; if the player runs dry meanwhile, that was a gap. */
  async #waitForPcm(pacer: Pacer | null, nowMs: number): Promise<void> {
    if (!pacer || !this.#flowing) return await this.#changed.notified();
    if (!pacer.isDry(nowMs)) {
      const ms = pacer.unheard(nowMs) / pacer.bytesPerMs;
      return await this.#changed.notifiedWithin(Math.ceil(ms), this.#clock);
    }
    this.underruns++;
    this.#isInGap = true;
    this.#listener.gap();
    this.#flowing = false;
    this.#gatherSeconds = GATHER_SECONDS.gap;
  }

  #isGathering(format: PcmFormat, have: number): boolean {
    const enough = bytesPerSecond(format) * this.#gatherSeconds;
    if (this.#complete || have >= enough || this.#buffer.room === 0) {
      this.#gatherSeconds = 0;
    }
    return this.#gatherSeconds > 0;
  }

  #isDone(format: PcmFormat): boolean {
    return this.#complete &&
      wholeSampleFrames(format, this.#buffer.bytes) === 0;
  }
}
