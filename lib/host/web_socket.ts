/**
 * A WebSocket as a transport, so that a browser's session equals one over TCP.
 * Outgoing binary messages hold whole frames; incoming ones are a byte stream
 * that may be split anywhere.
 *
 * @module
 */

import { Buffer } from "node:buffer";
// @ts-types="./ws.d.ts"
import { type WebSocket, WebSocketServer } from "ws";
import { OndacastError } from "../errors.ts";
import type { Transport } from "../ports/common.ts";
import { cutBatch } from "../wire/cut_batch.ts";
import {
  HEADER_BYTES,
  MAX_MESSAGE_TO_SERVER_BYTES,
  MAX_SESSION_DATA_BYTES,
} from "../wire/frame.ts";
import { TransportStream } from "./transport_stream.ts";

/** Longest message accepted: the longest data frame and the longest message. */
const MAX_WEB_SOCKET_MESSAGE_BYTES = MAX_SESSION_DATA_BYTES +
  MAX_MESSAGE_TO_SERVER_BYTES + 2 * HEADER_BYTES;
/** Longest message sent, unless one frame is longer. */
const SENT_MESSAGE_BYTES = 64 * 1024;
/** Unread bytes of messages beyond which the socket is paused. */
const MAX_UNREAD_BYTES = 64 * 1024;
/** Pings are answered while no more than this is unsent. */
const MAX_UNSENT_BYTES_AT_PING = 2 * SENT_MESSAGE_BYTES;
/** How long a peer may take to answer a close. */
const CLOSE_MS = 1000;

/** Close codes (RFC 6455, section 7.4.1). */
const NORMAL = 1000;
const UNSUPPORTED = 1003;
const ABNORMAL = 1006;

const server = new WebSocketServer({
  noServer: true,
  clientTracking: false,
  // PCM hardly compresses, and inflating would allow decompression bombs.
  perMessageDeflate: false,
  autoPong: false,
  maxPayload: MAX_WEB_SOCKET_MESSAGE_BYTES,
  // Browsers send fragments of 64 KiB and more. Each fragment costs memory
  // beyond its bytes, so a flood of tiny ones would exceed the limit above.
  maxFragments: 1024,
  maxBufferedChunks: 8192,
  closeTimeout: CLOSE_MS,
});

/** The request that asks for a WebSocket. */
export interface UpgradeRequest {
  method: string;
  /** Names in lower case. */
  headers: ReadonlyMap<string, string>;
  /** Bytes received after the head. */
  rest: Uint8Array;
}

/**
 * Upgrades a connection to a WebSocket; null: the request was invalid and has
 * been answered.
 *
 * @param options How the transport describes itself.
 */
export function upgradeToWebSocket(
  transport: Transport,
  request: UpgradeRequest,
  options: { isPassedOn: boolean },
): Promise<WebSocketTransport | null> {
  const stream = new TransportStream(transport);
  return new Promise((resolve) => {
    stream.once("close", () => resolve(null));
    server.handleUpgrade(
      {
        method: request.method,
        headers: Object.fromEntries(request.headers),
      },
      stream,
      Buffer.from(request.rest),
      (socket) => resolve(new WebSocketTransport(socket, transport, options)),
    );
  });
}

/** The server's side of a WebSocket. */
export class WebSocketTransport implements Transport {
  readonly peer: string;
  readonly isPassedOn: boolean;
  readonly #socket: WebSocket;
  readonly #under: Transport;
  readonly #unread: Uint8Array[] = [];
  #unreadBytes = 0;
  /** The peer's violation, thrown by the next read. */
  #failure: OndacastError | null = null;
  /** Whether incoming data is discarded. */
  #deaf = false;
  #closed = false;
  #closeCode = NORMAL;
  #wake: () => void = () => {};
  readonly #over = Promise.withResolvers<void>();

