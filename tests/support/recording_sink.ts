/**
 * A player that records its input.
 *
 * @module
 */

import type { PcmFormat } from "../../lib/audio/format.ts";
import type { AudioSink, OpenSink } from "../../lib/ports/client.ts";
import type { Clock } from "../../lib/ports/common.ts";
import { concat } from "./raw_peer.ts";

/** Opens sinks, and records the input of all of them. */
export class Recorder {
  /** Each write, and its time. */
  readonly writes: { atMs: number; pcm: Uint8Array }[] = [];
  /** Formats of the sinks opened so far. */
  readonly opened: PcmFormat[] = [];
  /** Events of sinks: `open`, `end`, `abort`. */
  readonly events: string[] = [];
  readonly #clock: Clock;
  readonly #realTime: boolean;
  #fail: (error: Error) => void = () => {};
  /** Whether sinks are files, which are notified when a stream is replaced. */
  keeps = false;
  /** If set, writes wait for it. */
  hold: Promise<void> | null = null;
  /** If set, a sink ends once it resolves. */
  holdEnd: Promise<void> | null = null;

  constructor(clock: Clock, options: { realTime: boolean }) {
    this.#clock = clock;
    this.#realTime = options.realTime;
  }

  /** All PCM so far. */
  get pcm(): Uint8Array {
    return concat(this.writes.map(({ pcm }) => pcm));
  }

  /** Makes the player die. */
  fail(error: Error): void {
    this.#fail(error);
  }

  /** Opens a sink, for an `Output`. */
  readonly open: OpenSink = async (format, free) => {
    const failed = Promise.withResolvers<never>();
    failed.promise.catch(() => {});
    this.#fail = failed.reject;
    await free;
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
      end: async () => {
        await this.holdEnd;
        this.events.push("end");
      },
      abort: () => Promise.resolve(void this.events.push("abort")),
    };
    return sink;
  };
}
