/**
 * Reads the packets of a socket, up to a rate limit.
 *
 * @module
 */

import type { DnsMessage } from "../../model/discovery/dns_message.ts";
import {
  MAX_MESSAGE_BYTES,
  readMessage,
} from "../../model/discovery/dns_reader.ts";
import type { Peer } from "../../model/discovery/responder.ts";
import { RateLimit } from "../../model/rate_limit.ts";
import type { Clock } from "../../ports/common.ts";

/** The packets decoded; further ones are dropped. */
const PACKETS = { burst: 100, perSecond: 100 };
/** The pause after a passing error, such as an unreachable peer. */
const ERROR_WAIT_MS = 100;

/** Calls back for each message, until the socket is closed. */
export async function receiveMessages(
  socket: Deno.DatagramConn,
  clock: Clock,
  over: AbortSignal,
  received: (message: DnsMessage, from: Peer) => void,
): Promise<void> {
  const buffer = new Uint8Array(MAX_MESSAGE_BYTES);
  const limit = new RateLimit(PACKETS, clock.now());
  while (!over.aborted) {
    try {
      const [bytes, from] = await socket.receive(buffer);
      limit.refill(clock.now());
      if (limit.waitMs > 0 || from.transport !== "udp") continue;
      limit.spend(1);
      const message = readMessage(bytes);
      const [ip] = from.hostname.split("%", 1);
      if (message !== null) received(message, { ip, port: from.port });
    } catch {
      if (!over.aborted) await clock.sleep(ERROR_WAIT_MS, over);
    }
  }
}
