/**
 * Connects to the page's own server through the browser's WebSocket. Each message
 * holds whole frames; this side sees a plain byte stream.
 *
 * @module
 */

import { OndacastError } from "../../lib/errors.ts";
import type { Connector, Transport } from "../../lib/ports/common.ts";

/** Bytes waiting to be sent beyond which a write waits. */
const MOST_UNSENT_BYTES = 1 << 20;
/** Polling interval for them: a WebSocket has no event for it. */
const POLL_MS = 20;

/** Connects to `/session` of the page's own server. */
export class WebSocketConnector implements Connector {
  readonly place = location.host;
  /** Bytes received over all connections. */
  receivedBytes = 0;
  #latest: WebSocket | null = null;
  readonly #ready: () => Promise<void>;

  /** @param ready Connections wait for it before they send. */
  constructor(ready: () => Promise<void>) {
    this.#ready = ready;
  }

  /** Closes the connection; the client reconnects and resumes. */
  drop(): void {
    this.#latest?.close(1000);
  }

  async connect(): Promise<Transport> {
    const [transport] = await Promise.all([this.#open(), this.#ready()]);
    return transport;
  }

  #open(): Promise<Transport> {
    const url = new URL("/session", location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    this.#latest = socket;
    return new Promise((resolve, reject) => {
      socket.onopen = () =>
        resolve(
          new WebSocketTransport(socket, (bytes) => {
            this.receivedBytes += bytes;
          }),
        );
      socket.onerror = () =>
        reject(
          new OndacastError(
            "unreachable",
            `Cannot reach the server ${this.place}`,
          ),
        );
    });
  }
}

class WebSocketTransport implements Transport {
  readonly peer = location.host;
  progressAtMs = 0;
  writing = false;
  readonly #socket: WebSocket;
  readonly #unread: Uint8Array[] = [];
  #over = false;
  #wake: () => void = () => {};

  constructor(socket: WebSocket, received: (bytes: number) => void) {
    this.#socket = socket;
    socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      received(data.byteLength);
      if (data.byteLength > 0) this.#unread.push(new Uint8Array(data));
      this.#wake();
    };
    socket.onclose = () => {
      this.#over = true;
      this.#wake();
    };
  }

  async read(into: Uint8Array): Promise<number | null> {
    while (this.#unread.length === 0) {
      if (this.#over) return null;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    const [first] = this.#unread;
    const part = first.subarray(0, into.length);
    into.set(part);
    if (part.length === first.length) this.#unread.shift();
    else this.#unread[0] = first.subarray(part.length);
    return part.length;
  }

  async write(bytes: Uint8Array): Promise<void> {
    // Browsers log an error for data sent while the socket closes, and drop it.
    if (this.#socket.readyState === WebSocket.OPEN) {
      this.#socket.send(bytes as Uint8Array<ArrayBuffer>);
    } else this.#over = true;
    while (this.#socket.bufferedAmount > MOST_UNSENT_BYTES && !this.#over) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    if (this.#over) {
      throw new OndacastError("lost", `Lost the connection to ${this.peer}`);
    }
  }

  closeWrite(): Promise<void> {
    this.#socket.close(1000);
    return Promise.resolve();
  }

  close(): void {
    this.#socket.close(1000);
    this.#over = true;
    this.#wake();
  }
}
