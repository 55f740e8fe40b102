/**
 * A player that keeps what it was given.
 *
 * @module
 */

import type { PcmFormat } from "../../lib/audio/format.ts";
import type { AudioSink, OpenSink } from "../../lib/ports/client.ts";
import type { Clock } from "../../lib/ports/common.ts";
import { concat } from "./raw_peer.ts";

/** Opens sinks, and records what all of them were given. */
export class Recorder {
  /** Each write, and when it was made. */
  readonly writes: { atMs: number; pcm: Uint8Array }[] = [];
  /** Formats of the sinks opened so far. */
  readonly opened: PcmFormat[] = [];
  /** What happened to sinks: `open`, `end`, `abort`. */
  readonly events: string[] = [];
  readonly #clock: Clock;
  readonly #realTime: boolean;
  #fail: (error: Error) => void = () => {};
  /** Whether sinks keep what they are given, and so are told where it ends. */
  keeps = false;
  /** While it is set, writes wait for it. */
  hold: Promise<void> | null = null;

  constructor(clock: Clock, options: { realTime: boolean }) {
    this.#clock = clock;
    this.#realTime = options.realTime;
  }

  /** All PCM so far. */
  get pcm(): Uint8Array {
    return concat(this.writes.map(({ pcm }) => pcm));
  }

  /** The player dies. */
  fail(error: Error): void {
    this.#fail(error);
  }

  /** To be given to an `Output`. */
  readonly open: OpenSink = (format) => {
    const failed = Promise.withResolvers<never>();
    failed.promise.catch(() => {});
    this.#fail = failed.reject;
    this.opened.push(format);
    this.events.push("open");
    const sink: AudioSink = {
      format,
      label: "recorder",
      realTime: this.#realTime,
      failed: failed.promise,
      write: async (pcm) => {
        this.writes.push({ atMs: this.#clock.now(), pcm: pcm.slice() });
        await this.hold;
      },
      ...(this.keeps && { cut: () => void this.events.push("cut") }),
      end: () => Promise.resolve(void this.events.push("end")),
      abort: () => Promise.resolve(void this.events.push("abort")),
    };
    return Promise.resolve(sink);
  };
}
