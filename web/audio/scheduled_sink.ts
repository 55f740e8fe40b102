/**
 * Plays PCM where there is no AudioWorklet: each piece becomes a buffer that
 * is scheduled to begin at the very sample where the one before it ends.
 *
 * @module
 */

import { type PcmFormat, sampleFrameBytes } from "../../lib/audio/format.ts";
import { toFloats } from "../../lib/audio/pcm.ts";
import type { AudioSink } from "../../lib/ports.ts";
import { LEAD_SECONDS } from "./lead.ts";

/** How far ahead the first piece is scheduled, so that it is not cut. */
const AHEAD_SECONDS = 0.02;

/** A row of scheduled buffers. */
export class ScheduledSink implements AudioSink {
  readonly format: PcmFormat;
  readonly label = "this browser";
  readonly realTime = true;
  readonly leadSeconds = LEAD_SECONDS;
  readonly failed: Promise<never>;
  readonly #context: AudioContext;
  readonly #gain: GainNode;
  readonly #playing = new Set<AudioBufferSourceNode>();
  /** The sample frame of the context at which the next piece begins. */
  #nextFrame = 0;
  /** The last few sample frames, which are played with the next piece. */
  #rest: Uint8Array = new Uint8Array(0);
  #whenQuiet: () => void = () => {};

  /** @param context Of the format's rate. */
  constructor(context: AudioContext, format: PcmFormat) {
    this.#context = context;
    this.#gain = new GainNode(context);
    this.#gain.connect(context.destination);
    this.format = format;
    this.failed = new Promise(() => {});
  }

  write(pcm: Uint8Array): Promise<void> {
    const { rate } = this.format;
    const { currentTime } = this.#context;
    if (this.#nextFrame < currentTime * rate) {
      this.#nextFrame = Math.ceil((currentTime + AHEAD_SECONDS) * rate);
      while (!isExact(this.#nextFrame, rate)) this.#nextFrame++;
    }
    const bytes = new Uint8Array(this.#rest.length + pcm.length);
    bytes.set(this.#rest);
    bytes.set(pcm, this.#rest.length);
    const frameBytes = sampleFrameBytes(this.format);
    let frames = bytes.length / frameBytes;
    while (frames > 0 && !isExact(this.#nextFrame + frames, rate)) frames--;
    this.#rest = bytes.subarray(frames * frameBytes);
    this.#schedule(bytes.subarray(0, frames * frameBytes));
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
    this.#schedule(this.#rest);
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

  #schedule(pcm: Uint8Array): void {
    const planes = toFloats(this.format, pcm);
    const { channels, rate } = this.format;
    const frames = planes[0].length;
    if (frames === 0) return;
    const buffer = this.#context.createBuffer(channels, frames, rate);
    planes.forEach((plane, channel) => buffer.copyToChannel(plane, channel));
    const source = new AudioBufferSourceNode(this.#context, { buffer });
    source.connect(this.#gain);
    source.start(this.#nextFrame / rate);
    this.#nextFrame += frames;
    this.#playing.add(source);
    source.onended = () => {
      source.disconnect();
      this.#playing.delete(source);
      if (this.#playing.size === 0) this.#whenQuiet();
    };
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
