/**
 * Plays PCM where there is no AudioWorklet: each piece becomes a buffer that
 * is scheduled to begin at the very sample where the one before it ends.
 *
 * @module
 */

import type { PcmFormat } from "../../lib/audio/format.ts";
import { toFloats } from "../../lib/audio/pcm.ts";
import type { AudioSink } from "../../lib/ports.ts";

/** How far ahead the first piece is scheduled, so that it is not cut. */
const AHEAD_SECONDS = 0.02;

/** A row of scheduled buffers. */
export class ScheduledSink implements AudioSink {
  readonly format: PcmFormat;
  readonly label = "this browser";
  readonly realTime = true;
  readonly failed: Promise<never>;
  readonly #context: AudioContext;
  readonly #playing = new Set<AudioBufferSourceNode>();
  /** The sample frame of the context at which the next piece begins. */
  #nextFrame = 0;
  #whenQuiet: () => void = () => {};

  /** @param context Of the format's rate. */
  constructor(context: AudioContext, format: PcmFormat) {
    this.#context = context;
    this.format = format;
    this.failed = new Promise(() => {});
  }

  write(pcm: Uint8Array): Promise<void> {
    const planes = toFloats(this.format, pcm);
    const { channels, rate } = this.format;
    const frames = planes[0].length;
    if (frames === 0) return Promise.resolve();
    const buffer = this.#context.createBuffer(channels, frames, rate);
    planes.forEach((plane, channel) => buffer.copyToChannel(plane, channel));
    const source = new AudioBufferSourceNode(this.#context, { buffer });
    source.connect(this.#context.destination);
    const { currentTime } = this.#context;
    if (this.#nextFrame < currentTime * rate) {
      this.#nextFrame = Math.ceil((currentTime + AHEAD_SECONDS) * rate);
    }
    source.start(this.#nextFrame / rate);
    this.#nextFrame += frames;
    this.#playing.add(source);
    source.onended = () => {
      source.disconnect();
      this.#playing.delete(source);
      if (this.#playing.size === 0) this.#whenQuiet();
    };
    return Promise.resolve();
  }

  end(): Promise<void> {
    if (this.#playing.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenQuiet = resolve);
  }

  abort(): Promise<void> {
    for (const source of this.#playing) source.stop();
    return Promise.resolve();
  }
}
