/**
 * Watches what servers send to each other about devices that they borrow: stands
 * between them, and reads every message.
 *
 * @module
 */

import { FrameDecoder } from "../../lib/wire/frame.ts";
import { writeAll } from "../../lib/write_all.ts";

/** What a server may take to refuse a term, at a slow cable as well. */
const REFUSE_MS = 3_000;
/** Two owners' words may cross on their way for as long. */
const CROSS_MS = 1_000;
const BUFFER_BYTES = 64 * 1024;
const MESSAGE_BYTES = 16 << 20;

/** What is read of messages. */
interface Message {
  type: string;
  device?: string;
  group?: string;
  term?: number;
  code?: string;
}

export class PeerWatch implements Disposable {
  readonly #fault: (text: string) => void;
  readonly #conns = new Set<Deno.Conn>();
  readonly #listeners: Deno.Listener[] = [];
  /** The highest term that a device was sent of its group, and since when. */
  readonly #highest = new Map<string, { term: number; sinceMs: number }>();
  /** Messages about borrowed devices. */
  messages = 0;
  /** Terms that were refused. */
  refused = 0;

  /** @param fault Called when a device is sent what has a falling term. */
  constructor(fault: (text: string) => void) {
    this.#fault = fault;
  }

  /** @returns A port that leads to a server. */
  open(hostname: string, port: number): number {
    const listener = Deno.listen({ hostname: "0.0.0.0", port: 0 });
    this.#listeners.push(listener);
    this.#accept(listener, { hostname, port }).catch(() => {}); // It was closed.
    return listener.addr.port;
  }

  [Symbol.dispose](): void {
    for (const it of this.#listeners) it.close();
    for (const it of this.#conns) close(it);
  }

  async #accept(
    listener: Deno.Listener,
    to: { hostname: string; port: number },
  ): Promise<void> {
    for await (const near of listener) this.#pass(near, to).catch(() => {});
  }

  async #pass(
    near: Deno.Conn,
    to: { hostname: string; port: number },
  ): Promise<void> {
    this.#conns.add(near);
    let far: Deno.Conn | null = null;
    try {
      far = await Deno.connect(to);
      this.#conns.add(far);
      /** What is still to be refused on this connection. */
      const falling: ReturnType<typeof setTimeout>[] = [];
      await Promise.race([
        relay(near, far, (message) => this.#asked(message, falling)),
        relay(far, near, (message) => this.#answered(message, falling)),
      ]);
      // The server is gone, and so is what it would have said.
      falling.forEach(clearTimeout);
    } finally {
      for (const conn of [near, far]) {
        if (!conn) continue;
        close(conn);
        this.#conns.delete(conn);
      }
    }
  }

  #asked(
    { type, device, group, term }: Message,
    falling: ReturnType<typeof setTimeout>[],
  ): void {
    if (term === undefined) return;
    this.messages++;
    const key = `${device} of ${group}`;
    const nowMs = performance.now();
    const highest = this.#highest.get(key);
    if (!highest || term > highest.term) {
      this.#highest.set(key, { term, sinceMs: nowMs });
    } else if (term < highest.term && nowMs - highest.sinceMs > CROSS_MS) {
      const text = `${key} hears ${type} of term ${term} after ${highest.term}`;
      falling.push(setTimeout(() => this.#fault(text), REFUSE_MS));
    }
  }

  #answered(
    { type, code }: Message,
    falling: ReturnType<typeof setTimeout>[],
  ): void {
    if (type !== "error" || code !== "stale") return;
    this.refused++;
    clearTimeout(falling.shift());
  }
}

async function relay(
  from: Deno.Conn,
  to: Deno.Conn,
  read: (message: Message) => void,
): Promise<void> {
  const decoder = new FrameDecoder({
    data() {},
    dataEnd() {},
    message: (payload) => read(JSON.parse(new TextDecoder().decode(payload))),
  }, { maxMessageBytes: MESSAGE_BYTES });
  const buffer = new Uint8Array(BUFFER_BYTES);
  while (true) {
    const length = await from.read(buffer);
    if (length === null) return;
    const piece = buffer.subarray(0, length);
    decoder.push(piece);
    await writeAll(to, piece);
  }
}

function close(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch {
    // It is closed.
  }
}
