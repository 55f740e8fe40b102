/**
 * This browser's speakers: an audio context with the song's own rate, so that
 * samples reach the device unchanged, a sink on it, and its clock.
 *
 * @module
 */

import { deviceMix } from "../../lib/audio/device_mix.ts";
import { OndacastError } from "../../lib/errors.ts";
import type { OpenSink } from "../../lib/ports/client.ts";
import type { Clock } from "../../lib/ports/common.ts";
import { ScheduledSink } from "./scheduled_sink.ts";
import { hasWorklet, WorkletSink } from "./worklet_sink.ts";

/** Opens sinks; its clock is that of the device. */
export class Speakers implements Clock {
  readonly #timers: Clock;
  #context: AudioContext | null = null;
  /** Time that previous contexts have played, in milliseconds. */
  #beforeMs = 0;
  #held = false;
  /** Called when the browser starts or stops muting the page. */
  onSilenced: (silenced: boolean) => void = () => {};

  /** @param timers Used for sleeping. */
  constructor(timers: Clock) {
    this.#timers = timers;
  }

  /** Time that the device has played, which stands still while it is paused. */
  now(): number {
    return this.#beforeMs + (this.#context?.currentTime ?? 0) * 1000;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#timers.sleep(ms, signal);
  }

  /** Unmutes the page. Call it for a gesture of the user. */
  allow(): void {
    if (!this.#held) this.#context?.resume().catch(() => {});
  }

  /** Pauses the device and its time at once, or resumes. */
  hold(on: boolean): void {
    if (on === this.#held) return;
    this.#held = on;
    const done = on ? this.#context?.suspend() : this.#context?.resume();
    done?.catch(() => {}); // closed meanwhile
  }

  /** Opens a sink. @throws {OndacastError} `unsupported`, by this browser. */
  readonly open: OpenSink = async (format, free) => {
    await free;
    const context = this.#contextOf(format.rate);
    const { destination } = context;
    const mix = deviceMix(format, destination.maxChannelCount);
    // Initially two. The number is never reduced, because silent channels do no harm.
    if (mix.channels > destination.channelCount) {
      destination.channelCount = mix.channels;
    }
    return hasWorklet(context)
      ? await WorkletSink.open(context, format, mix)
      : new ScheduledSink(context, format, mix);
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
    const report = () => {
      if (this.#context !== context) return;
      this.onSilenced(context.state === "suspended" && !this.#held);
      // A context that is about to run is not suspended by asking for that.
      if (context.state === "running" && this.#held) {
        context.suspend().catch(() => {}); // closed meanwhile
      }
    };
    context.onstatechange = report;
    // Not reported at once: every context starts suspended for a moment.
    context.resume().catch(() => {});
    this.#timers.sleep(300).then(report);
    return context;
  }
}
