/**
 * Keeps a device in step: from how far it is from the line, how much faster or
 * slower its player is to be fed.
 *
 * @module
 */

/** An error goes down to a third in this time. */
const SETTLE_SECONDS = 0.5;
/** Measurements are averaged over this time. */
const SMOOTH_SECONDS = 0.2;
/** The time in which a drift is learned that was not measured. */
const LEARN_SECONDS = 8;
/** Errors that the measurement itself makes. */
const DEAD_BAND_US = 10;
/** The most that the rate is changed, which nobody hears. */
const MOST = 3e-3;
/** The most that a device's own clock is off, beyond what was measured of it. */
const MOST_DRIFT = 5e-4;
/** Beyond this the drift is not learned, and beyond the other the device jumps. */
const LEARN_US = 300;
const JUMP_US = 10_000;
/** A jump is due only if the error lasts: one measurement may be wrong. */
const JUMP_SECONDS = 0.05;

/** What to do about an error: feed at a ratio, or begin anew at the line. */
export type Correction = { is: "ratio"; ratio: number } | { is: "jump" };

/**
 * A controller with a proportional and an integral part. The integral one learns
 * by how much the clock of the device is off, and so persists over songs.
 *
 * @example A device that is late is fed faster
 * ```ts
 * import { StepControl } from "./step_control.ts";
 * import assert from "node:assert/strict";
 *
 * const control = new StepControl();
 * const correction = control.correct(1_000, 0.01);
 * assert.ok(correction.is === "ratio" && correction.ratio > 1);
 * ```
 */
export class StepControl {
  #errorUs: number | null = null;
  #drift = 0;
  #farSeconds = 0;

  /** The error, averaged; null: none was measured since it began anew. */
  get errorUs(): number | null {
    return this.#errorUs;
  }

  /**
   * Takes a measurement.
   *
   * @param lateUs How much later than the line the device is.
   * @param seconds The time since the one before.
   * @param drift How much faster it is to be fed, by what is known of the clocks;
   * null: it was not measured yet. Only what is left of it then is learned.
   */
  correct(
    lateUs: number,
    seconds: number,
    drift: number | null = null,
  ): Correction {
    const measured = within(lateUs, JUMP_US);
    const before = this.#errorUs ?? measured;
    const part = Math.min(1, seconds / SMOOTH_SECONDS);
    const errorUs = this.#errorUs = before + (measured - before) * part;
    this.#farSeconds = Math.abs(lateUs) > JUMP_US
      ? this.#farSeconds + seconds
      : 0;
    if (this.#farSeconds >= JUMP_SECONDS) return { is: "jump" };
    const beyond = Math.max(0, Math.abs(errorUs) - DEAD_BAND_US);
    const error = Math.sign(errorUs) * beyond / 1e6;
    if (drift !== null && Math.abs(errorUs) < LEARN_US) {
      const learned = error * seconds / (SETTLE_SECONDS * LEARN_SECONDS);
      this.#drift = within(this.#drift + learned, MOST_DRIFT);
    }
    const faster = error / SETTLE_SECONDS + this.#drift + (drift ?? 0);
    return { is: "ratio", ratio: 1 + within(faster, MOST) };
  }

  /** What sounds next has just been placed on the line. */
  begin(): void {
    this.#errorUs = null;
    this.#farSeconds = 0;
  }
}

function within(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value));
}
