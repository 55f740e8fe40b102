/**
 * A clock that only tests advance.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import type { Clock } from "../../lib/ports/common.ts";

/**
 * Resolves when all work that does not wait for time is done: in memory there
 * are only promises, all of which run before the event loop's next turn.
 */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Resolves when a number stays the same for turns of the event loop. */
export async function settleFully(progress: () => number): Promise<void> {
  for (let before = NaN, still = 0; still < 12;) {
    await settle();
    still = progress() === before ? still + 1 : 0;
    before = progress();
  }
}

interface Sleeper {
  dueMs: number;
  wake(): void;
}

/** A clock that stands still until it is advanced. */
export class FakeClock implements Clock {
  #nowMs = 0;
  /** In the order in which they began to sleep. */
  readonly #sleepers = new Set<Sleeper>();

  now(): number {
    return this.#nowMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    if (ms <= 0) return settle();
    return new Promise((resolve) => {
      const sleeper = {
        dueMs: this.#nowMs + ms,
        wake: () => {
          this.#sleepers.delete(sleeper);
          signal?.removeEventListener("abort", sleeper.wake);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", sleeper.wake);
    });
  }

  /** Advances the time, and wakes each sleeper when it is due. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await settle();
    for (
      let next = this.#next();
      next !== null && next.dueMs <= untilMs;
      next = this.#next()
    ) {
      await this.#wake(next);
    }
    this.#nowMs = untilMs;
  }

  /** Advances the time without any work, as for a suspended process. */
  async standStill(ms: number): Promise<void> {
    this.#nowMs += ms;
    await this.advance(0);
  }

  /**
   * Advances the time until a promise is settled.
   *
   * @throws {Error} If it is not settled by then, so that a stall fails a test.
   */
  async runUntil<T>(done: Promise<T>, limitMs = 300_000): Promise<T> {
    const untilMs = this.#nowMs + limitMs;
    let over = false;
    done.then(() => over = true, () => over = true);
    await settle();
    while (!over) {
      const next = this.#next();
      if (next === null || next.dueMs > untilMs) {
        throw new Error(`Cannot wait longer: stalled at ${this.#nowMs} ms`);
      }
      await this.#wake(next);
    }
    return done;
  }

  #next(): Sleeper | null {
    let next: Sleeper | null = null;
    for (const sleeper of this.#sleepers) {
      if (next === null || sleeper.dueMs < next.dueMs) next = sleeper;
    }
    return next;
  }

  async #wake(sleeper: Sleeper): Promise<void> {
    this.#nowMs = Math.max(this.#nowMs, sleeper.dueMs);
    sleeper.wake();
    await settle();
  }
}
