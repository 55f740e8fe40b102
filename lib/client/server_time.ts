/**
 * The server's clock, estimated by pings before a stream that is to be heard at
 * a given time.
 *
 * @module
 */

import { within } from "../model/within.ts";
import type { Clock } from "../ports/common.ts";
import type { ClientSession } from "./client_session.ts";

/** The fastest of these pings counts, because the others had to wait. */
const PINGS = 3;
/** The time limit of all pings: a song is not held back for longer. */
const ANSWER_MS = 1500;

/**
 * Milliseconds until a time of the server's clock; below 0: it has passed.
 *
 * @param atUs Microseconds of the server's clock, as in `pong`.
 * @returns Null if the server's clock is not known.
 */
export async function msUntil(
  session: Pick<ClientSession, "request">,
  clock: Clock,
  atUs: number,
): Promise<number | null> {
  try {
    const asked = serverAheadMs(session, clock);
    const aheadMs = await within(clock, ANSWER_MS, asked);
    return aheadMs === null ? null : atUs / 1000 - aheadMs - clock.now();
  } catch {
    return null; // The lost connection is handled by its session's owner.
  }
}

/**
 * How far the server's clock is ahead of this one, by the fastest ping; null if it
 * does not tell its times.
 */
export async function serverAheadMs(
  session: Pick<ClientSession, "request">,
  clock: Clock,
): Promise<number | null> {
  let fastest = { tookMs: Infinity, aheadMs: 0 };
  for (let i = 0; i < PINGS; i++) {
    const sentMs = clock.now();
    const { received, sent } = await session.request({
      type: "ping",
      time: Math.round(sentMs * 1000),
    });
    if (received === undefined || sent === undefined) return null;
    const tookMs = clock.now() - sentMs;
    if (tookMs >= fastest.tookMs) continue;
    const aheadMs = (received + sent) / 2000 - (sentMs + tookMs / 2);
    fastest = { tookMs, aheadMs };
  }
  return fastest.aheadMs;
}
