/**
 * A peer driven by the test: it writes any bytes, and parses frames by itself,
 * so that the codec is not checked against itself.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";
import type { Transport } from "../../lib/ports/common.ts";

export { concat };

/** The JSON of a message. */
// deno-lint-ignore no-explicit-any
export type Message = Record<string, any> & { type: string };

/** A received frame. */
export interface Frame {
  type: number;
  payload: Uint8Array;
}

/** The frame of a message. */
export function messageFrame(message: unknown): Uint8Array {
  return rawFrame(1, new TextEncoder().encode(JSON.stringify(message)));
}

/** The frame of a data payload. */
export function dataFrame(payload: Uint8Array): Uint8Array {
  return rawFrame(0, payload);
}

/** Any frame; see "Frames" in docs/protocol.md. */
export function rawFrame(
  type: number,
  payload: Uint8Array,
  lengthBytes = payload.length,
): Uint8Array {
  const head = [type, lengthBytes >> 16, lengthBytes >> 8, lengthBytes];
  return concat([Uint8Array.from(head.map((byte) => byte & 255)), payload]);
}

/** The payloads of consecutive data frames. */
export function dataPayloads(frames: Uint8Array): Uint8Array[] {
  const payloads: Uint8Array[] = [];
  for (let rest = frames; rest.length > 0;) {
    if (rest[0] !== 0) throw new TypeError("Expected data frames alone");
    const length = rest[1] << 16 | rest[2] << 8 | rest[3];
    payloads.push(rest.slice(4, 4 + length));
    rest = rest.subarray(4 + length);
  }
  return payloads;
}

/** One end of a connection, driven by the test. */
export class RawPeer {
  /** The bytes received so far. */
  readonly frames: Frame[] = [];
  readonly transport: Transport;
  /** Resolves when the other side has closed. */
  readonly closed: Promise<void>;
  #rest: Uint8Array = new Uint8Array(0);
  #looked = 0;
  #over = false;
  #changed = Promise.withResolvers<void>();

  /** @param reads False: no data is ever read. */
  constructor(transport: Transport, reads = true, readBytes = 1 << 16) {
    this.transport = transport;
    this.closed = reads ? this.#read(readBytes) : Promise.resolve();
  }

  /** Sends messages in one write. */
  send(...messages: Record<string, unknown>[]): Promise<void> {
    return this.write(concat(messages.map(messageFrame)));
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.transport.write(bytes);
  }

  /** The next message of a type, after those returned before. */
  async next(type: string): Promise<Message> {
    while (true) {
      while (this.#looked < this.frames.length) {
        const message = asMessage(this.frames[this.#looked++]);
        if (message?.type === type) return message;
      }
      if (this.#over) {
        throw new Error(
          `The connection ended without ${type}: ${this.types().join(" ")}`,
        );
      }
      await this.#changed.promise;
    }
  }

  /** All messages so far, or those of a type. */
  messages(type?: string): Message[] {
    return this.frames.map(asMessage).filter((message) =>
      message !== null && (type === undefined || message.type === type)
    ) as Message[];
  }

  /** The payloads of all data frames so far. */
  get dataFrames(): Uint8Array[] {
    return this.frames.filter(({ type }) => type === 0)
      .map(({ payload }) => payload);
  }

  /** All data so far. */
  get data(): Uint8Array {
    return concat(this.dataFrames);
  }

  /** A summary of the frames: `welcome start data data empty`. */
  types(): string[] {
    return this.frames.map((frame) =>
      asMessage(frame)?.type ?? (frame.payload.length > 0 ? "data" : "empty")
    );
  }

  async #read(readBytes: number): Promise<void> {
    const buffer = new Uint8Array(readBytes);
    while (true) {
      const bytes = await this.transport.read(buffer).catch(() => null);
      if (bytes === null) break;
      this.#rest = concat([this.#rest, buffer.subarray(0, bytes)]);
      this.#takeFrames();
      this.#wake();
    }
    this.#over = true;
    this.#wake();
  }

  #takeFrames(): void {
    let rest = this.#rest;
    while (rest.length >= 4) {
      const length = rest[1] << 16 | rest[2] << 8 | rest[3];
      if (rest.length < 4 + length) break;
      this.frames.push({ type: rest[0], payload: rest.slice(4, 4 + length) });
      rest = rest.subarray(4 + length);
    }
    this.#rest = rest.slice();
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

function asMessage(frame: Frame): Message | null {
  if (frame.type !== 1) return null;
  return JSON.parse(new TextDecoder().decode(frame.payload));
}
