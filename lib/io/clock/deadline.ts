/**
 * A limit on the time that a peer may take, which a standstill of our own
 * process does not use up.
 *
 * @module
 */

import type { Clock } from "../../ports/common.ts";

/** A timer that is later than this tells that the process stood still. */
const STOOD_STILL_MS = 1_000;

/**
 * Calls back once a peer has taken its time. If the process stood still until
 * then, what the peer sent may wait to be read: it gets its time once more.
 *
 * @returns Ends the deadline. Any number of calls.
 */
export function setDeadline(
  clock: Clock,
  ms: number,
  onLate: () => void,
): () => void {
  const met = new AbortController();
  const wait = async () => {
    let lateMs: number;
    do {
      const dueMs = clock.now() + ms;
      await clock.sleep(ms, met.signal);
      lateMs = clock.now() - dueMs;
    } while (lateMs >= STOOD_STILL_MS && !met.signal.aborted);
    if (!met.signal.aborted) onLate();
  };
  wait();
  return () => met.abort();
}
