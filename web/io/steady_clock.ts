/**
 * The page's clock. Its timers stay accurate while the page is hidden.
 *
 * @module
 */

import type { Clock } from "../../lib/ports/common.ts";
import type { TimerRequest } from "./timer_worker.ts";

/** Time since the page was opened, with the timers of a worker. */
export class SteadyClock implements Clock {
  readonly #worker = new Worker("/timer_worker.js");
  readonly #waiting = new Map<number, () => void>();
  #ids = 0;

  constructor() {
    this.#worker.onmessage = ({ data: id }: MessageEvent<number>) =>
      this.#waiting.get(id)?.();
  }

  now(): number {
    return performance.now();
  }

  /** The wall clock, which goes on while the machine sleeps. */
  wallMs(): number {
    return Date.now();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    const id = ++this.#ids;
    return new Promise((resolve) => {
      const done = () => {
        this.#waiting.delete(id);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      this.#waiting.set(id, done);
      signal?.addEventListener("abort", done);
      const request: TimerRequest = { id, ms };
      this.#worker.postMessage(request);
    });
  }
}
