/**
 * Waits for something, but no longer than a while.
 *
 * @module
 */

import type { Clock } from "../ports/common.ts";

/**
 * What a promise resolves to; null if it takes longer, or once it is aborted. What
 * it does goes on, and a later failure of it is nobody's.
 *
 * @param ms In milliseconds, at least 0.
 * @throws What the promise rejects with in that time.
 *
 * @example
 * ```ts
 * import { within } from "./within.ts";
 * import assert from "node:assert/strict";
 *
 * const clock = { sleep: () => new Promise<void>((done) => setTimeout(done)) };
 * assert.equal(await within(clock, 5, Promise.resolve("there")), "there");
 * assert.equal(await within(clock, 5, new Promise(() => {})), null);
 * ```
 */
export async function within<T>(
  clock: Pick<Clock, "sleep">,
  ms: number,
  work: Promise<T>,
  signal?: AbortSignal,
): Promise<T | null> {
  const ended = new AbortController();
  const over = signal ? AbortSignal.any([ended.signal, signal]) : ended.signal;
  try {
    return await Promise.race([work, clock.sleep(ms, over).then(() => null)]);
  } finally {
    ended.abort();
  }
}
