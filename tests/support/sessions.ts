/**
 * Client sessions over real connections, for behaviour that the programs do not
 * show.
 *
 * @module
 */

import { ClientSession } from "../../lib/client/client_session.ts";
import { systemClock } from "../../lib/io/clock/clock.ts";
import { TcpConnector } from "../../lib/io/net/tcp.ts";
import type { DeviceKind } from "../../lib/model/device_kind.ts";
import type { Connector } from "../../lib/ports/common.ts";
import { seen } from "./seen.ts";

/** Connects to a port of this machine, and waits for the `welcome`. */
export async function openSession(
  port: number,
  options: {
    name?: string;
    receive?: boolean;
    windowBytes?: number;
    token?: string;
    device?: string;
    kind?: DeviceKind;
  } = {},
  connector: Connector = new TcpConnector("127.0.0.1", port),
): Promise<ClientSession> {
  const session = await ClientSession.open(
    connector,
    {
      clock: systemClock,
      identity: {
        name: options.name ?? "test",
        device: options.device ?? crypto.randomUUID(),
        receive: options.receive ?? false,
        ...(options.token && { token: options.token }),
        ...(options.kind && { kind: options.kind }),
      },
      windowBytes: options.windowBytes ?? 1 << 20,
    },
  );
  await session.welcome;
  return session;
}

/**
 * Waits until a server lists some number of songs: a first scan that takes longer
 * than two seconds goes on while it serves.
 */
export async function untilListed(port: number, count: number): Promise<void> {
  const session = await openSession(port);
  await seen(
    `${count} songs`,
    () => session.request({ type: "list" }),
    ({ songs }) => songs.length === count,
  );
  session.close();
}
