/**
 * The time at which a song's first PCM is to be heard, so that several
 * receivers start together. What comes too late is skipped.
 *
 * @module
 */

import { type PcmFormat, secondsToBytes } from "../audio/format.ts";

/** PCM that is late by less, as a timer may be, is heard from its start. */
const TOLERANCE_MS = 50;
/** The longest single wait: timers overflow at 2^31 ms. */
const MAX_WAIT_MS = 60_000;

/** `waiting`: the time is not known yet; `late`: PCM to be skipped. */
type Phase =
  | { is: "none" }
  | { is: "waiting" }
  | { is: "due"; atMs: number }
  | { is: "late"; bytes: number };

/**
 * The start of one song.
 *
 * @example
 * ```ts
 * import { StartTime } from "./start_time.ts";
 * import assert from "node:assert/strict";
 *
 * const format = { encoding: "u8", rate: 8000, channels: 1, bits: 8 } as const;
 * const start = new StartTime();
 * const set = start.expect();
 * assert.equal(start.waitMs(format, 0), Infinity);
 * set(1000);
 * assert.equal(start.waitMs(format, 400), 600);
 * assert.equal(start.waitMs(format, 1500), 0);
 * assert.equal(start.lateBytes, 4000);
 * ```
 */
export class StartTime {
  #phase: Phase = { is: "none" };

  /**
   * Waits for a time that is not known yet.
   *
   * @returns Sets it, on the clock of {@linkcode waitMs}; null: start at once.
   * It has no effect once another time is expected, or {@linkcode cancel} was
   * called.
   */
  expect(): (atMs: number | null) => void {
    const waiting: Phase = { is: "waiting" };
    this.#phase = waiting;
    return (atMs) => {
      if (this.#phase !== waiting) return;
      this.#phase = atMs === null ? { is: "none" } : { is: "due", atMs };
    };
  }

  /** The song starts, or continues, at any time. */
  cancel(): void {
    this.#phase = { is: "none" };
  }

  /** Milliseconds to wait; 0: none; infinite: until the time is set. */
  waitMs(format: PcmFormat, nowMs: number): number {
    const phase = this.#phase;
    if (phase.is === "waiting") return Infinity;
    if (phase.is !== "due") return 0;
    const lateMs = nowMs - phase.atMs;
    if (lateMs < 0) return Math.min(Math.ceil(-lateMs), MAX_WAIT_MS);
    const bytes = lateMs > TOLERANCE_MS
      ? secondsToBytes(format, lateMs / 1000)
      : 0;
    this.#phase = { is: "late", bytes };
    return 0;
  }

  /** PCM that came too late and is to be skipped. */
  get lateBytes(): number {
    return this.#phase.is === "late" ? this.#phase.bytes : 0;
  }

  /** Late PCM was skipped. */
  skipped(bytes: number): void {
    if (this.#phase.is === "late") this.#phase.bytes -= bytes;
  }
}
