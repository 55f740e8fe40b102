/**
 * Connections in memory: two transports, each the other's peer, that behave
 * like TCP where it matters. Bytes may be delayed, lost with the connection, or
 * read in small pieces; writes block at a capacity.
 *
 * @module
 */

import { OndacastError } from "../../lib/errors.ts";
import type { Clock, Transport } from "../../lib/ports/common.ts";

/** The options of one direction. */
export interface PipeOptions {
  /** Bytes in flight before a write blocks; by default unlimited. */
  capacityBytes?: number;
  /** The connection is lost after this many written bytes. */
  cutAfterBytes?: number;
  /** The most bytes that the next read returns. */
  readBytes?: () => number;
}

/** One direction of a connection. */
export class Pipe {
  /** While true, no data arrives. */
  #held = false;
  /** Bytes written since the start. */
  written = 0;
  progressAtMs: number;
  writing = false;
  /** Called once, when {@linkcode PipeOptions.cutAfterBytes} are reached. */
  onCut: () => void = () => {};
  readonly #clock: Clock;
  readonly #capacity: number;
  readonly #cutAfter: number;
  readonly #readBytes: () => number;
  readonly #queue: Uint8Array[] = [];
  #queued = 0;
  /** Closes the writing side; bytes in flight still arrive. */
  #ended = false;
  /** Closes the reading side. */
  #broken = false;
  #changed = Promise.withResolvers<void>();

  constructor(clock: Clock, options: PipeOptions) {
    this.#clock = clock;
    this.progressAtMs = clock.now();
    this.#capacity = options.capacityBytes ?? Infinity;
    this.#cutAfter = options.cutAfterBytes ?? Infinity;
    this.#readBytes = options.readBytes ?? (() => Infinity);
  }

  /** Bytes in flight. */
  get queued(): number {
    return this.#queued;
  }

  get held(): boolean {
    return this.#held;
  }

  set held(held: boolean) {
    this.#held = held;
    this.#wake();
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.writing = true;
    this.progressAtMs = this.#clock.now();
    try {
      for (let at = 0; at < bytes.length;) {
        if (this.#ended || this.#broken) throw lost();
        const room = Math.min(
          this.#capacity - this.#queued,
          this.#cutAfter - this.written,
        );
        if (room > 0) {
          const piece = bytes.slice(at, at + room);
          at += piece.length;
          this.#queue.push(piece);
          this.#queued += piece.length;
          this.written += piece.length;
          this.progressAtMs = this.#clock.now();
          this.#wake();
          if (this.written >= this.#cutAfter) this.onCut();
        } else {
          await this.#changed.promise;
        }
      }
    } finally {
      this.writing = false;
    }
  }

  async read(into: Uint8Array): Promise<number | null> {
    while (this.#queued === 0 || this.#held) {
      if (this.#broken || (this.#ended && this.#queued === 0)) return null;
      await this.#changed.promise;
    }
    const most = Math.min(into.length, this.#readBytes());
    let filled = 0;
    while (filled < most && this.#queue.length > 0) {
      const piece = this.#queue[0].subarray(0, most - filled);
      into.set(piece, filled);
      filled += piece.length;
      if (piece.length === this.#queue[0].length) this.#queue.shift();
      else this.#queue[0] = this.#queue[0].subarray(piece.length);
    }
    this.#queued -= filled;
    this.#wake();
    return filled;
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  break(): void {
    this.#broken = true;
    this.#wake();
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

/** One end of a connection in memory. */
export class MemoryTransport implements Transport {
  readonly peer: string;
  isPassedOn = false;
  /** The pipes that this end reads from and writes to. */
  readonly incoming: Pipe;
  readonly outgoing: Pipe;
  closed = false;

  constructor(peer: string, incoming: Pipe, outgoing: Pipe) {
    this.peer = peer;
    this.incoming = incoming;
    this.outgoing = outgoing;
  }

  get progressAtMs(): number {
    return this.outgoing.progressAtMs;
  }

  get writing(): boolean {
    return this.outgoing.writing;
  }

  read(into: Uint8Array): Promise<number | null> {
    if (this.closed) return Promise.resolve(null);
    return this.incoming.read(into);
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.outgoing.write(bytes);
  }

  closeWrite(): Promise<void> {
    this.outgoing.end();
    return Promise.resolve();
  }

  close(): void {
    this.closed = true;
    this.incoming.break();
    this.outgoing.end();
  }
}

/** The two ends of a connection. */
export interface TransportPair {
  client: MemoryTransport;
  server: MemoryTransport;
  /** Loses the connection; bytes in flight still arrive. */
  cut(): void;
}

/** The options of both directions. */
export interface PairOptions {
  toServer?: PipeOptions;
  toClient?: PipeOptions;
  /** The client's address. */
  clientAddress?: string;
  /** Whether the client is connected through a proxy. */
  isPassedOn?: boolean;
}

/** A connection in memory. */
export function transportPair(
  clock: Clock,
  options: PairOptions = {},
): TransportPair {
  const up = new Pipe(clock, options.toServer ?? {});
  const down = new Pipe(clock, options.toClient ?? {});
  const cut = () => {
    up.end();
    down.end();
  };
  up.onCut = down.onCut = cut;
  const address = options.clientAddress ?? "192.0.2.7:4711";
  const server = new MemoryTransport(address, up, down);
  server.isPassedOn = options.isPassedOn ?? false;
  return {
    client: new MemoryTransport("192.0.2.1:4040", down, up),
    server,
    cut,
  };
}

function lost(): OndacastError {
  return new OndacastError("lost", "Lost the connection in memory");
}
