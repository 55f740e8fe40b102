/**
 * `ondacast stream`: plays a plain stream.
 *
 * @module
 */

import { PlainSource } from "../client/plain_source.ts";
import { Playback } from "../client/playback.ts";
import { NotWavError, OndacastError, toOndacastError } from "../errors.ts";
import { TcpConnector } from "../io/net/tcp.ts";
import { parseAddress } from "../model/address.ts";
import { DEFAULT_PORTS } from "../model/right_port.ts";
import type { ClientContext } from "./client_context.ts";
import { play, withPlayer } from "./player.ts";

/** @param address Of the stream; undefined: that of the server. */
export async function streamCommand(
  context: ClientContext,
  address: string | undefined,
): Promise<void> {
  const { tls, tlsCa } = context.options;
  if (tls === true || tlsCa !== undefined) {
    throw new OndacastError(
      "usage",
      "Cannot encrypt a plain stream: it is plain TCP. Leave --tls out (and ONDACAST_TLS), or `play` a song instead",
    );
  }
  const { output, clock, signal } = context;
  const connector = connectorFor(context, address);
  const source = new PlainSource(connector, clock, signal);
  const playback = new Playback({ source, output, clock, signal });
  try {
    await withPlayer(context, (player) => play(player, playback));
  } catch (error) {
    throw withAdvice(error, connector.place);
  }
}

function connectorFor(
  context: ClientContext,
  address: string | undefined,
): TcpConnector {
  const { stream } = DEFAULT_PORTS;
  if (address === undefined) {
    return new TcpConnector(context.server.endpoints[0].host, stream);
  }
  const { host, port } = parseAddress(address, stream);
  return new TcpConnector(host, port);
}

const RIGHT_STREAM_PORT =
  `Is this the port of a plain stream? An Ondacast server uses ${DEFAULT_PORTS.stream} by default`;

/** The error of a plain stream, with a likely reason. */
function withAdvice(thrown: unknown, place: string): OndacastError {
  const error = toOndacastError(thrown);
  const { code, message } = error;
  const words = error instanceof NotWavError
    ? `Cannot play what ${place} sends: ${message}. ${RIGHT_STREAM_PORT}`
    : code === "timeout"
    ? `${message}. ${RIGHT_STREAM_PORT}`
    : code === "unreachable"
    ? `${message}. A server with a token or TLS offers a plain stream only with --stream-port`
    : null;
  if (words === null) return error;
  return new OndacastError(code as "unreachable", words, { cause: error });
}
