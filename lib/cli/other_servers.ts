/**
 * The other servers of a cluster that a client asks when it has lost its own: those
 * that may be sent what that one was sent.
 *
 * @module
 */

import type { OtherServer } from "../client/endpoints_connector.ts";
import { TcpConnector } from "../io/net/tcp.ts";
import { TlsConnector } from "../io/tls/tls_connect.ts";
import { type Trust, vouchedFor } from "../io/tls/trust.ts";
import { isLoopback, parseAddress } from "../model/address.ts";
import { DEFAULT_PORTS } from "../model/right_port.ts";
import type { Endpoint } from "../model/server_address.ts";
import type { Connector, Others } from "../ports/common.ts";

/** Others that are asked in turn. */
const MOST_OTHERS = 8;
/** How long one of them may take to answer. */
const PATIENCE_MS = 2_000;

/**
 * Over TLS, an other server is taken whose certificate is known already, is named by
 * the one that the client was connected to, or is signed by an authority: the user is
 * not asked, and nothing is trusted on first use. Without TLS nothing shows that it
 * is the right one, so a token goes to others on this machine only.
 *
 * @param named As the last server has named them.
 * @param own Where the user's server is.
 */
export function otherServers(
  { also = [], alsoCertificates = [] }: Others,
  own: Endpoint,
  { trust, sendsToken }: { trust: Trust | null; sendsToken: boolean },
): OtherServer[] {
  const mayBeAsked = (other: Endpoint) => {
    // A server elsewhere has no say over what runs on this machine.
    if (isHere(other)) return isHere(own);
    return trust !== null || !sendsToken;
  };
  const connectorTo = (
    { host, port }: Endpoint,
    certificate?: string,
  ): Connector =>
    trust === null
      ? new TcpConnector(host, port, PATIENCE_MS)
      : new TlsConnector(host, port, vouchedFor(trust, certificate), {
        patienceMs: PATIENCE_MS,
      });
  return also.slice(0, MOST_OTHERS).flatMap((place, i) => {
    const other = endpointOf(place);
    if (other === null || !mayBeAsked(other)) return [];
    return [{ ...other, connector: connectorTo(other, alsoCertificates[i]) }];
  });
}

function isHere({ host }: Endpoint): boolean {
  return isLoopback(host) || host === "localhost";
}

/** Null: it is no address. */
function endpointOf(place: string): Endpoint | null {
  try {
    return parseAddress(place, DEFAULT_PORTS.session);
  } catch {
    return null;
  }
}
