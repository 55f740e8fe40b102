/**
 * A session of our own client, for what the C receiver does not ask.
 *
 * @module
 */

import { ClientSession } from "../lib/client/client_session.ts";
import { systemClock } from "../lib/io/clock/clock.ts";
import { TcpConnector } from "../lib/io/net/tcp.ts";

/** Connects to a port of this machine, and waits for the `welcome`. */
export async function openSession(port: number): Promise<ClientSession> {
  const session = await ClientSession.open(
    new TcpConnector("127.0.0.1", port),
    {
      clock: systemClock,
      identity: { name: "bench", device: crypto.randomUUID() },
      windowBytes: 65536,
    },
  );
  await session.welcome;
  return session;
}
