/**
 * TLS on the server's side: turns accepted connections into transports after
 * their handshake.
 *
 * Deno (2.9 and below) frees a TLS connection only after its handshake, even if
 * it is closed earlier, and only once the client has read everything written: a
 * silent client could hold a file descriptor indefinitely. Deno's TLS therefore
 * listens on a separate loopback port. Client connections are plain TCP here,
 * which can be cut; a {@linkcode Relay} forwards their encrypted bytes
 * unchanged. See `docs/decisions/tls.md`.
 *
 * @module
 */

import { getLogger } from "@logtape/logtape";
import { errorText, OndacastError } from "../../errors.ts";
import { AddressTally } from "../../model/address_tally.ts";
import type { Transport } from "../../ports/common.ts";
import { systemClock } from "../clock/clock.ts";
import { setDeadline } from "../clock/deadline.ts";
import { Relay } from "../net/relay.ts";
import { formatAddress, plainHost, TcpTransport } from "../net/tcp.ts";
import type { TlsIdentity } from "./tls_identity.ts";

const log = getLogger(["ondacast", "server"]);

/** The address of the TLS port. */
const BEHIND = "127.0.0.1";
/** Longest handshake, equal to the limit for `hello`. */
const HANDSHAKE_MS = 5_000;
/** Connections per allowed client; further ones are closed unread. */
const CONNECTIONS_PER_CLIENT = 2;
/** Most connections on the TLS port that are not yet claimed. */
const MAX_EARLY = 64;

/** Turns TCP connections into TLS transports. */
export class TlsServer {
  /** The TLS port: pass its connections to {@linkcode arrive}. */
  readonly listener: Deno.TlsListener;
  readonly #mostConnections: number;
  readonly #addresses: AddressTally;
  readonly #relays = new Set<Relay>();
  readonly #unfinished = new Set<Relay>();
  /** Waiters for a connection on the TLS port, by its source port. */
  readonly #waiting = new Map<number, (conn: Deno.TlsConn) => void>();
  /** Connections that arrived before their waiter. */
  readonly #early = new Map<number, Deno.TlsConn>();
  #connections = 0;

  /**
   * @param most Most clients, in total and per address.
   * @throws {OndacastError} `bad-certificate`, with what to do.
   */
  constructor(
    identity: TlsIdentity,
    most: { maxClients: number; maxClientsPerAddress: number },
  ) {
    const { cert, key } = identity;
    try {
      this.listener = Deno.listenTls({ hostname: BEHIND, port: 0, cert, key });
    } catch (cause) {
      throw identityError(identity, cause);
    }
    this.#mostConnections = most.maxClients * CONNECTIONS_PER_CLIENT;
    this.#addresses = new AddressTally(
      most.maxClientsPerAddress * CONNECTIONS_PER_CLIENT,
    );
  }

  /** Serves a connection to its end, if its handshake succeeds in time. */
  async serve(
    client: Deno.TcpConn,
    serve: (transport: Transport) => Promise<void>,
  ): Promise<void> {
    const peer = formatAddress(client.remoteAddr);
    const ip = plainHost((client.remoteAddr as Deno.NetAddr).hostname);
    if (
      this.#connections >= this.#mostConnections || !this.#addresses.enter(ip)
    ) {
      log.info("no TLS with {peer}: too many connections", { peer });
      return client.close();
    }
    this.#connections++;
    try {
      const transport = await this.#secure(client);
      if (transport === null) return;
      try {
        await serve(transport);
      } finally {
        transport.close();
        await transport.relayed;
      }
    } finally {
      this.#connections--;
      this.#addresses.leave(ip);
    }
  }

  /** Accepts a connection on the TLS port. */
  arrive(conn: Deno.TlsConn): void {
    const { hostname, port } = conn.remoteAddr as Deno.NetAddr;
    if (hostname !== BEHIND) return conn.close(); // Not from this process.
    const waiting = this.#waiting.get(port);
    if (waiting) return waiting(conn);
    // Connections of other local programs stay until there are too many.
    const [oldest] = this.#early.keys();
    if (this.#early.size >= MAX_EARLY) this.#forget(oldest);
    this.#forget(port);
    this.#early.set(port, conn);
  }

  /** Cuts all connections that are still in their handshake. */
  cutUnfinished(): void {
    for (const relay of this.#unfinished) relay.cut();
  }

  /** Cuts all connections. */
  cutAll(): void {
    for (const relay of this.#relays) relay.cut();
  }

  /** The TLS connection; null: it failed, with the reason in the log. */
  async #secure(client: Deno.TcpConn): Promise<RelayedTransport | null> {
    const peer = formatAddress(client.remoteAddr);
    try {
      return await this.#handshake(await this.#openRelay(client));
    } catch (error) {
      const reason = errorText(error);
      log.info("no TLS with {peer}: {reason}", { peer, reason });
      return null;
    }
  }

  async #handshake(relay: Relay): Promise<RelayedTransport> {
    this.#relays.add(relay);
    const relayed = relay.run().finally(() => this.#relays.delete(relay));
    this.#unfinished.add(relay);
    let conn: Deno.TlsConn | null = null;
    let isLate = false;
    const met = setDeadline(systemClock, HANDSHAKE_MS, () => {
      isLate = true;
      relay.cut();
    });
    try {
      conn = await this.#arrival(relay.serverPort, relayed);
      await conn.handshake();
      return new RelayedTransport(conn, relay, relayed);
    } catch (error) {
      conn?.close();
      relay.finish(); // The TLS alert may still be in transit.
      throw isLate ? new Error("no handshake in time") : error;
    } finally {
      met();
      this.#waiting.delete(relay.serverPort);
      this.#unfinished.delete(relay);
    }
  }

  async #openRelay(client: Deno.TcpConn): Promise<Relay> {
    try {
      const { port } = this.listener.addr as Deno.NetAddr;
      return new Relay(
        client,
        await Deno.connect({ hostname: BEHIND, port }),
      );
    } catch (error) {
      client.close();
      throw error;
    }
  }

  #forget(port: number): void {
    this.#early.get(port)?.close();
    this.#early.delete(port);
  }

  #arrival(port: number, relayed: Promise<void>): Promise<Deno.TlsConn> {
    const early = this.#early.get(port);
    this.#early.delete(port);
    if (early) return Promise.resolve(early);
    return new Promise((resolve, reject) => {
      this.#waiting.set(port, resolve);
      relayed.then(() => reject(new Error("the connection was lost")));
    });
  }
}

/** A TLS connection whose bytes a relay passes on. */
class RelayedTransport extends TcpTransport {
  /** Resolves when everything written was delivered or dropped. */
  readonly relayed: Promise<void>;
  readonly #relay: Relay;

  constructor(conn: Deno.TlsConn, relay: Relay, relayed: Promise<void>) {
    super(conn, relay.client);
    this.#relay = relay;
    this.relayed = relayed;
  }

  override close(): void {
    super.close();
    this.#relay.finish();
  }
}

/** The error for an unusable certificate and key. */
function identityError(
  { files }: TlsIdentity,
  cause: unknown,
): OndacastError {
  const reason = errorText(cause);
  const why = /KeyMismatch/.test(reason)
    ? "they do not belong together"
    : `expected both in PEM, the key not encrypted (${reason})`;
  return new OndacastError(
    "bad-certificate",
    `Cannot use the certificate ${files.cert} with the key ${files.key}: ${why}`,
    { cause },
  );
}
