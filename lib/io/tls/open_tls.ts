/**
 * The TLS handshake with a server whose certificate is known.
 *
 * @module
 */

import { errorText, OndacastError } from "../../errors.ts";
import { formatHostPort } from "../../model/address.ts";
import type { Transport } from "../../ports/common.ts";
import { systemClock } from "../clock/clock.ts";
import { setDeadline } from "../clock/deadline.ts";
import { ClientTransport, connectTcp, unreachable } from "../net/tcp.ts";
import { bad, type Expected } from "./trusted_certificate.ts";

/** Longest handshake. */
const HANDSHAKE_MS = 10_000;

/** Where a server is. */
export interface TlsPlace {
  readonly host: string;
  readonly port: number;
  /** How long connecting may take, without the handshake. */
  readonly patienceMs?: number;
}

/**
 * Connects to a server that has an expected certificate.
 *
 * @throws {OndacastError} `unreachable`, `tls-mismatch`; `bad-certificate`, whose
 * message is the {@linkcode refusal}.
 */
export async function openTls(
  { host, port, patienceMs }: TlsPlace,
  { name, caCerts }: Expected,
  signal?: AbortSignal,
): Promise<Transport> {
  const tcp = await connectTcp(host, port, signal, patienceMs);
  // It is not known of the TLS connection.
  const { remoteAddr } = tcp;
  let conn: Deno.TcpConn | Deno.TlsConn = tcp;
  const giveUp = () => closeQuietly(conn);
  const met = setDeadline(systemClock, HANDSHAKE_MS, giveUp);
  signal?.addEventListener("abort", giveUp);
  try {
    // Nagle's algorithm (RFC 896) is already off: it cannot be set on a TLS
    // connection.
    const tls = conn = await Deno.startTls(tcp, { hostname: name, caCerts });
    await tls.handshake();
    return new ClientTransport(tls, remoteAddr);
  } catch (cause) {
    giveUp();
    throw handshakeError(formatHostPort(host, port), cause);
  } finally {
    met();
    signal?.removeEventListener("abort", giveUp);
  }
}

/** Why Deno refused a certificate; null: the error has another cause. */
export function refusal(error: unknown): string | null {
  return error instanceof OndacastError && error.code === "bad-certificate"
    ? error.message
    : null;
}

function handshakeError(place: string, cause: unknown): OndacastError {
  const reason = errorText(cause);
  const [, refused] = /^invalid peer certificate: (.*)/s.exec(reason) ?? [];
  if (refused !== undefined) return bad(refused, cause);
  if (!(cause instanceof Deno.errors.InvalidData)) {
    return unreachable(place, cause);
  }
  return new OndacastError(
    "tls-mismatch",
    `Cannot speak TLS with ${place}: it does not answer in TLS (${reason}). If the server was started without TLS, leave --tls out, or write http:// instead of https://`,
    { cause },
  );
}

function closeQuietly(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch {
    // The TLS connection owns it, or it is closed.
  }
}
