/**
 * Deadlines for peers, which a suspension of this process does not use up.
 *
 * @module
 */

import type { Clock } from "../../ports/common.ts";
import { SUSPENDED_MS } from "../../wire/heartbeat.ts";

/**
 * Calls back when a peer has not acted within `ms`. If the process was suspended
 * meanwhile, the peer's data may still be unread, so the deadline restarts.
 *
 * @returns Cancels the deadline. Idempotent.
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
    } while (lateMs >= SUSPENDED_MS && !met.signal.aborted);
    if (!met.signal.aborted) onLate();
  };
  wait();
  return () => met.abort();
}
