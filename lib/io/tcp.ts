/**
 * TCP connections as transports, and back: the only place that opens them.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import type { Connector, Transport } from "../ports.ts";
import { systemClock } from "./clock.ts";

/** `ip:port`, IPv6 in brackets, an IPv4 address inside IPv6 as IPv4. */
export function formatAddress(address: Deno.Addr): string {
  if (address.transport !== "tcp" && address.transport !== "udp") {
    return address.transport;
  }
  const host = plainHost(address.hostname);
  return host.includes(":")
    ? `[${host}]:${address.port}`
    : `${host}:${address.port}`;
}

/** An address without the IPv6 wrapping that dual-stack sockets give IPv4. */
export function plainHost(hostname: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(hostname)?.[1] ?? hostname;
}

/** Has what is written sent at once (TCP_NODELAY), if the connection still lives. */
export function sendAtOnce(conn: Deno.TcpConn): void {
  try {
    conn.setNoDelay(true);
  } catch {
    // Reset by the peer, which some systems say already here (macOS).
  }
}

const NOTHING = new Uint8Array(0);

/** One TCP or TLS connection. */
export class TcpTransport implements Transport {
  readonly peer: string;
  progressAtMs: number = systemClock.now();
  writing = false;
  readonly #conn: Deno.TcpConn | Deno.TlsConn;
  #unwritten: Uint8Array = NOTHING;
  #closed = false;

  /** @param peer Who is at the other end, where another passes the bytes on. */
  constructor(
    conn: Deno.TcpConn | Deno.TlsConn,
    peer: Deno.Addr = conn.remoteAddr,
  ) {
    this.#conn = conn;
    this.peer = formatAddress(peer);
    if ("setNoDelay" in conn) sendAtOnce(conn);
  }

  /** Reads where the caller says: a stream's reader would hold a buffer of its own for each idle client. */
  read(into: Uint8Array): Promise<number | null> {
    return this.#conn.read(into).catch(this.#readFailed);
  }

  readonly #readFailed = (error: unknown): null => {
    if (this.#closed) return null;
    throw lost(this.peer, error);
  };

  /** Writes in as many steps as the peer takes, so that each is seen as progress. */
  write(bytes: Uint8Array): Promise<void> {
    this.writing = true;
    this.#unwritten = bytes;
    this.progressAtMs = systemClock.now();
    return this.#conn.write(bytes).then(this.#wrote, this.#writeFailed);
  }

  // Made once and not for each write, as there are so many.
  readonly #wrote = (bytes: number): void | Promise<void> => {
    const { length } = this.#unwritten;
    if (bytes < length) return this.write(this.#unwritten.subarray(bytes));
    this.#unwritten = NOTHING;
    this.writing = false;
  };

  readonly #writeFailed = (error: unknown): never => {
    this.#unwritten = NOTHING;
    this.writing = false;
    throw lost(this.peer, error);
  };

  async closeWrite(): Promise<void> {
    await this.#conn.closeWrite();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.#conn.close();
    } catch {
      // The other side may have closed it in the same moment.
    }
  }
}

/** The first byte of a TLS alert (RFC 8446, section 5.1), which is no frame's. */
const TLS_ALERT = 0x15;

/** A connection on which the server may turn out to expect TLS. */
class PlainTransport extends TcpTransport {
  #isFirst = true;

  override async read(into: Uint8Array): Promise<number | null> {
    const bytes = await super.read(into);
    if (this.#isFirst && bytes !== null && into[0] === TLS_ALERT) {
      throw new OndacastError(
        "tls-mismatch",
        `Cannot talk to ${this.peer} without encryption: it wants TLS. Use --tls`,
      );
    }
    this.#isFirst = false;
    return bytes;
  }
}

/** Connects to a session or stream port over TCP. */
export class TcpConnector implements Connector {
  readonly place: string;
  readonly #host: string;
  readonly #port: number;

  constructor(host: string, port: number) {
    this.#host = host;
    this.#port = port;
    this.place = placeOf(host, port);
  }

  async connect(signal?: AbortSignal): Promise<Transport> {
    return new PlainTransport(
      await connectTcp(this.#host, this.#port, signal),
    );
  }
}

/**
 * Opens a TCP connection.
 *
 * @throws {OndacastError} `unreachable`.
 */
export async function connectTcp(
  host: string,
  port: number,
  signal?: AbortSignal,
): Promise<Deno.TcpConn> {
  try {
    const conn = await Deno.connect({ hostname: host, port, signal });
    conn.setNoDelay(true);
    return conn;
  } catch (cause) {
    throw unreachable(placeOf(host, port), cause);
  }
}

/** `host:port` as a person would write it. */
export function placeOf(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The error of a server that cannot be reached, with what to do. */
export function unreachable(place: string, cause: unknown): OndacastError {
  return new OndacastError(
    "unreachable",
    `Cannot reach ${place}: ${
      reasonOf(cause)
    }. Is the server running? \`--server HOST:PORT\` names another`,
    { cause },
  );
}

function lost(peer: string, cause: unknown): OndacastError {
  return new OndacastError(
    "lost",
    `Lost the connection to ${peer}: ${reasonOf(cause)}`,
    { cause },
  );
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/ \(os error \d+\)$|: https?:\S+$/, "").toLowerCase();
}
