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

/** One TCP or TLS connection. */
export class TcpTransport implements Transport {
  readonly peer: string;
  progressAtMs: number = systemClock.now();
  writing = false;
  readonly #conn: Deno.TcpConn | Deno.TlsConn;
  #closed = false;

  constructor(conn: Deno.TcpConn | Deno.TlsConn) {
    this.#conn = conn;
    this.peer = formatAddress(conn.remoteAddr);
    if ("setNoDelay" in conn) conn.setNoDelay(true);
  }

  /** Reads where the caller says: a stream's reader would hold a buffer of its own for each idle client. */
  async read(into: Uint8Array): Promise<number | null> {
    try {
      return await this.#conn.read(into);
    } catch (error) {
      if (this.#closed) return null;
      throw lost(this.peer, error);
    }
  }

  /** Writes in as many steps as the peer takes, so that each is seen as progress. */
  async write(bytes: Uint8Array): Promise<void> {
    this.writing = true;
    this.progressAtMs = systemClock.now();
    try {
      let written = await this.#conn.write(bytes);
      while (written < bytes.length) {
        this.progressAtMs = systemClock.now();
        written += await this.#conn.write(bytes.subarray(written));
      }
    } catch (error) {
      throw lost(this.peer, error);
    } finally {
      this.writing = false;
    }
  }

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

/** Connects to a session or stream port over TCP. */
export class TcpConnector implements Connector {
  readonly place: string;
  readonly #host: string;
  readonly #port: number;

  constructor(host: string, port: number) {
    this.#host = host;
    this.#port = port;
    this.place = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  }

  async connect(signal?: AbortSignal): Promise<Transport> {
    try {
      const conn = await Deno.connect({
        hostname: this.#host,
        port: this.#port,
        signal,
      });
      return new TcpTransport(conn);
    } catch (cause) {
      throw new OndacastError(
        "unreachable",
        `Cannot reach ${this.place}: ${
          reasonOf(cause)
        }. Is the server running? \`--server HOST:PORT\` names another`,
        { cause },
      );
    }
  }
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
  return text.replace(/ \(os error \d+\)$/, "").toLowerCase();
}
