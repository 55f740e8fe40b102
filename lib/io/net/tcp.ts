/**
 * TCP connections as transports, and back: the only place that opens them.
 *
 * @module
 */

import { errorText, OndacastError, RIGHT_PORT } from "../../errors.ts";
import { formatHostPort } from "../../model/address.ts";
import type { Connector, Transport } from "../../ports/common.ts";
import { systemClock } from "../clock/clock.ts";

/** `ip:port`, IPv6 in brackets, an IPv4 address inside IPv6 as IPv4. */
export function formatAddress(address: Deno.Addr): string {
  if (address.transport !== "tcp" && address.transport !== "udp") {
    return address.transport;
  }
  return formatHostPort(plainHost(address.hostname), address.port);
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
/** How other services greet, or answer what they don't understand. */
const FOREIGN = /^(HTTP\/|SSH-|220[ -]|RFB |\* OK|\+OK|<)/;
const GREETING_BYTES = 8;

/** A connection to a server that may turn out to be another. */
export class ClientTransport extends TcpTransport {
  #isFirst = true;

  override async read(into: Uint8Array): Promise<number | null> {
    if (!this.#isFirst) return await super.read(into);
    const bytes = await super.read(into).catch((error) => {
      throw new OndacastError("lost", `${error.message}. ${RIGHT_PORT}`, {
        cause: error,
      });
    });
    this.#check(into.subarray(0, bytes ?? 0));
    this.#isFirst = false;
    return bytes;
  }

  #check(first: Uint8Array): void {
    if (first.length === 0) {
      throw new OndacastError(
        "lost",
        `Lost the connection to ${this.peer}: it was closed before a word was said. ${RIGHT_PORT}`,
      );
    }
    if (first[0] === TLS_ALERT) {
      throw new OndacastError(
        "tls-mismatch",
        `Cannot talk to ${this.peer} without encryption: it wants TLS. Use --tls`,
      );
    }
    const greeting = String.fromCharCode(...first.subarray(0, GREETING_BYTES));
    if (!FOREIGN.test(greeting)) return;
    const what = greeting.startsWith("HTTP/")
      ? "a web server"
      : "another kind of server";
    throw new OndacastError(
      "not-ondacast",
      `Cannot talk to ${this.peer}: ${what} answers there. ${RIGHT_PORT}`,
    );
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
    this.place = formatHostPort(host, port);
  }

  async connect(signal?: AbortSignal): Promise<Transport> {
    return new ClientTransport(
      await connectTcp(this.#host, this.#port, signal),
    );
  }
}

/** How long connecting may take, in milliseconds. */
const CONNECT_MS = 10_000;

/**
 * Opens a TCP connection.
 *
 * @throws {OndacastError} `unreachable`, after 10 s at the latest.
 */
export async function connectTcp(
  host: string,
  port: number,
  signal?: AbortSignal,
): Promise<Deno.TcpConn> {
  const late = new AbortController();
  const timer = setTimeout(
    () => late.abort(new Deno.errors.TimedOut("it does not answer")),
    CONNECT_MS,
  );
  try {
    const conn = await Deno.connect({
      hostname: host,
      port,
      signal: signal ? AbortSignal.any([signal, late.signal]) : late.signal,
    });
    conn.setNoDelay(true);
    return conn;
  } catch (cause) {
    throw unreachable(formatHostPort(host, port), late.signal.reason ?? cause);
  } finally {
    clearTimeout(timer);
  }
}

/** The error of a server that cannot be reached, with what to do. */
export function unreachable(place: string, cause: unknown): OndacastError {
  const [, words] =
    UNREACHABLE.find(([pattern]) => pattern.test(nameAndText(cause))) ??
      [null, `${reasonOf(cause)}. Is the server running?`];
  return new OndacastError(
    "unreachable",
    `Cannot reach ${place}: ${words} \`--server HOST:PORT\` names another`,
    { cause },
  );
}

/** Why no connection comes about, and what to look at, as systems tell it. */
const UNREACHABLE: readonly [pattern: RegExp, words: string][] = [
  [
    /ConnectionRefused/,
    "connection refused: nothing listens at that port. Is the server running there?",
  ],
  [
    /lookup address|name or service|nodename|No such host/i,
    "no machine of that name is known here. Is it spelt right? Its IP address works, too.",
  ],
  [
    /NetworkUnreachable|network is unreachable|HostUnreachable|No route to host|unreachable (network|host)/i,
    "there is no way to it from here. Is that machine on, and in the same network?",
  ],
  [
    /TimedOut|timed out/i,
    "it does not answer. Is that machine on, and does its firewall let the port through?",
  ],
];

function nameAndText(error: unknown): string {
  return error instanceof Error
    ? `${error.name}: ${error.message}`
    : String(error);
}

function lost(peer: string, cause: unknown): OndacastError {
  return new OndacastError(
    "lost",
    `Lost the connection to ${peer}: ${reasonOf(cause)}`,
    { cause },
  );
}

function reasonOf(error: unknown): string {
  return errorText(error).replace(/ \(os error \d+\)$|: https?:\S+$/, "")
    .toLowerCase();
}
