/**
 * TCP connections as transports. No other module opens TCP connections.
 *
 * @module
 */

import { errorText, OndacastError } from "../../errors.ts";
import { formatHostPort } from "../../model/address.ts";
import { RIGHT_PORT, sessionPortOf } from "../../model/right_port.ts";
import type { Connector, Transport } from "../../ports/common.ts";
import { systemClock } from "../clock/clock.ts";
import { setDeadline } from "../clock/deadline.ts";
import { sessionPort } from "./session_port.ts";
import { FRAME_TYPE } from "../../wire/frame.ts";
import { plainStreamError, withPortAdvice } from "./wrong_server.ts";

/** Formats `ip:port`, with IPv6 in brackets and IPv4-mapped addresses as IPv4. */
export function formatAddress(address: Deno.Addr): string {
  if (address.transport !== "tcp" && address.transport !== "udp") {
    return address.transport;
  }
  return formatHostPort(plainHost(address.hostname), address.port);
}

/** Converts an IPv4-mapped IPv6 address, as of dual-stack sockets, to IPv4. */
export function plainHost(hostname: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(hostname)?.[1] ?? hostname;
}

/** Sets TCP_NODELAY, if the connection is still open. */
export function sendAtOnce(conn: Deno.TcpConn): void {
  try {
    conn.setNoDelay(true);
  } catch {
    // Already reset by the peer, which macOS reports here.
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

  /** @param peer The actual peer of a relayed connection. */
  constructor(
    conn: Deno.TcpConn | Deno.TlsConn,
    peer: Deno.Addr = conn.remoteAddr,
  ) {
    this.#conn = conn;
    this.peer = formatAddress(peer);
    if ("setNoDelay" in conn) sendAtOnce(conn);
  }

  /** Reads into the caller's buffer. A stream reader would hold one per idle client. */
  read(into: Uint8Array): Promise<number | null> {
    return this.#conn.read(into).catch(this.#readFailed);
  }

  readonly #readFailed = (error: unknown): null => {
    if (this.#closed) return null;
    throw lost(this.peer, error);
  };

  /** Writes in as many steps as the peer accepts, each of which counts as progress. */
  write(bytes: Uint8Array): Promise<void> {
    this.writing = true;
    this.#unwritten = bytes;
    this.progressAtMs = systemClock.now();
    return this.#conn.write(bytes).then(this.#wrote, this.#writeFailed);
  }

  // Created once, because a closure per write would be costly.
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
      // The peer may just have closed it.
    }
  }
}

/** The first byte of a TLS alert (RFC 8446, section 5.1), which no frame has. */
const TLS_ALERT = 0x15;
/** Greetings and error messages of other services. */
const FOREIGN = /^(HTTP\/|SSH-|220[ -]|RFB |\* OK|\+OK|<)/;
const GREETING_BYTES = 8;

/** A client's connection, which checks that an Ondacast server answers. */
export class ClientTransport extends TcpTransport {
  #isFirst = true;
  #beginsWithData = false;

  override async read(into: Uint8Array): Promise<number | null> {
    if (!this.#isFirst) return await super.read(into);
    const bytes = await super.read(into).catch((error) => {
      throw new OndacastError("lost", `${error.message}. ${RIGHT_PORT}`, {
        cause: error,
      });
    });
    await this.#check(into.subarray(0, bytes ?? 0));
    this.#isFirst = false;
    this.#beginsWithData = into[0] === FRAME_TYPE.data;
    return bytes;
  }

  explain(error: OndacastError): OndacastError {
    return this.#beginsWithData
      ? plainStreamError(this.peer)
      : withPortAdvice(error, this.peer);
  }

  async #check(first: Uint8Array): Promise<void> {
    if (first.length === 0) {
      throw new OndacastError(
        "lost",
        `Lost the connection to ${this.peer}: it was closed before any data arrived. ${RIGHT_PORT}`,
      );
    }
    if (first[0] === TLS_ALERT) {
      throw new OndacastError(
        "tls-mismatch",
        `Cannot talk to ${this.peer} without encryption: it requires TLS. Use --tls`,
      );
    }
    const greeting = String.fromCharCode(...first.subarray(0, GREETING_BYTES));
    if (!FOREIGN.test(greeting)) return;
    const [what, advice] = greeting.startsWith("HTTP/")
      ? ["it is a port for HTTP", await this.#askPort()]
      : ["another kind of server answers there", RIGHT_PORT];
    throw new OndacastError(
      "not-ondacast",
      `Cannot talk to ${this.peer}: ${what}. ${advice}`,
    );
  }

  /** The port of sessions, by the page's own word where it is Ondacast's. */
  async #askPort(): Promise<string> {
    const told = await sessionPort(`http://${this.peer}`, systemClock);
    return sessionPortOf(this.peer, told);
  }
}

export class TcpConnector implements Connector {
  readonly place: string;
  readonly #host: string;
  readonly #port: number;
  readonly #patienceMs: number;

  /** @param patienceMs How long connecting may take. */
  constructor(host: string, port: number, patienceMs = CONNECT_MS) {
    this.#host = host;
    this.#port = port;
    this.#patienceMs = patienceMs;
    this.place = formatHostPort(host, port);
  }

  async connect(signal?: AbortSignal): Promise<Transport> {
    return new ClientTransport(
      await connectTcp(this.#host, this.#port, signal, this.#patienceMs),
    );
  }
}

/** How long connecting may take by default. */
const CONNECT_MS = 10_000;

/**
 * Opens a TCP connection.
 *
 * @throws {OndacastError} `unreachable`, after `patienceMs` at the latest.
 */
export async function connectTcp(
  host: string,
  port: number,
  signal?: AbortSignal,
  patienceMs = CONNECT_MS,
): Promise<Deno.TcpConn> {
  const late = new AbortController();
  const met = setDeadline(
    systemClock,
    patienceMs,
    () => late.abort(new Deno.errors.TimedOut("it does not answer")),
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
    met();
  }
}

/** The error of a server that cannot be reached, with what to do. */
export function unreachable(place: string, cause: unknown): OndacastError {
  const [, words] =
    UNREACHABLE.find(([pattern]) => pattern.test(String(cause))) ??
      [null, `${reasonOf(cause)}. Is the server running?`];
  return new OndacastError(
    "unreachable",
    `Cannot reach ${place}: ${words} Choose another server with \`--server HOST:PORT\``,
    { cause },
  );
}

/** Reasons by the systems' error messages, and what to check. */
const UNREACHABLE: readonly [pattern: RegExp, words: string][] = [
  [
    /ConnectionRefused/,
    "connection refused: nothing is listening on that port. Is the server running there?",
  ],
  [
    /lookup address|name or service|nodename|No such host/i,
    "no machine of that name was found. Is it spelled correctly? Its IP address works, too.",
  ],
  [
    /NetworkUnreachable|network is unreachable|HostUnreachable|No route to host|unreachable (network|host)/i,
    "there is no route to it. Is that machine on, and in the same network?",
  ],
  [
    /TimedOut|timed out/i,
    "it does not answer. Is that machine on, and does its firewall let the port through?",
  ],
];

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
