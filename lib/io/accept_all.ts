/**
 * Accepts the connections of a listener, also after it could not for a while:
 * out of file descriptors, it says so and tries again until some are free.
 *
 * @module
 */

import { getLogger } from "@logtape/logtape";
import type { Clock } from "../ports.ts";
import { systemClock } from "./clock.ts";

const log = getLogger(["ondacast", "server"]);

/** A listener that fails to accept tries again after so long. */
const RETRY_MS = 100;
/** How often it is told at most. */
const TELL_MS = 10_000;

/** Hands on each connection until the signal; never rejects. */
export async function acceptAll<Conn>(
  listener: { accept(): Promise<Conn> },
  serve: (conn: Conn) => void,
  signal: AbortSignal,
  clock: Clock = systemClock,
): Promise<void> {
  let toldAtMs = -Infinity;
  let isTold = false;
  while (!signal.aborted) {
    try {
      serve(await listener.accept());
      if (isTold) log.info("accepts connections again");
      isTold = false;
    } catch (error) {
      if (signal.aborted) return;
      const nowMs = clock.now();
      if (nowMs - toldAtMs >= TELL_MS) {
        log.error("cannot accept connections: {error}", {
          error: String(error),
        });
        toldAtMs = nowMs;
        isTold = true;
      }
      await clock.sleep(RETRY_MS, signal);
    }
  }
}
