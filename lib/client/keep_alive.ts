/**
 * Keeps the heartbeat of a connection on the client's side: pings, and gives up
 * a server that stays silent.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import type { Clock } from "../ports/common.ts";
import type { Channel } from "../wire/channel.ts";
import {
  checkHeartbeat,
  GONE_REASON,
  SuspensionDetector,
} from "../wire/heartbeat.ts";

/** How often a connection is checked. */
const CHECK_MS = 1_000;

/**
 * Pings when either side has been silent for a while. A listener with a large
 * window says little, and the server's own ping may wait behind data for so
 * long that the listener would count as gone.
 *
 * @throws {OndacastError} `lost`, if nothing is heard for 20 s.
 */
export async function keepAlive(
  channel: Channel,
  clock: Clock,
  over: AbortSignal,
): Promise<void> {
  const suspensions = new SuspensionDetector(CHECK_MS, clock.now());
  let pingedAtMs = -Infinity;
  while (true) {
    await clock.sleep(CHECK_MS, over);
    if (over.aborted) return;
    const nowMs = clock.now();
    const { heardAtMs, spokeAtMs, transport: { peer } } = channel;
    const verdict = checkHeartbeat(
      { heardAtMs, spokeAtMs, pingedAtMs },
      nowMs,
      suspensions.check(nowMs),
    );
    if (verdict === "gone") {
      const message = `Lost the connection to ${peer}: ${GONE_REASON}`;
      throw new OndacastError("lost", message);
    }
    if (verdict !== "ping") continue;
    pingedAtMs = nowMs;
    channel.send({ type: "ping", time: Math.round(nowMs * 1000) });
  }
}
