/**
 * The client's output: a sink and its pace, kept from song to song while their
 * PCM has the same layout, so that one follows the other without a gap. It is
 * "PCM → player" on the walk of one byte.
 *
 * @module
 */

import {
  bytesPerSecond,
  type PcmFormat,
  sameLayout,
  sampleFrameBytes,
} from "../audio/format.ts";
import type { OpenResampler } from "../audio/resampler.ts";
import { applyGain, peakLevel } from "../audio/pcm.ts";
import { OndacastError } from "../errors.ts";
import type { AudioSink, OpenSink } from "../ports/client.ts";
import type { Clock } from "../ports/common.ts";
import { Listeners } from "./listeners.ts";
import { Pacer } from "./pacer.ts";

/** An open sink, and its pace; null: it accepts PCM as fast as it comes. */
export interface OpenOutput {
  readonly sink: AudioSink;
  readonly pacer: Pacer | null;
  /** Bytes that were written since it was opened. */
  writtenBytes: number;
}

/** Notified of the sink. */
export interface OutputListener {
  /** The player has failed, whether or not anything is being written. */
  failed(): void;
}

/** The output of one client. */
export class Output {
  readonly #openSink: OpenSink;
  #open: OpenOutput | null = null;
  /** Accepts no more PCM, but is still heard until `done`. */
  #ending: { open: OpenOutput; done: Promise<void> } | null = null;
  readonly #listeners = new Listeners<OutputListener>();
  /** Rises at each abort, so that a sink that opens meanwhile is not kept. */
  #generation = 0;
  #failure: unknown = null;
  #opening: Promise<unknown> = Promise.resolve();
  #lastWritten: Uint8Array = new Uint8Array(0);
  /** Whether the next song needs another sink. */
  #isCut = false;

  /** The clock of the device, which may stand still; null: it cannot be read. */
  readonly clock: Clock | null;

  /** Makes live songs keep their senders' pace; null: they are played as they come. */
  readonly openResampler: OpenResampler | null;

  /** @param clock That of the device, if it can be read. */
  constructor(
    openSink: OpenSink,
    clock: Clock | null = null,
    openResampler: OpenResampler | null = null,
  ) {
    this.#openSink = openSink;
    this.clock = clock;
    this.openResampler = openResampler;
  }

  /** Adds a listener until the signal is aborted. */
  listen(listener: OutputListener, until?: AbortSignal): void {
    this.#listeners.add(listener, until);
  }

  /**
   * The sink for PCM of a layout: the present one, or a new one after it has
   * ended. Calls wait for each other, so that there is one sink at a time.
   */
  for(format: PcmFormat): Promise<OpenOutput> {
    const open = this.#opening.then(() => this.#for(format));
    this.#opening = open.catch(() => {});
    return open;
  }

  async #for(format: PcmFormat): Promise<OpenOutput> {
    if (
      this.#open && !this.#isCut && sameLayout(this.#open.sink.format, format)
    ) {
      return this.#open;
    }
    const generation = this.#generation;
    const free = this.#freed();
    free.catch(() => {}); // It is awaited below.
    let sink: AudioSink;
    try {
      sink = await this.#openSink(format, free);
    } finally {
      await free; // What was written before is heard, even if this fails.
    }
    if (this.#generation !== generation) {
      await sink.abort();
      throw new OndacastError("interrupted", "Interrupted");
    }
    sink.failed.catch((failure) => {
      if (this.#open?.sink !== sink) return;
      this.#failure = failure;
      this.#listeners.notify((listener) => listener.failed());
    });
    const pacer = sink.realTime
      ? new Pacer(
        bytesPerSecond(format),
        sampleFrameBytes(format),
        sink.leadSeconds,
      )
      : null;
    this.#isCut = false;
    return this.#open = { sink, pacer, writtenBytes: 0 };
  }

  async #freed(): Promise<void> {
    await this.end();
    await this.#ending?.done.catch(() => {}); // The caller of end() gets it.
  }

  /** The present sink, which the next song may continue in; null: none is open. */
  get present(): OpenOutput | null {
    return this.#isCut ? null : this.#open;
  }

  /** @throws {OndacastError} `player-failed`, if the player has failed. */
  throwIfFailed(): void {
    if (this.#failure !== null) throw this.#failure;
  }

  /** Writes PCM at a volume of 0 to 1; it may be changed in place. */
  write(sink: AudioSink, pcm: Uint8Array, gain: number): Promise<void> {
    if (sink.setGain) sink.setGain(gain);
    else applyGain(sink.format, pcm, gain);
    this.#lastWritten = pcm;
    if (this.#open?.sink === sink) this.#open.writtenBytes += pcm.length;
    return sink.write(pcm);
  }

  /** The peak of the latest write, 0 to 1. */
  get level(): number {
    const { sink } = this.#open ?? {};
    return sink ? peakLevel(sink.format, this.#lastWritten) : 0;
  }

  /** Bytes that were written but not heard yet. */
  unheardBytes(clock: Clock): number {
    const { pacer } = this.#open ?? this.#ending?.open ?? {};
    return pacer?.unheard(clock.now()) ?? 0;
  }

  /** How long what was written but not heard yet lasts, in milliseconds. */
  unheardMs(clock: Clock): number {
    const { pacer } = this.#open ?? this.#ending?.open ?? {};
    return pacer ? pacer.unheard(clock.now()) / pacer.bytesPerMs : 0;
  }

  /** Discards what was written but not heard yet, if the player can. */
  drop(clock: Clock): void {
    if (!this.#open?.sink.drop) return;
    this.#open.sink.drop();
    this.#open.pacer?.dropped(clock.now());
  }

  /** Ends what was written, because another song replaces it. */
  cut(): void {
    if (!this.#open?.sink.cut) return;
    this.#open.sink.cut();
    this.#isCut = true;
  }

  /** Sets the volume of what is heard already, if the player can. */
  setGain(gain: number): void {
    this.#open?.sink.setGain?.(gain);
  }

  /** Resolves when all has been heard. */
  async end(): Promise<void> {
    const open = this.#open;
    if (open === null) return;
    this.#open = null;
    const ending = this.#ending = { open, done: open.sink.end() };
    try {
      await ending.done;
    } finally {
      if (this.#ending === ending) this.#ending = null;
    }
  }

  /** Ends at once, discarding what was not heard yet. */
  async abort(): Promise<void> {
    this.#generation++;
    this.#failure = null;
    const open = this.#open;
    this.#open = null;
    await open?.sink.abort();
  }
}
