/**
 * A notify: one task waits for it, others ring it when something has changed
 * that the waiting one should look at.
 *
 * @module
 */

import type { Clock } from "../ports/common.ts";

/**
 * Rings are not counted: one that nobody waits for is heard by the next wait.
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
  #rang = false;
  #wake: (() => void) | null = null;

  /** Lets who waits look again. */
  notify(): void {
    this.#rang = true;
    this.#wake?.();
  }

  /** Resolves at the next ring, or at once if it rang since the last wait. */
  async notified(): Promise<void> {
    if (!this.#rang) {
      await new Promise<void>((resolve) => this.#wake = resolve);
      this.#wake = null;
    }
    this.#rang = false;
  }

  /** As {@linkcode Notify.notified}, but waits no longer than so many milliseconds. */
  async notifiedWithin(ms: number, clock: Clock): Promise<void> {
    if (this.#rang) return await this.notified();
    const ring = new AbortController();
    this.#wake = () => ring.abort();
    await clock.sleep(ms, ring.signal);
    this.#wake = null;
    this.#rang = false;
  }
}
