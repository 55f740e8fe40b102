/**
 * Plays PCM through an AudioWorklet: samples are passed to the audio thread, so
 * that a busy page cannot delay them.
 *
 * @module
 */

import type { DeviceMix } from "../../lib/audio/device_mix.ts";
import type { PcmFormat } from "../../lib/audio/format.ts";
import type { AudioSink, HeardAt } from "../../lib/ports/client.ts";
import { LEAD_SECONDS } from "./lead.ts";
import { OutputTime } from "./output_time.ts";
import type { PcmWorkletMessage, PcmWorkletNews } from "./pcm_worklet.ts";

/** Whether a context has AudioWorklets, which only secure pages do. */
export function hasWorklet(context: AudioContext): boolean {
  return context.audioWorklet !== undefined;
}

export class WorkletSink implements AudioSink {
  readonly format: PcmFormat;
  readonly label = "this browser";
  readonly realTime = true;
  readonly leadSeconds = LEAD_SECONDS;
  readonly grade = "exact";
  readonly failed: Promise<never>;
  readonly #node: AudioWorkletNode;
  readonly #gain: GainNode;
  readonly #mix: DeviceMix;
  readonly #time: OutputTime;
  /** See {@linkcode PcmWorkletNews}; null: nothing was played yet. */
  #aheadFrames: number | null = null;
  readonly #ended = Promise.withResolvers<void>();

  private constructor(
    context: AudioContext,
    format: PcmFormat,
    mix: DeviceMix,
  ) {
    this.format = format;
    this.#mix = mix;
    this.failed = new Promise(() => {});
    this.#node = new AudioWorkletNode(context, "pcm", {
      numberOfInputs: 0,
      outputChannelCount: [mix.channels],
    });
    this.#node.port.onmessage = ({ data }: MessageEvent<PcmWorkletNews>) => {
      if (data === "ended") this.#ended.resolve();
      else this.#aheadFrames = data.aheadFrames;
    };
    this.#time = new OutputTime(context);
    this.#gain = new GainNode(context);
    this.#node.connect(this.#gain).connect(context.destination);
  }

  /** @param context Its sample rate is the format's. */
  static async open(
    context: AudioContext,
    format: PcmFormat,
    mix: DeviceMix,
  ): Promise<WorkletSink> {
    await context.audioWorklet.addModule("/pcm_worklet.js");
    return new WorkletSink(context, format, mix);
  }

  heard(): HeardAt | null {
    if (this.#aheadFrames === null) return null;
    return this.#time.heard(this.#aheadFrames);
  }

  write(pcm: Uint8Array): Promise<void> {
    const planes = this.#mix.planes(pcm);
    this.#post(planes, planes.map(({ buffer }) => buffer));
    return Promise.resolve();
  }

  drop(): void {
    this.#post("drop");
  }

  setGain(gain: number): void {
    this.#gain.gain.value = gain;
  }

  async end(): Promise<void> {
    this.#post("end");
    await this.#ended.promise;
    this.#gain.disconnect();
  }

  abort(): Promise<void> {
    this.#gain.disconnect();
    this.#post("end");
    this.#ended.resolve();
    return Promise.resolve();
  }

  #post(message: PcmWorkletMessage, transfer: Transferable[] = []): void {
    this.#node.port.postMessage(message, transfer);
  }
}
