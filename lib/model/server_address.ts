/**
 * Where a server is: as a user writes it, or as the address of its page.
 *
 * @module
 */

import { formatHostPort, parseAddress } from "./address.ts";
import { DEFAULT_PORTS } from "./right_port.ts";

/** A place that a connection may lead to. */
export interface Endpoint {
  /** A name or an IP address, without brackets. */
  host: string;
  port: number;
}

/** An endpoint as a user would write it. */
export function placeOf({ host, port }: Endpoint): string {
  return formatHostPort(host, port);
}

/** A server as a user names it. */
export interface NamedServer {
  /** Where to try it, in this order. */
  endpoints: Endpoint[];
  /** Whether it was named by an `https:` address. */
  tls: boolean;
}

/**
 * Reads `host`, `host:port` or the address of a server's page. The default HTTP
 * port stands for that of sessions, unless nothing is there.
 *
 * @throws {OndacastError} `usage`.
 *
 * @example
 * ```ts
 * import { namedServer } from "./server_address.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(namedServer("http://pi.local:4042/").endpoints[0], {
 *   host: "pi.local",
 *   port: 4040,
 * });
 * ```
 */
export function namedServer(text: string): NamedServer {
  const [, scheme, rest] = /^(https?:\/\/)?([^/?#]*)/i.exec(text)!;
  const { session, http } = DEFAULT_PORTS;
  const isPage = scheme !== undefined;
  const address = isPage ? rest : text;
  const { host, port } = parseAddress(address, isPage ? http : session);
  return {
    endpoints: port === http
      ? [{ host, port: session }, { host, port }]
      : [{ host, port }],
    tls: scheme?.toLowerCase() === "https://",
  };
}
