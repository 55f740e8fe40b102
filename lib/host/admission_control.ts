/**
 * The admission: lets newcomers in as fast as they fit in beside a crowd.
 *
 * Each newcomer is sent its whole window at once, as much as a listener takes
 * in some seconds. If many come together, that is more than one core can do
 * beside the crowd, and those who listen already would be late. Who waits here
 * loses nothing yet. How many are let in together is found as TCP finds how
 * much a network can take: twice as many each time all goes well, half of them
 * when it does not.
 *
 * @module
 */

import type { Clock } from "../ports/common.ts";
import { systemClock } from "../io/clock/clock.ts";

/** Some come in so long after others, at least. */
const NEXT_MS = 2;
/** Most that come in together. */
const MOST_AT_ONCE = 16;
/** A timer that is later by so much tells of more work than there is time. */
const LATE_MS = 5;
/** After so long one is let in all the same: there may be no better moment. */
const MOST_WAIT_MS = 1000;
/** Most that wait; who comes then is let in, to be served or refused. */
const MOST_WAITING = 4096;

/**
 * Lets newcomers in.
 *
 * @example Without a crowd nobody waits
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

  /** @param closing Lets everybody in at once, as there is nothing to wait for. */
  constructor(
    isCrowd: () => boolean,
    closing: AbortSignal,
    clock: Clock = systemClock,
  ) {
    this.#isCrowd = isCrowd;
    this.#closing = closing;
    this.#clock = clock;
  }

  /** Resolves when a newcomer may come in, in the order in which they came; null: at once. */
  enter(): Promise<void> | null {
    const isFree = !this.#isOpening && !this.#isCrowd();
    if (isFree || this.#waiting.length >= MOST_WAITING) return null;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    if (!this.#isOpening) this.#letIn().catch(reject);
    return promise;
  }

  /** Some at a time, as many as are seen to fit in. */
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
   * Resolves when there is room for more, as far as timers tell, with for how
   * many: twice as many as before, half of them if there was none at first.
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
