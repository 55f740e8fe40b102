/**
 * Connections in memory: two transports, each the other's peer, that behave
 * as TCP does where it matters. Bytes may be held back, cut off, read in
 * small pieces, and pile up only to a capacity.
 *
 * @module
 */

import { OndacastError } from "../../lib/errors.ts";
import type { Clock, Transport } from "../../lib/ports/common.ts";

/** How one direction behaves. */
export interface PipeOptions {
  /** Bytes under way before a write waits; any number where left out. */
  capacityBytes?: number;
  /** The connection is lost when so many bytes have been written. */
  cutAfterBytes?: number;
  /** How many bytes the next read brings at most. */
  readBytes?: () => number;
}

/** One direction of a connection. */
export class Pipe {
  /** While true, nothing arrives. */
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
  /** No more is written, what is under way still arrives. */
  #ended = false;
  /** Nobody reads any more. */
  #broken = false;
  #changed = Promise.withResolvers<void>();

  constructor(clock: Clock, options: PipeOptions) {
    this.#clock = clock;
    this.progressAtMs = clock.now();
    this.#capacity = options.capacityBytes ?? Infinity;
    this.#cutAfter = options.cutAfterBytes ?? Infinity;
    this.#readBytes = options.readBytes ?? (() => Infinity);
  }

  /** Bytes that are under way. */
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
  /** What this end reads, and what it writes. */
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

/** A connection: what the client holds and what the server holds. */
export interface TransportPair {
  client: MemoryTransport;
  server: MemoryTransport;
  /** Loses the connection: what is under way still arrives. */
  cut(): void;
}

/** How both directions behave. */
export interface PairOptions {
  toServer?: PipeOptions;
  toClient?: PipeOptions;
  /** The client's address. */
  clientAddress?: string;
  /** Whether a proxy passed the client's connection on. */
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
