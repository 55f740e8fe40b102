/**
 * Serves Snapcast: its clients, which are devices, and its apps, which control
 * them. Few servers need it, so that it is loaded when it is asked for.
 *
 * @module
 */

import { getLogger } from "@logtape/logtape";
import { TcpTransport } from "../io/net/tcp.ts";
import type { Hub } from "../server/hub.ts";
import type { AddressPolicy } from "./address_policy.ts";
import type { Answer } from "./http_answer.ts";
import { json } from "./http_api_answer.ts";
import type { HttpCallers } from "./http_callers.ts";
import type { HttpRequest } from "./http_request.ts";
import type { Listeners } from "./open_listeners.ts";

const log = getLogger(["ondacast", "server"]);

/** What it needs of the server. */
interface SnapcastHost {
  readonly hub: Hub;
  readonly policy: AddressPolicy;
  readonly callers: HttpCallers;
  readonly closing: AbortSignal;
  accept(
    listener: Deno.TcpListener,
    serve: (conn: Deno.TcpConn) => Promise<void>,
  ): void;
}

/** Answers requests of apps over HTTP. */
type Rpc = (request: HttpRequest) => Promise<Answer>;

/** Serves the ports that are open; null: apps are not served. */
export async function serveSnapcast(
  { snapcast, snapcastControl }: Listeners,
  { hub, policy, callers, closing, accept }: SnapcastHost,
): Promise<Rpc | null> {
  const [{ SnapcastPort }, { ControlPort }, { Status }, { openResampler }] =
    await Promise.all([
      import("../adapters/snapcast/snapcast_port.ts"),
      import("../adapters/snapcast/control_port.ts"),
      import("../adapters/snapcast/status.ts"),
      import("../io/sinks/open_resampler.ts"),
    ]);
  const refusal = (peer: string) => policy.refusal(peer);
  const rooms = new SnapcastPort({ hub, openResampler, refusal }, closing);
  if (snapcast) {
    // The first song shall not wait for it to be compiled.
    await openResampler({ channels: 2, fromHz: 48_000, toHz: 48_000 });
    accept(snapcast, (conn) => logged("client", conn, (it) => rooms.serve(it)));
  }
  if (!snapcastControl) return null;
  const status = new Status({
    ...{ hub, wallMs: Date.now },
    factsOf: (key) => rooms.factsOf(key),
  });
  const rename: typeof rooms.rename = (...named) => rooms.rename(...named);
  const control = new ControlPort({ hub, status, rename, refusal }, closing);
  accept(
    snapcastControl,
    (conn) => logged("app", conn, (it) => control.serve(it)),
  );
  return (request) =>
    callers.answer(request, async (caller, readBody) => {
      const answer = await control.answer(await readBody(), caller);
      return answer === null
        ? { status: 204, headers: {}, body: new Uint8Array(0) }
        : json(200, new TextEncoder().encode(answer));
    });
}

/** Serves a connection, and logs its begin and end. */
async function logged(
  what: "client" | "app",
  conn: Deno.TcpConn,
  serve: (
    transport: TcpTransport,
  ) => Promise<{ name?: string; reason: string }>,
): Promise<void> {
  const transport = new TcpTransport(conn);
  const { peer } = transport;
  log.info(`Snapcast ${what} from {peer} begins`, { peer });
  const { name, reason } = await serve(transport);
  log.info(`Snapcast ${what} from {peer} ends: {reason}`, {
    ...{ peer, name, reason },
  });
}
