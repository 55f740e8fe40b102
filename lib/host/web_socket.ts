/**
 * A WebSocket as a transport, so that a browser's session is the very same
 * as one over TCP. Frames go out as binary messages of whole frames; what
 * comes in is bytes, wherever its messages end.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { Duplex } from "node:stream";
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
import type { HttpRequest } from "./http_connection.ts";

/** The longest message taken: the longest data frame, and the longest message. */
export const MAX_WEB_SOCKET_MESSAGE_BYTES = MAX_SESSION_DATA_BYTES +
  MAX_MESSAGE_TO_SERVER_BYTES + 2 * HEADER_BYTES;
/** What a message has at most that is sent, unless one frame is longer. */
const SENT_MESSAGE_BYTES = 64 * 1024;
/** Bytes of messages that may wait to be read before no more are taken. */
const MAX_UNREAD_BYTES = 64 * 1024;
/** Pings are answered while no more than this waits to be sent. */
const MAX_UNSENT_BYTES_AT_PING = 2 * SENT_MESSAGE_BYTES;
/** What is read at once, and what while much comes. */
const READ_BYTES = 2048;
const LARGE_READ_BYTES = 64 * 1024;
/** How long a peer may take to answer a close. */
const CLOSE_MS = 1000;

/** Close codes (RFC 6455, section 7.4.1). */
const NORMAL = 1000;
const UNSUPPORTED = 1003;
const ABNORMAL = 1006;

const server = new WebSocketServer({
  noServer: true,
  clientTracking: false,
  // PCM hardly shrinks, and inflating would let a peer make much of little.
  perMessageDeflate: false,
  autoPong: false,
  maxPayload: MAX_WEB_SOCKET_MESSAGE_BYTES,
  // Browsers send pieces of 64 KiB and more. Each piece costs memory beside
  // its bytes, so many tiny ones would pass the limit above.
  maxFragments: 1024,
  maxBufferedChunks: 8192,
  closeTimeout: CLOSE_MS,
});

/**
 * Makes a WebSocket of a connection whose request asked for it; null: the
 * request was wrong, and has been answered so.
 *
 * @param options What the transport is to say of itself.
 */
export function upgradeToWebSocket(
  transport: Transport,
  request: HttpRequest,
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

/** One WebSocket connection, on the server's side. */
export class WebSocketTransport implements Transport {
  readonly peer: string;
  readonly isPassedOn: boolean;
  readonly #socket: WebSocket;
  readonly #under: Transport;
  readonly #unread: Uint8Array[] = [];
  #unreadBytes = 0;
  /** What the peer did wrong, thrown by one read. */
  #failure: OndacastError | null = null;
  /** Whether nothing that comes is taken any more. */
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
        this.#fail("Cannot take a text message: expected binary ones");
      }
    });
    // A peer that pings and does not read must not fill the memory.
    socket.on("ping", (data) => {
      if (socket.bufferedAmount <= MAX_UNSENT_BYTES_AT_PING) socket.pong(data);
    });
    socket.on("error", ({ message }) => {
      this.#fail(`Cannot take a WebSocket message: ${message}`);
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

  /** Sends one message after the other, so that no more than one waits. */
  async write(frames: Uint8Array): Promise<void> {
    for (const message of cutBatch(frames, SENT_MESSAGE_BYTES)) {
      await this.#send(message);
    }
  }

  closeWrite(): Promise<void> {
    this.#socket.close(this.#closeCode);
    return Promise.resolve();
  }

  /** What was not read yet is of no use, as nobody is left to be answered. */
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
   * After a close nothing may follow. It fails once the connection is over:
   * what seems to be sent would go on for ever, as nobody takes it, and to
   * fail before would cut the answer to the close.
   */
  async #notSent(): Promise<never> {
    await this.#over.promise;
    throw new OndacastError(
      "lost",
      `Lost the connection to ${this.peer}: it was closed`,
    );
  }
}

/** A transport as a stream of Node's, which is what `ws` stands on. */
class TransportStream extends Duplex {
  readonly #transport: Transport;
  #buffer = new Uint8Array(READ_BYTES);

  constructor(transport: Transport) {
    super({ readableHighWaterMark: LARGE_READ_BYTES });
    this.#transport = transport;
  }

  override _read(): void {
    this.#transport.read(this.#buffer).then(
      (bytes) => this.#push(bytes),
      (error) => this.destroy(error),
    );
  }

  override _write(
    chunk: Uint8Array,
    _encoding: string,
    done: (error?: Error | null) => void,
  ): void {
    this.#transport.write(chunk).then(() => done(), done);
  }

  /** A header and its message in one packet. */
  override _writev(
    chunks: { chunk: Uint8Array }[],
    done: (error?: Error | null) => void,
  ): void {
    const whole = Buffer.concat(chunks.map(({ chunk }) => chunk));
    this.#transport.write(whole).then(() => done(), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#transport.closeWrite().then(() => done(), done);
  }

  override _destroy(
    error: Error | null,
    done: (error?: Error | null) => void,
  ): void {
    this.#transport.close();
    done(error);
  }

  #push(bytes: number | null): void {
    if (this.destroyed) return;
    if (bytes === null) {
      this.push(null);
      return;
    }
    // A copy: a piece of a message may be kept for long, and must not keep
    // more than itself.
    const piece = Buffer.from(this.#buffer.subarray(0, bytes));
    if (bytes === this.#buffer.length) {
      this.#buffer = new Uint8Array(LARGE_READ_BYTES);
    } else if (bytes < READ_BYTES && this.#buffer.length > READ_BYTES) {
      this.#buffer = new Uint8Array(READ_BYTES);
    }
    this.push(piece);
  }
}
