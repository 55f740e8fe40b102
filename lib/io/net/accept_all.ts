/**
 * Accepts the connections of a listener, also where some of them fail at once.
 * Only a server out of file descriptors waits, says so, and tries again until
 * some are free.
 *
 * @module
 */

import { getLogger } from "@logtape/logtape";
import type { Clock } from "../../ports/common.ts";
import { systemClock } from "../clock/clock.ts";

const log = getLogger(["ondacast", "server"]);

/** How long a listener waits for a free descriptor before it tries again. */
const RETRY_MS = 100;
/** The shortest time between two lines of the log about the same trouble. */
const TELL_MS = 10_000;

/** Running out, as POSIX names it: of a process's files, all files, buffers, memory. */
const RUN_OUT = ["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"];
/** The same from Windows Sockets: WSAEMFILE and WSAENOBUFS. */
const RUN_OUT_ON_WINDOWS = /\(os error (?:10024|10055)\)$/;

/** Hands on each connection until the signal; never rejects. */
export async function acceptAll<Conn>(
  listener: { accept(): Promise<Conn> },
  serve: (conn: Conn) => void,
  signal: AbortSignal,
  clock: Clock = systemClock,
): Promise<void> {
  const trouble = new Trouble(clock);
  while (!signal.aborted) {
    try {
      serve(await listener.accept());
      trouble.over();
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Deno.errors.BadResource) {
        log.error("accepts no more connections: the listener was closed");
        return;
      }
      // Any other failure is that of one connection, such as one that was reset
      // before it was accepted: waiting would let its peer keep all others out.
      if (!isOutOfDescriptors(error)) continue;
      trouble.tell(error);
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

/** Tells the log that connections cannot be accepted, and when they can again. */
class Trouble {
  readonly #clock: Clock;
  #toldAtMs = -Infinity;
  #isTold = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  tell(error: unknown): void {
    const nowMs = this.#clock.now();
    if (nowMs - this.#toldAtMs < TELL_MS) return;
    log.error("cannot accept connections: {error}", { error: String(error) });
    this.#toldAtMs = nowMs;
    this.#isTold = true;
  }

  over(): void {
    if (this.#isTold) log.info("accepts connections again");
    this.#isTold = false;
  }
}
