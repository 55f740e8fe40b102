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
import type { Peer } from "../../model/discovery/packet.ts";
import { SourceLimits, type SourceRates } from "../../model/source_limits.ts";
import type { Clock } from "../../ports/common.ts";

/** The packets decoded; further ones are dropped. */
const PACKETS: SourceRates = {
  perSource: { burst: 60, perSecond: 30 },
  inAll: { burst: 150, perSecond: 150 },
};
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
  const limits = new SourceLimits(PACKETS);
  while (!over.aborted) {
    try {
      const [bytes, from] = await socket.receive(buffer);
      if (from.transport !== "udp") continue;
      const [ip] = from.hostname.split("%", 1);
      if (!limits.admits(ip, clock.now())) continue;
      const message = readMessage(bytes);
      if (message !== null) received(message, { ip, port: from.port });
    } catch {
      if (!over.aborted) await clock.sleep(ERROR_WAIT_MS, over);
    }
  }
}
