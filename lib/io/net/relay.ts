/**
 * Passing bytes between two TCP connections, both ways, at the pace of the
 * slower one.
 *
 * @module
 */

import { sendAtOnce } from "./tcp.ts";

/** What is read at once: little while little comes, as there are many. */
const READ_BYTES = { least: 512, most: 64 * 1024 };
/** How long what is under way may take once the server has ended: without any progress, and at most. */
const FINISH_MS = { still: 2_000, most: 30_000 };

/** Passes bytes between a client and a server. */
export class Relay {
  /** The client's address. */
  readonly client: Deno.NetAddr;
  /** The port from which the server is connected to. */
  readonly serverPort: number;
  readonly #client: Deno.TcpConn;
  readonly #server: Deno.TcpConn;
  readonly #timers: ReturnType<typeof setTimeout>[] = [];
  #passed = 0;
  #isCut = false;

  constructor(client: Deno.TcpConn, server: Deno.TcpConn) {
    sendAtOnce(client);
    sendAtOnce(server);
    this.#client = client;
    this.#server = server;
    this.client = client.remoteAddr as Deno.NetAddr;
    this.serverPort = (server.localAddr as Deno.NetAddr).port;
  }

  /** Resolves when both sides have ended, or one of them was lost. */
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

  /** Gives what is still under way some time, then cuts it. Any number of calls. */
  finish(): void {
    if (this.#isCut || this.#timers.length > 0) return;
    let passed = this.#passed;
    this.#timers.push(
      setTimeout(() => this.cut(), FINISH_MS.most),
      setInterval(() => {
        if (passed === this.#passed) this.cut();
        passed = this.#passed;
      }, FINISH_MS.still),
    );
  }

  /** Ends both connections at once. Any number of calls. */
  cut(): void {
    if (this.#isCut) return;
    this.#isCut = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#client.close();
    this.#server.close();
  }

  /** Passes on what one side sends until it ends, and then says so. */
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

/** How much to read next: more while there is more. */
function roomAfter(bytes: number, room: number): number {
  if (bytes === room) return Math.min(room * 8, READ_BYTES.most);
  return bytes < room / 8 ? READ_BYTES.least : room;
}
