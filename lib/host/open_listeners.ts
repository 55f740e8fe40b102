/**
 * Opens all ports of a server, or none.
 *
 * @module
 */

import { listen } from "../io/net/listen.ts";
import { TlsServer } from "../io/tls/tls_server.ts";
import type { OpenPorts, ServerOptions } from "./server_options.ts";

/** The open ports of a server. */
export interface Listeners {
  session: Deno.TcpListener;
  stream: Deno.TcpListener | null;
  http: Deno.TcpListener | null;
  snapcast: Deno.TcpListener | null;
  snapcastControl: Deno.TcpListener | null;
  /** Secures connections of the session and HTTP ports; null: they are plain. */
  tls: TlsServer | null;
}

/** @throws {OndacastError} `port-in-use`, `bad-certificate`, … */
export function openListeners(options: ServerOptions): Listeners {
  const { host, ports } = options;
  const { session, stream, http, snapcast, snapcastControl } = ports;
  const opened: { close(): void }[] = [];
  const open = (port: number) => {
    const listener = listen(host, port);
    opened.push(listener);
    return listener;
  };
  try {
    const tls = options.tls ? new TlsServer(options.tls, options) : null;
    if (tls) opened.push(tls.listener);
    return {
      session: open(session),
      stream: stream === null ? null : open(stream),
      http: http === null ? null : open(http),
      snapcast: snapcast == null ? null : open(snapcast),
      snapcastControl: snapcastControl == null ? null : open(snapcastControl),
      tls,
    };
  } catch (error) {
    for (const listener of opened) listener.close();
    throw error;
  }
}

/** The numbers of the ports that are open. */
export function portsOf(
  { session, stream, http, snapcast, snapcastControl }: Listeners,
): OpenPorts {
  return {
    session: session.addr.port,
    ...(stream && { stream: stream.addr.port }),
    ...(http && { http: http.addr.port }),
    ...(snapcast && { snapcast: snapcast.addr.port }),
    ...(snapcastControl && { snapcastControl: snapcastControl.addr.port }),
  };
}
