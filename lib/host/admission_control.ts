/**
 * Admission control: admits new connections as fast as the server can absorb
 * them beside a crowd.
 *
 * Each new client is sent its whole window at once, which a listener uses up in
 * several seconds. Many of them together would keep one core busy and make
 * existing listeners late. Waiting here costs a new client little. The number
 * admitted together adapts like a TCP congestion window: it doubles after each
 * step that went well and halves otherwise.
 *
 * @module
 */

import type { Clock } from "../ports/common.ts";
import { systemClock } from "../io/clock/clock.ts";

/** Shortest time between two steps. */
const NEXT_MS = 2;
/** Most admitted in one step. */
const MOST_AT_ONCE = 16;
/** A timer later than this means overload. */
const LATE_MS = 5;
/** After this wait one is admitted regardless of load. */
const MOST_WAIT_MS = 1000;
/**
 * Most that wait; beyond them a connection is admitted at once, to be served or
 * refused.
 */
const MOST_WAITING = 4096;

/**
 * Admits new connections in order.
 *
 * @example Without a crowd, connections are admitted at once
 * ```ts
 * import { AdmissionControl } from "./admission_control.ts";
 * import assert from "node:assert/strict";
 *
 * const admission = new AdmissionControl(() => false, new AbortController().signal);
 * assert.equal(admission.enter(), null);
 * ```
 */
export class AdmissionControl {
  readonly #isCrowd: () => boolean;
  readonly #closing: AbortSignal;
  readonly #clock: Clock;
  readonly #waiting: (() => void)[] = [];
  #isOpening = false;

  /** @param closing Once aborted, all that wait are admitted. */
  constructor(
    isCrowd: () => boolean,
    closing: AbortSignal,
    clock: Clock = systemClock,
  ) {
    this.#isCrowd = isCrowd;
    this.#closing = closing;
    this.#clock = clock;
  }

  /**
   * Resolves when the connection is admitted, first come first served; null: at
   * once.
   */
  enter(): Promise<void> | null {
    const isFree = !this.#isOpening && !this.#isCrowd();
    if (isFree || this.#waiting.length >= MOST_WAITING) return null;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    if (!this.#isOpening) this.#letIn().catch(reject);
    return promise;
  }

  /** Admits in steps, sized by the observed load. */
  async #letIn(): Promise<void> {
    this.#isOpening = true;
    let some = 1;
    while (this.#waiting.length > 0) {
      for (const enter of this.#waiting.splice(0, some)) enter();
      some = await this.#room(some);
    }
    this.#isOpening = false;
  }

  /**
   * Waits until timers fire on time, and resolves to the size of the next step:
   * doubled, or halved if the first timer was late.
   */
  async #room(before: number): Promise<number> {
    const sinceMs = this.#clock.now();
    let next = Math.min(2 * before, MOST_AT_ONCE);
    while (true) {
      const beganMs = this.#clock.now();
      if (beganMs - sinceMs >= MOST_WAIT_MS) return 1;
      await this.#clock.sleep(NEXT_MS, this.#closing);
      if (this.#clock.now() - beganMs <= NEXT_MS + LATE_MS) return next;
      next = Math.ceil(before / 2);
    }
  }
}
