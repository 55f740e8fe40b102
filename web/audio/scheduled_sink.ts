/**
 * Plays PCM where there is no AudioWorklet: each piece becomes a buffer that
 * is scheduled to begin at the very sample where the one before it ends.
 *
 * @module
 */

import { type PcmFormat, sampleFrameBytes } from "../../lib/audio/format.ts";
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
  /** The last few sample frames, which are played with the next piece. */
  #rest: Uint8Array = new Uint8Array(0);
  #whenQuiet: () => void = () => {};

  /** @param context Of the format's rate. */
  constructor(context: AudioContext, format: PcmFormat) {
    this.#context = context;
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

  end(): Promise<void> {
    this.#schedule(this.#rest);
    if (this.#playing.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenQuiet = resolve);
  }

  abort(): Promise<void> {
    for (const source of this.#playing) source.stop();
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
    source.connect(this.#context.destination);
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
