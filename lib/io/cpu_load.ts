/**
 * How busy the process is.
 *
 * @module
 */

import { cpuUsage } from "node:process";

/** Tells the processor time that was used from one look to the next. */
export class CpuLoad {
  #lookedAtMs: number;
  #usedMs: number = usedMs();

  /** @param nowMs The time of the first look, on a monotonic clock. */
  constructor(nowMs: number) {
    this.#lookedAtMs = nowMs;
  }

  /**
   * How many cores the process kept busy since the last look, on the average.
   *
   * @param nowMs Later than the last look.
   */
  look(nowMs: number): number {
    const used = usedMs();
    const cores = (used - this.#usedMs) / (nowMs - this.#lookedAtMs);
    this.#lookedAtMs = nowMs;
    this.#usedMs = used;
    return cores;
  }
}

/** Processor time of all threads, the kernel's work for them included. */
function usedMs(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}
