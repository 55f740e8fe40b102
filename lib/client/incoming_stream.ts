/**
 * One stream that a server sends: its data as it arrives, its end, and the
 * credit for what has come. It lies between "frame" and "source" on the walk
 * of one byte.
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
  /** The stream is complete. */
  end(): void;
  /** The server ended the stream; with a code if something failed. */
  stopped(message: ToClient<"stopped">): void;
  /** Another stream has replaced it, complete or not. */
  displaced(): void;
}

/** The connection of a stream. */
export interface StreamConnection {
  readonly failure: OndacastError | null;
  used(bytes: number): void;
  request(message: { type: "stop"; stream: number }): Promise<unknown>;
}

/** A stream of one connection. Without a listener its data is discarded. */
export class IncomingStream<C extends StreamConnection = StreamConnection> {
  readonly session: C;
  readonly start: ToClient<"start">;
  /** Set it before `opened` or `cast` returns, to receive all of the stream. */
  listener: StreamListener | null = null;
  #isComplete = false;
  #sha256: string | undefined;

  constructor(session: C, start: ToClient<"start">) {
    this.session = session;
    this.start = start;
  }

  /** Whether all of its data has come. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Whether nobody wants it any more: it was heard, or thrown away. */
  get isOver(): boolean {
    return this.listener === null;
  }

  /** The SHA-256 of the whole file, if the server has sent it by now. */
  get sha256(): string | undefined {
    return this.#sha256;
  }

  /** Grants again bytes that were played or discarded. */
  used(bytes: number): void {
    if (this.session.failure === null) this.session.used(bytes);
  }

  /** Discards, and grants again, all data that is still to come. */
  drop(): void {
    this.listener = null;
  }

  /** Asks the server to send no more. It may be over there already. */
  stop(): void {
    const { stream } = this.start;
    this.drop();
    this.session.request({ type: "stop", stream }).catch(() => {});
  }

  /** Called by the session with data. */
  receive(piece: Uint8Array): void {
    if (this.listener && !this.#isComplete) this.listener.data(piece);
    else this.used(piece.length);
  }

  /** Called by the session at the empty frame. */
  complete(): void {
    if (this.#isComplete) return;
    this.#isComplete = true;
    this.listener?.end();
  }

  /** Called by the session at the `start` of a stream that follows another. */
  completeIf(followed: number | undefined): void {
    if (followed === this.start.stream) this.complete();
  }

  /** Called by the session right before the empty frame. */
  ending(message: ToClient<"end">): void {
    this.#sha256 = message.sha256;
  }

  /** Called by the session when the server has stopped it. */
  stopped(message: ToClient<"stopped">): void {
    this.listener?.stopped(message);
  }

  /** Called by the session at the `start` of a stream that replaces it. */
  displace(): void {
    this.listener?.displaced();
  }
}
