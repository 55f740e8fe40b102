/**
 * Sinks that store nothing: stdout, and the null player in real time or at
 * once.
 *
 * @module
 */

import type { PcmFormat } from "../../audio/format.ts";
import { bytesToSeconds } from "../../audio/format.ts";
import type { AudioSink } from "../../ports/client.ts";
import type { Clock } from "../../ports/common.ts";
import { systemClock } from "../clock/clock.ts";
import { writeStdout } from "../console/standard_output.ts";

/** A sink without failures of its own. */
const NEVER = new Promise<never>(() => {});

/** Raw PCM on stdout. */
export class StdoutSink implements AudioSink {
  readonly realTime = false;
  readonly failed = NEVER;
  readonly label = "stdout";
  readonly format: PcmFormat;

  constructor(format: PcmFormat) {
    this.format = format;
  }

  write(pcm: Uint8Array): Promise<void> {
    return writeStdout(pcm);
  }

  end(): Promise<void> {
    return Promise.resolve();
  }

  abort(): Promise<void> {
    return Promise.resolve();
  }
}

/** Discards PCM, in real time or at once. */
export class NullSink implements AudioSink {
  readonly failed = NEVER;
  readonly label: string;
  readonly format: PcmFormat;
  readonly realTime: boolean;
  readonly #clock: Clock;
  #endMs = 0;

  constructor(
    format: PcmFormat,
    realTime: boolean,
    clock: Clock = systemClock,
  ) {
    this.#clock = clock;
    this.format = format;
    this.realTime = realTime;
    this.label = realTime ? "null" : "null:fast";
  }

  write(pcm: Uint8Array): Promise<void> {
    if (this.realTime) {
      const startMs = Math.max(this.#endMs, this.#clock.now());
      this.#endMs = startMs + bytesToSeconds(this.format, pcm.length) * 1000;
    }
    return Promise.resolve();
  }

  async end(): Promise<void> {
    const leftMs = this.#endMs - this.#clock.now();
    if (leftMs > 0) await this.#clock.sleep(leftMs);
  }

  abort(): Promise<void> {
    return Promise.resolve();
  }
}
