/**
 * One stream that a server sends: its data as it arrives, how it ended, and
 * the credit for what has come. It lies between "frame" and "source" on the
 * walk of one byte.
 *
 * @module
 */

import type { OndacastError } from "../errors.ts";
import type { ToClient } from "../wire/messages.ts";

/** Notified of one stream. */
export interface StreamListener {
  /**
   * The next bytes: a view, to be copied before returning. They are granted
   * again by {@linkcode IncomingStream.used}.
   */
  data(piece: Uint8Array): void;
  /** All of the stream has come. */
  end(): void;
  /** The server ended the stream; with a code if something failed. */
  stopped(message: ToClient<"stopped">): void;
  /** Another stream has taken its place before it was complete. */
  displaced(): void;
}

/** What a stream needs of its connection. */
export interface StreamConnection {
  readonly failure: OndacastError | null;
  used(bytes: number): void;
  request(message: { type: "stop"; stream: number }): Promise<unknown>;
}

/** A stream of one connection. Without a listener its data is dropped. */
export class IncomingStream<C extends StreamConnection = StreamConnection> {
  readonly session: C;
  readonly start: ToClient<"start">;
  /** Notified of all that comes; set it before `opened` or `cast` returns. */
  listener: StreamListener | null = null;
  #isComplete = false;
  #sha256: string | undefined;

  constructor(session: C, start: ToClient<"start">) {
    this.session = session;
    this.start = start;
  }

  /** SHA-256 of the whole file, where the server has sent it by now. */
  get sha256(): string | undefined {
    return this.#sha256;
  }

  /** Grants bytes again that were played or discarded. */
  used(bytes: number): void {
    if (this.session.failure === null) this.session.used(bytes);
  }

  /** Discards, and grants again, whatever is still to come. */
  drop(): void {
    this.listener = null;
  }

  /** Has the server send no more. The stream may be over there by now. */
  stop(): void {
    const { stream } = this.start;
    this.drop();
    this.session.request({ type: "stop", stream }).catch(() => {});
  }

  /** The session has received data. */
  receive(piece: Uint8Array): void {
    if (this.listener && !this.#isComplete) this.listener.data(piece);
    else this.used(piece.length);
  }

  /** The session has received the empty frame. */
  complete(): void {
    if (this.#isComplete) return;
    this.#isComplete = true;
    this.listener?.end();
  }

  /** The session has received a message about a stream. */
  hear(message: ToClient<"end"> | ToClient<"stopped">): void {
    if (message.stream !== this.start.stream) return;
    if (message.type === "end") this.#sha256 = message.sha256;
    else this.listener?.stopped(message);
  }

  /** The session has received the `start` of another stream. */
  displace(): void {
    if (!this.#isComplete) this.listener?.displaced();
  }
}
