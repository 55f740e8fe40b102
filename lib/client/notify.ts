/**
 * Wakes the one task that waits for a change.
 *
 * @module
 */

import type { Clock } from "../ports/common.ts";

/**
 * A notification for one task, as a permit: one that comes while nothing waits
 * ends the next wait at once. Several count as one.
 *
 * @example
 * ```ts
 * import { Notify } from "./notify.ts";
 *
 * const notify = new Notify();
 * notify.notify();
 * await notify.notified();
 * ```
 */
export class Notify {
  #isNotified = false;
  #wake: (() => void) | null = null;

  /** Wakes the waiting task, or ends the next wait. */
  notify(): void {
    this.#isNotified = true;
    this.#wake?.();
  }

  /** Resolves once notified since the latest wait. */
  async notified(): Promise<void> {
    if (!this.#isNotified) {
      await new Promise<void>((resolve) => this.#wake = resolve);
      this.#wake = null;
    }
    this.#isNotified = false;
  }

  /** As {@linkcode notified}, but for `ms` at most, which may be infinite. */
  async notifiedWithin(ms: number, clock: Clock): Promise<void> {
    if (this.#isNotified || ms === Infinity) return await this.notified();
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    await clock.sleep(ms, woken.signal);
    this.#wake = null;
    this.#isNotified = false;
  }
}
