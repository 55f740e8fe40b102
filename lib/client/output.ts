/**
 * The client's output: a sink and its pace, kept from song to song as long
 * as their PCM has the same layout, so that one follows the other without a
 * gap. It is "PCM → player" on the walk of one byte.
 *
 * @module
 */

import {
  bytesPerSecond,
  type PcmFormat,
  sameLayout,
  sampleFrameBytes,
} from "../audio/format.ts";
import { OndacastError } from "../errors.ts";
import type { AudioSink, OpenSink } from "../ports/client.ts";
import type { Clock } from "../ports/common.ts";
import { Pacer } from "./pacer.ts";

/** A sink that is open, and its pace; none where it is not heard. */
export interface OpenOutput {
  readonly sink: AudioSink;
  readonly pacer: Pacer | null;
}

/** Where a client's songs are played. */
export class Output {
  readonly #openSink: OpenSink;
  #open: OpenOutput | null = null;
  /** Counts what was aborted, so that a sink that opens meanwhile is not kept. */
  #aborts = 0;
  #failure: unknown = null;
  #opening: Promise<unknown> = Promise.resolve();
  /** Whether the sink is not to be written to any more. */
  #isCut = false;
  /** Called back when the player fails, whoever is writing. */
  onFailure: () => void = () => {};

  /** What its time goes by, where that is not the clock of everything else. */
  readonly clock: Clock | null;

  /** @param clock That of the device, if it can be asked: it may stand still. */
  constructor(openSink: OpenSink, clock: Clock | null = null) {
    this.#openSink = openSink;
    this.clock = clock;
  }

  /**
   * The sink for PCM of a layout: the one before, or else a new one after it
   * has ended. Whoever asks meanwhile waits, so that there is one at a time.
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
    await this.end();
    const aborts = this.#aborts;
    const sink = await this.#openSink(format);
    if (this.#aborts !== aborts) {
      await sink.abort();
      throw new OndacastError("interrupted", "Interrupted");
    }
    sink.failed.catch((failure) => {
      if (this.#open?.sink !== sink) return;
      this.#failure = failure;
      this.onFailure();
    });
    const pacer = sink.realTime
      ? new Pacer(
        bytesPerSecond(format),
        sampleFrameBytes(format),
        sink.leadSeconds,
      )
      : null;
    this.#isCut = false;
    return this.#open = { sink, pacer };
  }

  /** @throws {OndacastError} `player-failed`, if the player has. */
  throwIfFailed(): void {
    if (this.#failure !== null) throw this.#failure;
  }

  /** Bytes that were written and not heard yet. */
  unheardBytes(clock: Clock): number {
    return this.#open?.pacer?.unheard(clock.now()) ?? 0;
  }

  /** Forgets what was written and not heard yet, where the player can. */
  drop(clock: Clock): void {
    if (!this.#open?.sink.drop) return;
    this.#open.sink.drop();
    this.#open.pacer?.dropped(clock.now());
  }

  /** Ends what was written, as something else takes its place. */
  cut(): void {
    if (!this.#open?.sink.cut) return;
    this.#open.sink.cut();
    this.#isCut = true;
  }

  /** Has what is heard made quieter at once, where the player can. */
  setGain(gain: number): void {
    this.#open?.sink.setGain?.(gain);
  }

  /** Resolves when all has been heard. */
  async end(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    await open?.sink.end();
  }

  /** Ends at once, with what was not heard yet. The next player begins anew. */
  async abort(): Promise<void> {
    this.#aborts++;
    this.#failure = null;
    const open = this.#open;
    this.#open = null;
    await open?.sink.abort();
  }
}
