/**
 * A TCP proxy that degrades a network: bandwidth, latency, split packets, lost
 * connections and silence. Tests can observe the traffic.
 *
 * @module
 */

import { writeAll } from "../../lib/write_all.ts";

/** The direction of bytes. */
export type Way = "toServer" | "toClient";

/** The faults of the network. */
export interface NetworkFaults {
  /** The maximum of bytes per second, in each direction. */
  bytesPerSecond?: number;
  /** The delay in milliseconds, in each direction. */
  delayMs?: number;
  /** The maximum length of a piece, by its number, in each direction. */
  pieceBytes?: (number: number) => number;
  /** Bytes after which a connection is lost, by its number and direction. */
  cutAfterBytes?: (connection: number) => Partial<Record<Way, number>>;
  /** Called with all relayed bytes. */
  onPiece?(way: Way, piece: Uint8Array, connection: number): void;
}

/** Relays connections to a port of this machine, with some faults. */
export class SlowProxy implements Disposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #conns = new Set<Deno.Conn>();
  readonly #faults: NetworkFaults;
  readonly #port: number;
  #silent = new Set<Deno.Conn>();
  #isCut = false;
  /** The number of connections so far. */
  connections = 0;

  constructor(port: number, faults: NetworkFaults = {}) {
    this.#port = port;
    this.#faults = faults;
    this.#accept().catch(() => {}); // The listener was closed.
  }

  get address(): string {
    return `127.0.0.1:${this.#listener.addr.port}`;
  }

  /** Makes the existing connections relay neither bytes nor their end. */
  fallSilent(): void {
    this.#silent = new Set(this.#conns);
  }

  /** Loses all connections, and each new one until it is no longer cut. */
  set isCut(isCut: boolean) {
    this.#isCut = isCut;
    if (!isCut) return;
    for (const conn of this.#conns) close(conn);
    this.#conns.clear();
  }

  [Symbol.dispose](): void {
    this.#listener.close();
    for (const conn of this.#conns) close(conn);
  }

  async #accept(): Promise<void> {
    for await (const near of this.#listener) {
      if (this.#isCut) {
        close(near);
        continue;
      }
      const far = await Deno.connect({
        hostname: "127.0.0.1",
        port: this.#port,
      });
      for (const conn of [near, far]) {
        conn.setNoDelay(true);
        this.#conns.add(conn);
      }
      const number = this.connections++;
      this.#pass(near, far, "toServer", number).catch(() => {});
      this.#pass(far, near, "toClient", number).catch(() => {});
    }
  }

  async #pass(
    from: Deno.Conn,
    to: Deno.Conn,
    way: Way,
    connection: number,
  ): Promise<void> {
    const { bytesPerSecond = Infinity, delayMs = 0 } = this.#faults;
    const { pieceBytes = () => 16 * 1024, onPiece } = this.#faults;
    let left = this.#faults.cutAfterBytes?.(connection)[way] ?? Infinity;
    let pieces = 0;
    const buffer = new Uint8Array(16 * 1024);
    let free = performance.now();
    let last: Promise<void> = Promise.resolve();
    try {
      while (true) {
        const most = Math.min(buffer.length, pieceBytes(pieces++), left);
        if (most === 0) break;
        const bytes = await from.read(buffer.subarray(0, most));
        if (bytes === null) break;
        if (this.#silent.has(from)) return await new Promise(() => {});
        const piece = buffer.slice(0, bytes);
        left -= bytes;
        onPiece?.(way, piece, connection);
        const now = performance.now();
        free = Math.max(free, now) + bytes / bytesPerSecond * 1000;
        if (free - now > 50) await sleep(free - now);
        const dueMs = performance.now() + delayMs;
        last = last.then(() => later(dueMs, () => writeAll(to, piece)));
        last.catch(() => {});
      }
      await last;
    } finally {
      if (!this.#silent.has(from)) {
        close(from);
        close(to);
      }
    }
  }
}

async function later(dueMs: number, work: () => Promise<void>): Promise<void> {
  const ms = dueMs - performance.now();
  if (ms > 0) await sleep(ms);
  await work();
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function close(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch {
    // Closed by the other direction.
  }
}
