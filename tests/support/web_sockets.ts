/**
 * WebSockets for tests: the platform's as a transport, and one driven by the
 * test that can violate the protocol.
 *
 * @module
 */

import type { Transport } from "../../lib/ports/common.ts";
import { writeAll } from "../../lib/write_all.ts";
import { type RawRequest, requestHead, UPGRADE } from "./http_request.ts";
import { concat } from "./raw_peer.ts";

/** The platform's WebSocket as a byte stream. */
export class WebSocketClient implements Transport {
  readonly peer: string;
  readonly progressAtMs = 0;
  readonly writing = false;
  /** The lengths of the received messages. */
  readonly messages: Uint8Array[] = [];
  /** The close code. */
  readonly closed: Promise<number>;
  readonly #socket: WebSocket;
  #taken = 0;
  #over = false;
  #changed = Promise.withResolvers<void>();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.peer = new URL(socket.url).host;
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => {
      this.messages.push(new Uint8Array(data));
      this.#wake();
    };
    this.closed = new Promise((resolve) => {
      socket.onclose = ({ code }) => {
        this.#over = true;
        this.#wake();
        resolve(code);
      };
    });
  }

  /** Connects to the session of an HTTP port. */
  static async open(port: number): Promise<WebSocketClient> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/session`);
    const client = new WebSocketClient(socket);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
    return client;
  }

  /** One message, or the rest of one. */
  async read(into: Uint8Array): Promise<number | null> {
    while (this.#taken === this.messages.length) {
      if (this.#over) return null;
      await this.#changed.promise;
    }
    const message = this.messages[this.#taken++];
    if (message.length > into.length) throw new RangeError("Expected less");
    into.set(message);
    return message.length;
  }

  write(bytes: Uint8Array): Promise<void> {
    this.#socket.send(bytes.slice());
    return Promise.resolve();
  }

  sendText(text: string): void {
    this.#socket.send(text);
  }

  closeWrite(): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  close(): void {
    this.#socket.close(1000);
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

/** A frame of RFC 6455, section 5.2. */
export interface WebSocketFrame {
  opcode: number;
  payload: Uint8Array;
}

export const OPCODE = { more: 0, text: 1, binary: 2, close: 8, ping: 9 };

/** A WebSocket driven by the test, which reads only on request. */
export class RawWebSocket implements Disposable {
  readonly conn: Deno.TcpConn;
  #rest: Uint8Array = new Uint8Array(0);

  private constructor(conn: Deno.TcpConn) {
    this.conn = conn;
  }

  static async open(
    port: number,
    request: RawRequest = {},
  ): Promise<RawWebSocket> {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port });
    const socket = new RawWebSocket(conn);
    const { headers, ...rest } = request;
    await socket.writeAll(requestHead(port, {
      path: "/session",
      headers: { ...UPGRADE, ...headers },
      ...rest,
    }));
    const head = new TextDecoder().decode(await socket.#until("\r\n\r\n"));
    if (!head.startsWith("HTTP/1.1 101 ")) throw new Error(head);
    return socket;
  }

  /** Sends a frame with a mask of zeros, which leaves the payload unchanged. */
  send(opcode: number, payload: Uint8Array, final = true): Promise<void> {
    return this.writeAll(
      concat([this.header(opcode, payload.length, final), payload]),
    );
  }

  /** The header of a frame that announces this many bytes. */
  header(opcode: number, payloadBytes: number, final = true): Uint8Array {
    const first = opcode | (final ? 0x80 : 0);
    if (payloadBytes < 126) {
      return Uint8Array.of(first, 0x80 | payloadBytes, 0, 0, 0, 0);
    }
    const header = new Uint8Array(14);
    header[0] = first;
    header[1] = 0x80 | 127;
    new DataView(header.buffer).setBigUint64(2, BigInt(payloadBytes));
    return header;
  }

  async writeAll(bytes: Uint8Array): Promise<void> {
    await writeAll(this.conn, bytes);
  }

  /** The next frame; null: the connection has ended. */
  async next(): Promise<WebSocketFrame | null> {
    const start = await this.#exactly(2);
    if (start === null) return null;
    let length = start[1];
    if (length >= 126) {
      const more = await this.#exactly(length === 126 ? 2 : 8);
      if (more === null) return null;
      length = more.reduce((sum, byte) => sum * 256 + byte, 0);
    }
    const payload = await this.#exactly(length);
    return payload && { opcode: start[0] & 15, payload };
  }

  /** Reads to the close. @returns Its code; null: the connection just ended. */
  async closeCode(): Promise<number | null> {
    for (let frame = await this.next(); frame; frame = await this.next()) {
      if (frame.opcode !== OPCODE.close) continue;
      return frame.payload.length < 2
        ? 1005
        : frame.payload[0] << 8 | frame.payload[1];
    }
    return null;
  }

  [Symbol.dispose](): void {
    try {
      this.conn.close();
    } catch {
      // Closed by the test.
    }
  }

  async #exactly(count: number): Promise<Uint8Array | null> {
    while (this.#rest.length < count) {
      if (!await this.#more()) return null;
    }
    const bytes = this.#rest.slice(0, count);
    this.#rest = this.#rest.subarray(count);
    return bytes;
  }

  async #until(end: string): Promise<Uint8Array> {
    const text = () => new TextDecoder("latin1").decode(this.#rest);
    while (!text().includes(end)) {
      if (!await this.#more()) return this.#rest;
    }
    return (await this.#exactly(text().indexOf(end) + end.length))!;
  }

  async #more(): Promise<boolean> {
    const buffer = new Uint8Array(64 * 1024);
    const count = await this.conn.read(buffer).catch(() => null);
    if (count === null) return false;
    this.#rest = concat([this.#rest, buffer.subarray(0, count)]);
    return true;
  }
}
