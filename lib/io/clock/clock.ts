/**
 * The system's monotonic clock.
 *
 * @module
 */

import type { Clock } from "../../ports/common.ts";

/** Milliseconds of the wall clock, which goes on while the machine sleeps. */
export const wallMs = (): number => Date.now();

/** A longer timer would fire at once. */
const MOST_MS = 2 ** 31 - 1;

/** Time since the program's start, independent of changes to the wall clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  sleep(ms, signal) {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      // A timer even for 0 ms, because Deno's setImmediate runs before pending
      // socket reads.
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, Math.min(ms, MOST_MS));
      signal?.addEventListener("abort", done);
    });
  },
};
