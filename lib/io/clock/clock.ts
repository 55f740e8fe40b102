/**
 * The machine's monotonic clock.
 *
 * @module
 */

import type { Clock } from "../../ports/common.ts";

/** Time since the program's start; the wall clock's jumps do not touch it. */
export const systemClock: Clock = {
  now: () => performance.now(),
  sleep(ms, signal) {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      // A timer for 0 ms, too: Deno's setImmediate lets no socket be read before.
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener("abort", done);
    });
  },
};
