/**
 * Work that is repeated at an interval.
 *
 * @module
 */

import type { Clock } from "../ports/common.ts";

/** Calls back every `ms` milliseconds until the signal is aborted. */
export async function every(
  ms: number,
  clock: Clock,
  until: AbortSignal,
  work: () => void,
): Promise<void> {
  while (true) {
    await clock.sleep(ms, until);
    if (until.aborted) return;
    work();
  }
}
