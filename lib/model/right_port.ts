/**
 * The ports of a server by default, and advice for a client that has connected
 * to another one than that of sessions.
 *
 * @module
 */

import { formatHostPort, parseAddress } from "./address.ts";

/** The ports of a server that is started without options. */
export const DEFAULT_PORTS = { session: 4040, stream: 4041, http: 4042 };

/** The highest port. */
export const MAX_PORT = 65_535;

/** The header field of `/healthz` that has the port of sessions. */
export const SESSION_PORT_FIELD = "ondacast-session-port";

/** Advice for when nothing shows which port was meant. */
export const RIGHT_PORT =
  `Is it the right port? By default Ondacast uses ${DEFAULT_PORTS.session} for sessions and ${DEFAULT_PORTS.stream} for the plain stream`;

/**
 * Advice for when a port turned out to be another one than that of sessions.
 *
 * @param peer The server, as `ip:port`.
 * @param told Its port of sessions, where it told; null: it did not.
 *
 * @example
 * ```ts
 * import { sessionPortOf } from "./right_port.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(
 *   sessionPortOf("192.0.2.7:4042"),
 *   "Use the port of sessions, by default `--server 192.0.2.7:4040`",
 * );
 * assert.equal(
 *   sessionPortOf("192.0.2.7:5042", 5040),
 *   "Use the port of sessions: `--server 192.0.2.7:5040`",
 * );
 * ```
 */
export function sessionPortOf(
  peer: string,
  told: number | null = null,
): string {
  const { session } = DEFAULT_PORTS;
  const { host, port } = parseAddress(peer, session);
  if (told !== null) {
    const place = formatHostPort(host, told);
    return `Use the port of sessions: \`--server ${place}\``;
  }
  if (port === session) return RIGHT_PORT;
  const place = formatHostPort(host, session);
  return `Use the port of sessions, by default \`--server ${place}\``;
}
