/**
 * The server's clock, as far as a client can tell it: some pings before a
 * stream that is to sound at a time.
 *
 * @module
 */

import type { Clock } from "../ports/common.ts";
import type { ClientSession } from "./client_session.ts";

/** Pings of which the quickest counts, as the others had to wait somewhere. */
const PINGS = 3;
/** How long they may take together; a song is not held back for longer. */
const ANSWER_MS = 1500;

/**
 * How long it is until a time of the server's clock; below 0: it is past.
 *
 * @param atUs Microseconds of the server's clock, as in `pong`.
 * @returns Milliseconds; null: the server does not tell its clock.
 */
export async function msUntil(
  session: Pick<ClientSession, "request">,
  clock: Clock,
  atUs: number,
): Promise<number | null> {
  const giveUp = new AbortController();
  try {
    const aheadMs = await Promise.race([
      serverAheadMs(session, clock),
      clock.sleep(ANSWER_MS, giveUp.signal).then(() => null),
    ]);
    return aheadMs === null ? null : atUs / 1000 - aheadMs - clock.now();
  } catch {
    return null; // The connection is lost, which is told elsewhere.
  } finally {
    giveUp.abort();
  }
}

/** How far the server's clock is ahead of this one, by the quickest ping. */
async function serverAheadMs(
  session: Pick<ClientSession, "request">,
  clock: Clock,
): Promise<number | null> {
  let quickest = { tookMs: Infinity, aheadMs: 0 };
  for (let i = 0; i < PINGS; i++) {
    const sentMs = clock.now();
    const { received, sent } = await session.request({
      type: "ping",
      time: Math.round(sentMs * 1000),
    });
    if (received === undefined || sent === undefined) return null;
    const tookMs = clock.now() - sentMs;
    if (tookMs >= quickest.tookMs) continue;
    const aheadMs = (received + sent) / 2000 - (sentMs + tookMs / 2);
    quickest = { tookMs, aheadMs };
  }
  return quickest.aheadMs;
}
