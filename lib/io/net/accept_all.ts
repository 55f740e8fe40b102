/**
 * Accepts the connections of a listener, and tolerates those that fail
 * immediately. When the server runs out of file descriptors, it logs this and
 * retries until some are free.
 *
 * @module
 */

import { getLogger } from "@logtape/logtape";
import type { Clock } from "../../ports/common.ts";
import { systemClock } from "../clock/clock.ts";

const log = getLogger(["ondacast", "server"]);

/** The time between attempts to accept when out of descriptors. */
const RETRY_MS = 100;
/** The shortest time between two log lines about the same problem. */
const LOG_MS = 10_000;

/** POSIX errors for a lack of descriptors (process or system), buffers or memory. */
const RUN_OUT = ["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"];
/** The same from Windows Sockets: WSAEMFILE and WSAENOBUFS. */
const RUN_OUT_ON_WINDOWS = /\(os error (?:10024|10055)\)$/;

/** Passes each connection to `serve` until aborted; never rejects. */
export async function acceptAll<Conn>(
  listener: { accept(): Promise<Conn> },
  serve: (conn: Conn) => void,
  signal: AbortSignal,
  clock: Clock = systemClock,
): Promise<void> {
  const shortage = new ShortageLog(clock);
  while (!signal.aborted) {
    try {
      serve(await listener.accept());
      shortage.end();
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Deno.errors.BadResource) {
        log.error("no longer accepting connections: the listener was closed");
        return;
      }
      // Any other failure concerns one connection, for example a reset before it
      // was accepted. Waiting would let its peer lock out all others.
      if (!isOutOfDescriptors(error)) continue;
      shortage.report(error);
      await clock.sleep(RETRY_MS, signal);
    }
  }
}

function isOutOfDescriptors(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return RUN_OUT.includes(String(code)) ||
    RUN_OUT_ON_WINDOWS.test(error.message);
}

/** Logs that connections cannot be accepted, and when they can be again. */
class ShortageLog {
  readonly #clock: Clock;
  #loggedAtMs = -Infinity;
  #isLogged = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  report(error: unknown): void {
    const nowMs = this.#clock.now();
    if (nowMs - this.#loggedAtMs < LOG_MS) return;
    log.error("cannot accept connections: {error}", { error: String(error) });
    this.#loggedAtMs = nowMs;
    this.#isLogged = true;
  }

  end(): void {
    if (this.#isLogged) log.info("accepting connections again");
    this.#isLogged = false;
  }
}
