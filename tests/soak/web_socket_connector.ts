/**
 * Connects a client session by the platform's WebSocket, like the page in a
 * browser.
 *
 * @module
 */

import type { Connector, Transport } from "../../lib/ports/common.ts";

/** Connects to the session of an HTTP port of this machine. */
export class WebSocketConnector implements Connector {
  readonly place: string;

  constructor(port: number) {
    this.place = `127.0.0.1:${port}`;
  }

  async connect(): Promise<Transport> {
    const socket = new WebSocket(`ws://${this.place}/session`);
    socket.binaryType = "arraybuffer";
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = () => reject(new Error(`Cannot reach ${this.place}`));
    });
    return new SocketTransport(socket, this.place);
  }
}

/** A WebSocket as a byte stream; unread data is bounded by the credit. */
class SocketTransport implements Transport {
  readonly peer: string;
  readonly progressAtMs = 0;
  readonly writing = false;
  readonly #socket: WebSocket;
  readonly #waiting: Uint8Array[] = [];
  #over = false;
  #changed = Promise.withResolvers<void>();

  constructor(socket: WebSocket, peer: string) {
    this.#socket = socket;
    this.peer = peer;
    socket.onmessage = ({ data }) => {
      this.#waiting.push(new Uint8Array(data));
      this.#wake();
    };
    socket.onerror = socket.onclose = () => {
      this.#over = true;
      this.#wake();
    };
  }

  async read(into: Uint8Array): Promise<number | null> {
    while (this.#waiting.length === 0) {
      if (this.#over) return null;
      await this.#changed.promise;
    }
    const [first] = this.#waiting;
    const piece = first.subarray(0, into.length);
    into.set(piece);
    if (piece.length === first.length) this.#waiting.shift();
    else this.#waiting[0] = first.subarray(piece.length);
    return piece.length;
  }

  write(bytes: Uint8Array): Promise<void> {
    if (!this.#over) this.#socket.send(bytes.slice());
    return Promise.resolve();
  }

  closeWrite(): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  close(): void {
    this.#over = true;
    this.#socket.close();
    this.#wake();
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
