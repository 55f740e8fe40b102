/**
 * Plays PCM without an AudioWorklet: each piece becomes a buffer that is scheduled
 * to begin at the exact sample where the previous one ends.
 *
 * @module
 */

import type { DeviceMix } from "../../lib/audio/device_mix.ts";
import { type PcmFormat, sampleFrameBytes } from "../../lib/audio/format.ts";
import type { AudioSink, HeardAt } from "../../lib/ports/client.ts";
import { LEAD_SECONDS } from "./lead.ts";
import { OutputTime } from "./output_time.ts";

/** How far ahead the first piece is scheduled, and one after an underrun. */
const AHEAD_SECONDS = 0.1;
/**
 * Least time between scheduling a piece and its start. With less, it could start
 * late and overlap the next one.
 */
const LATEST_SECONDS = 0.02;

export class ScheduledSink implements AudioSink {
  readonly format: PcmFormat;
  readonly label = "this browser";
  readonly realTime = true;
  readonly leadSeconds = LEAD_SECONDS;
  readonly grade = "exact";
  readonly failed: Promise<never>;
  readonly #context: AudioContext;
  readonly #gain: GainNode;
  readonly #mix: DeviceMix;
  readonly #playing = new Set<AudioBufferSourceNode>();
  /** The sample frame of the context at which the next piece begins. */
  #nextFrame = 0;
  /** Sample frames that were scheduled or dropped, in all. */
  #passed = 0;
  readonly #time: OutputTime;
  /** The last few sample frames, which are scheduled with the next piece. */
  #rest: Uint8Array = new Uint8Array(0);
  #whenQuiet: () => void = () => {};

  /** @param context Its sample rate is the format's. */
  constructor(context: AudioContext, format: PcmFormat, mix: DeviceMix) {
    this.#context = context;
    this.#time = new OutputTime(context);
    this.#mix = mix;
    this.#gain = new GainNode(context);
    this.#gain.connect(context.destination);
    this.format = format;
    this.failed = new Promise(() => {});
  }

  write(pcm: Uint8Array): Promise<void> {
    const bytes = new Uint8Array(this.#rest.length + pcm.length);
    bytes.set(this.#rest);
    bytes.set(pcm, this.#rest.length);
    this.#rest = bytes.subarray(this.#schedule(bytes, true));
    return Promise.resolve();
  }

  heard(): HeardAt | null {
    if (this.#nextFrame === 0) return null;
    return this.#time.heard(this.#nextFrame - this.#passed);
  }

  drop(): void {
    for (const source of this.#playing) source.stop();
    this.#nextFrame = 0;
    this.#passed += this.#rest.length / sampleFrameBytes(this.format);
    this.#rest = new Uint8Array(0);
  }

  setGain(gain: number): void {
    this.#gain.gain.value = gain;
  }

  async end(): Promise<void> {
    this.#schedule(this.#rest, false);
    if (this.#playing.size > 0) {
      await new Promise<void>((resolve) => this.#whenQuiet = resolve);
    }
    this.#gain.disconnect();
  }

  abort(): Promise<void> {
    this.drop();
    this.#gain.disconnect();
    return Promise.resolve();
  }

  /**
   * Schedules PCM right after the previous piece.
   *
   * @returns The number of bytes: all, or, if more follow, those up to a frame
   * with an exact time.
   */
  #schedule(pcm: Uint8Array, moreComes: boolean): number {
    const { rate } = this.format;
    const frameBytes = sampleFrameBytes(this.format);
    while (true) {
      if (this.#isTooLate()) this.#nextFrame = this.#soon();
      let frames = pcm.length / frameBytes;
      while (
        moreComes && frames > 0 && !isExact(this.#nextFrame + frames, rate)
      ) {
        frames--;
      }
      if (frames === 0) return 0;
      const source = this.#source(pcm.subarray(0, frames * frameBytes));
      source.start(this.#nextFrame / rate);
      // The page may have been delayed meanwhile; nothing has sounded yet.
      if (this.#isTooLate()) continue;
      source.connect(this.#gain);
      this.#playing.add(source);
      this.#nextFrame += frames;
      this.#passed += frames;
      return frames * frameBytes;
    }
  }

  #isTooLate(): boolean {
    const { currentTime } = this.#context;
    return this.#nextFrame < (currentTime + LATEST_SECONDS) * this.format.rate;
  }

  /** A sample frame slightly ahead that has an exact time. */
  #soon(): number {
    const { rate } = this.format;
    let frame = Math.ceil((this.#context.currentTime + AHEAD_SECONDS) * rate);
    while (!isExact(frame, rate)) frame++;
    return frame;
  }

  #source(pcm: Uint8Array): AudioBufferSourceNode {
    const planes = this.#mix.planes(pcm);
    const { rate } = this.format;
    const { length } = planes[0];
    const buffer = this.#context.createBuffer(planes.length, length, rate);
    planes.forEach((plane, channel) => buffer.copyToChannel(plane, channel));
    const source = new AudioBufferSourceNode(this.#context, { buffer });
    source.onended = () => {
      source.disconnect();
      this.#playing.delete(source);
      if (this.#playing.size === 0) this.#whenQuiet();
    };
    return source;
  }
}

/**
 * Whether a sample frame has an exact time. Browsers multiply the time by the rate,
 * and interpolate between samples if the product is rounded. That happens for one
 * frame in seven, and never for many in a row.
 */
function isExact(frame: number, rate: number): boolean {
  return frame / rate * rate === frame;
}
