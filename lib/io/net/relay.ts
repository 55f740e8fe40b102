/**
 * Relays bytes between two TCP connections, in both directions, with
 * backpressure.
 *
 * @module
 */

import type { Clock } from "../../ports/common.ts";
import { systemClock } from "../clock/clock.ts";
import { sendAtOnce } from "./tcp.ts";

/** The size of reads, which starts small because there are many connections. */
const READ_BYTES = { least: 512, most: 64 * 1024 };
/** Limits for pending data once the server has ended: without progress, and in all. */
const FINISH_MS = { still: 2_000, most: 30_000 };

/** Relays bytes between a client and a server. */
export class Relay {
  readonly client: Deno.NetAddr;
  /** The local port of the connection to the server. */
  readonly serverPort: number;
  readonly #client: Deno.TcpConn;
  readonly #server: Deno.TcpConn;
  readonly #clock: Clock;
  readonly #over = new AbortController();
  #passed = 0;
  #isFinishing = false;

  constructor(
    client: Deno.TcpConn,
    server: Deno.TcpConn,
    clock: Clock = systemClock,
  ) {
    sendAtOnce(client);
    sendAtOnce(server);
    this.#client = client;
    this.#server = server;
    this.#clock = clock;
    this.client = client.remoteAddr as Deno.NetAddr;
    this.serverPort = (server.localAddr as Deno.NetAddr).port;
  }

  /** Resolves when both sides have ended, or one connection was lost. */
  async run(): Promise<void> {
    try {
      await Promise.all([
        this.#pass(this.#client, this.#server),
        this.#pass(this.#server, this.#client),
      ]);
    } catch {
      // Lost, or cut.
    } finally {
      this.cut();
    }
  }

  /** Closes the connections after some time for pending data. Idempotent. */
  async finish(): Promise<void> {
    if (this.#isFinishing) return;
    this.#isFinishing = true;
    const untilMs = this.#clock.now() + FINISH_MS.most;
    let passed: number;
    do {
      passed = this.#passed;
      await this.#clock.sleep(FINISH_MS.still, this.#over.signal);
    } while (passed !== this.#passed && this.#clock.now() < untilMs);
    this.cut();
  }

  /** Closes both connections immediately. Idempotent. */
  cut(): void {
    if (this.#over.signal.aborted) return;
    this.#over.abort();
    this.#client.close();
    this.#server.close();
  }

  /** Relays one direction, including its end. */
  async #pass(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
    let buffer = new Uint8Array(READ_BYTES.least);
    while (true) {
      const bytes = await from.read(buffer);
      if (bytes === null) return await to.closeWrite();
      for (let at = 0; at < bytes;) {
        at += await to.write(buffer.subarray(at, bytes));
        this.#passed++;
      }
      const room = roomAfter(bytes, buffer.length);
      if (room !== buffer.length) buffer = new Uint8Array(room);
    }
  }
}

/** The size of the next read: larger after full reads. */
function roomAfter(bytes: number, room: number): number {
  if (bytes === room) return Math.min(room * 8, READ_BYTES.most);
  return bytes < room / 8 ? READ_BYTES.least : room;
}