  constructor(
    socket: WebSocket,
    under: Transport,
    { isPassedOn }: { isPassedOn: boolean },
  ) {
    this.isPassedOn = isPassedOn;
    this.#socket = socket;
    this.#under = under;
    this.peer = under.peer;
    socket.binaryType = "fragments";
    socket.on("message", (data, isBinary) => {
      if (isBinary) this.#take(data as Buffer[]);
      else {
        this.#closeCode = UNSUPPORTED;
        this.#fail("Cannot accept a text message: expected binary");
      }
    });
    // A peer that pings without reading must not fill the memory.
    socket.on("ping", (data) => {
      if (socket.bufferedAmount <= MAX_UNSENT_BYTES_AT_PING) socket.pong(data);
    });
    socket.on("error", ({ message }) => {
      this.#fail(`Cannot accept a WebSocket message: ${message}`);
    });
    socket.on("close", (code) => this.#end(code));
  }

  get progressAtMs(): number {
    return this.#under.progressAtMs;
  }

  get writing(): boolean {
    return this.#under.writing;
  }

  async read(into: Uint8Array): Promise<number | null> {
    while (this.#unread.length === 0) {
      if (this.#failure !== null) {
        const failure = this.#failure;
        this.#failure = null;
        throw failure;
      }
      if (this.#closed) return null;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    let fill = 0;
    while (fill < into.length && this.#unread.length > 0) {
      const [piece] = this.#unread;
      const part = piece.subarray(0, into.length - fill);
      into.set(part, fill);
      fill += part.length;
      if (part.length === piece.length) this.#unread.shift();
      else this.#unread[0] = piece.subarray(part.length);
    }
    this.#unreadBytes -= fill;
    if (this.#unreadBytes <= MAX_UNREAD_BYTES && this.#socket.isPaused) {
      this.#socket.resume();
    }
    return fill;
  }

  /** Sends messages one by one, so that at most one is pending. */
  async write(frames: Uint8Array): Promise<void> {
    for (const message of cutBatch(frames, SENT_MESSAGE_BYTES)) {
      await this.#send(message);
    }
  }

  closeWrite(): Promise<void> {
    this.#socket.close(this.#closeCode);
    return Promise.resolve();
  }

  /** Unread data is discarded: the peer can no longer be answered. */
  close(): void {
    this.#unread.length = 0;
    this.#deaf = true;
    this.#socket.terminate();
  }

  #take(pieces: Uint8Array[]): void {
    if (this.#deaf) return;
    for (const piece of pieces) {
      if (piece.length === 0) continue;
      this.#unread.push(piece);
      this.#unreadBytes += piece.length;
    }
    if (this.#unreadBytes > MAX_UNREAD_BYTES) this.#socket.pause();
    this.#wake();
  }

  #fail(message: string): void {
    if (this.#deaf) return;
    this.#deaf = true;
    this.#failure = new OndacastError("bad-frame", message);
    this.#wake();
  }

  #end(code: number): void {
    if (code === ABNORMAL && !this.#deaf) {
      this.#unread.length = 0;
      this.#failure = new OndacastError(
        "lost",
        `Lost the connection to ${this.peer}: it ended without a close`,
      );
    }
    this.#closed = true;
    this.#over.resolve();
    this.#wake();
  }

  #send(message: Uint8Array): Promise<void> {
    if (this.#socket.readyState !== this.#socket.OPEN) return this.#notSent();
    return new Promise((resolve, reject) => {
      this.#socket.send(message, { binary: true }, (error) => {
        if (!error) return resolve();
        reject(
          new OndacastError(
            "lost",
            `Lost the connection to ${this.peer}: ${error.message}`,
            { cause: error },
          ),
        );
      });
    });
  }

  /**
   * Nothing may follow a close. This fails only once the connection has ended:
   * succeeding would send for ever, and failing earlier would cut off the
   * answer to the close.
   */
  async #notSent(): Promise<never> {
    await this.#over.promise;
    throw new OndacastError(
      "lost",
      `Lost the connection to ${this.peer}: it was closed`,
    );
  }
}
