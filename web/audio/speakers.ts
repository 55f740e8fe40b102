/**
 * This browser's speakers: a context of the song's own rate, so that samples
 * stay as they are up to the device, a way to play on it, and its clock.
 *
 * @module
 */

import { deviceMix } from "../../lib/audio/device_mix.ts";
import type { PcmFormat } from "../../lib/audio/format.ts";
import { OndacastError } from "../../lib/errors.ts";
import type { AudioSink } from "../../lib/ports/client.ts";
import type { Clock } from "../../lib/ports/common.ts";
import { ScheduledSink } from "./scheduled_sink.ts";
import { hasWorklet, WorkletSink } from "./worklet_sink.ts";

/** Opens sinks, and lends them the time of the device. */
export class Speakers implements Clock {
  readonly #timers: Clock;
  #context: AudioContext | null = null;
  /** Time that the contexts before this one have played, in milliseconds. */
  #beforeMs = 0;
  /** Whether it is to stand still. */
  #held = false;
  /** Called when the browser begins or ends to keep the page silent. */
  onSilenced: (silenced: boolean) => void = () => {};

  /** @param timers What is slept by. */
  constructor(timers: Clock) {
    this.#timers = timers;
  }

  /** What the device has played, so that it stands still where that does. */
  now(): number {
    return this.#beforeMs + (this.#context?.currentTime ?? 0) * 1000;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#timers.sleep(ms, signal);
  }

  /** Lets sound out; to be called when a person does something on the page. */
  allow(): void {
    if (!this.#held) this.#context?.resume().catch(() => {});
  }

  /** Lets the device stand still at once, with its time, or go on. */
  hold(on: boolean): void {
    if (on === this.#held) return;
    this.#held = on;
    const done = on ? this.#context?.suspend() : this.#context?.resume();
    done?.catch(() => {}); // It was closed meanwhile.
  }

  /** A sink for PCM. @throws {OndacastError} `unsupported`, by this browser. */
  readonly open = (format: PcmFormat): Promise<AudioSink> => {
    const context = this.#contextOf(format.rate);
    const { destination } = context;
    const mix = deviceMix(format, destination.maxChannelCount);
    // It has two at first; more are never taken back, as silence is no harm.
    if (mix.channels > destination.channelCount) {
      destination.channelCount = mix.channels;
    }
    return hasWorklet(context)
      ? WorkletSink.open(context, format, mix)
      : Promise.resolve(new ScheduledSink(context, format, mix));
  };

  #contextOf(rate: number): AudioContext {
    if (this.#context?.sampleRate === rate) return this.#context;
    let context: AudioContext;
    try {
      context = new AudioContext({ sampleRate: rate });
    } catch (cause) {
      throw new OndacastError(
        "unsupported",
        `Cannot play ${rate} sample frames a second: this browser does not`,
        { cause },
      );
    }
    this.#beforeMs = this.now();
    this.#context?.close().catch(() => {});
    this.#context = context;
    const tell = () => {
      if (this.#context === context) {
        this.onSilenced(context.state === "suspended" && !this.#held);
      }
    };
    context.onstatechange = tell;
    // Not told at once: a context begins suspended, if only for a moment.
    context.resume().catch(() => {});
    this.#timers.sleep(300).then(tell);
    return context;
  }
}
