/**
 * Plays PCM where there is no AudioWorklet: each piece becomes a buffer that
 * is scheduled to begin at the very sample where the one before it ends.
 *
 * @module
 */

import type { DeviceMix } from "../../lib/audio/device_mix.ts";
import { type PcmFormat, sampleFrameBytes } from "../../lib/audio/format.ts";
import type { AudioSink } from "../../lib/ports/client.ts";
import { LEAD_SECONDS } from "./lead.ts";

/** How far ahead the first piece is scheduled, and one that comes too late. */
const AHEAD_SECONDS = 0.1;
/**
 * A piece that is scheduled later than this before its time comes too late: it
 * would begin when it can, and sound together with the one after it.
 */
const LATEST_SECONDS = 0.02;

/** A row of scheduled buffers. */
export class ScheduledSink implements AudioSink {
  readonly format: PcmFormat;
  readonly label = "this browser";
  readonly realTime = true;
  readonly leadSeconds = LEAD_SECONDS;
  readonly failed: Promise<never>;
  readonly #context: AudioContext;
  readonly #gain: GainNode;
  readonly #mix: DeviceMix;
  readonly #playing = new Set<AudioBufferSourceNode>();
  /** The sample frame of the context at which the next piece begins. */
  #nextFrame = 0;
  /** The last few sample frames, which are played with the next piece. */
  #rest: Uint8Array = new Uint8Array(0);
  #whenQuiet: () => void = () => {};

  /** @param context Of the format's rate. */
  constructor(context: AudioContext, format: PcmFormat, mix: DeviceMix) {
    this.#context = context;
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

  drop(): void {
    for (const source of this.#playing) source.stop();
    this.#nextFrame = 0;
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
   * Has PCM played where that before it ends.
   *
   * @returns How many bytes: all, or, if there is more to come, as many as end
   * where a time can name it.
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
      // The page may have been held up meanwhile; nobody heard it yet.
      if (this.#isTooLate()) continue;
      source.connect(this.#gain);
      this.#playing.add(source);
      this.#nextFrame += frames;
      return frames * frameBytes;
    }
  }

  #isTooLate(): boolean {
    const { currentTime } = this.#context;
    return this.#nextFrame < (currentTime + LATEST_SECONDS) * this.format.rate;
  }

  /** A sample frame a little ahead that a time can name. */
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
 * Whether a sample frame can be named by a time: browsers multiply the two
 * again, and where a bit is lost they interpolate between samples. One in
 * seven cannot, and never many in a row.
 */
function isExact(frame: number, rate: number): boolean {
  return frame / rate * rate === frame;
}
