/**
 * The machine's monotonic clock.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import type { Clock } from "../ports.ts";

/** Time since the program's start; the wall clock's jumps do not touch it. */
export const systemClock: Clock = {
  now: () => performance.now(),
  sleep(ms, signal) {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      // A timer of 0 ms takes 2 ms, which is long for who only lets others pass.
      if (ms <= 0) return void setImmediate(resolve);
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
