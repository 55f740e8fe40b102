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
  id?: number;
  re?: number;
  device?: string;
  group?: string;
  term?: number;
  code?: string;
}

/** One server's connection to another. */
interface Watched {
  /** What is still to be refused. */
  readonly falling: ReturnType<typeof setTimeout>[];
  /** What was asked for, by its id. */
  readonly borrows: Map<number, Message>;
}

export class PeerWatch implements Disposable {
  readonly #fault: (text: string) => void;
  readonly #conns = new Set<Deno.Conn>();
  readonly #listeners: Deno.Listener[] = [];
  /** The highest term that a device was sent of its group, and since when. */
  readonly #highest = new Map<string, { term: number; sinceMs: number }>();
  /** The connection that has borrowed a device: what comes over others is ignored. */
  readonly #borrowers = new Map<string, Watched>();
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
      const watched: Watched = { falling: [], borrows: new Map() };
      await Promise.race([
        relay(near, far, (message) => this.#asked(message, watched)),
        relay(far, near, (message) => this.#answered(message, watched)),
      ]);
      // The server is gone, and so is what it would have said.
      watched.falling.forEach(clearTimeout);
    } finally {
      for (const conn of [near, far]) {
        if (!conn) continue;
        close(conn);
        this.#conns.delete(conn);
      }
    }
  }

  #asked(message: Message, watched: Watched): void {
    const { type, id, device = "", group, term } = message;
    if (term === undefined) return;
    this.messages++;
    if (type === "borrow") return void watched.borrows.set(id!, message);
    if (this.#borrowers.get(device) !== watched) return;
    const text = this.#fallen(device, group, term);
    if (text === null) return;
    const late = () => this.#fault(`${text} by ${type}`);
    watched.falling.push(setTimeout(late, REFUSE_MS));
  }

  #answered({ type, re, code }: Message, watched: Watched): void {
    const borrow = re === undefined ? undefined : watched.borrows.get(re);
    if (borrow) {
      watched.borrows.delete(re!);
      if (type === "borrowed") {
        const { device = "", group, term = 0 } = borrow;
        this.#borrowers.set(device, watched);
        const text = this.#fallen(device, group, term);
        if (text !== null) this.#fault(`${text} by borrow`);
      }
    }
    if (type !== "error" || code !== "stale") return;
    this.refused++;
    if (!borrow) clearTimeout(watched.falling.shift());
  }

  /** Notes a term. @returns Null, unless a higher one was heard before. */
  #fallen(
    device: string,
    group: string | undefined,
    term: number,
  ): string | null {
    const key = `${device} of ${group}`;
    const nowMs = performance.now();
    const highest = this.#highest.get(key);
    if (!highest || term > highest.term) {
      this.#highest.set(key, { term, sinceMs: nowMs });
      return null;
    }
    const isFalling = term < highest.term &&
      nowMs - highest.sinceMs > CROSS_MS;
    return isFalling ? `${key} hears term ${term} after ${highest.term}` : null;
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
