/**
 * Accepts connections until the server closes.
 *
 * @module
 */

import { acceptAll } from "../io/net/accept_all.ts";
import { TcpTransport } from "../io/net/tcp.ts";
import type { TlsServer } from "../io/tls/tls_server.ts";
import type { Transport } from "../ports/common.ts";
import type { TaskGroup } from "./task_group.ts";

export class Acceptor {
  readonly #tls: TlsServer | null;
  readonly #work: TaskGroup;
  readonly #closing: AbortSignal;

  /** @param work Gets what is served. */
  constructor(tls: TlsServer | null, work: TaskGroup, closing: AbortSignal) {
    this.#tls = tls;
    this.#work = work;
    this.#closing = closing;
  }

  /** Begins to accept what arrives over TLS, for {@linkcode acceptTransports}. */
  begin(): void {
    const tls = this.#tls;
    if (tls === null) return;
    this.accept(tls.listener, (conn) => tls.arrive(conn));
    this.#closing.addEventListener("abort", () => tls.cutUnfinished());
  }

  /** Serves each connection of a listener, which is closed at the end. */
  accept<Conn>(
    listener: { accept(): Promise<Conn>; close(): void },
    serve: (conn: Conn) => Promise<void> | void,
  ): void {
    this.#closing.addEventListener("abort", () => listener.close());
    const track = (conn: Conn) => {
      try {
        const serving = serve(conn);
        if (serving) this.#work.add(serving);
      } catch (error) {
        this.#work.add(Promise.reject(error)); // The connection was lost at once.
      }
    };
    this.#work.add(acceptAll(listener, track, this.#closing));
  }

  /** As {@linkcode accept}, with connections as transports, over TLS where enabled. */
  acceptTransports(
    listener: Deno.TcpListener,
    serve: (transport: Transport) => Promise<void>,
  ): void {
    const tls = this.#tls;
    this.accept(
      listener,
      tls
        ? (conn) => tls.serve(conn, serve)
        : (conn) => serve(new TcpTransport(conn)),
    );
  }

  /** Drops the connections over TLS that are left. */
  cutAll(): void {
    this.#tls?.cutAll();
  }
}
