/**
 * One connection of the HTTP port: reads requests and sends answers, one after
 * the other. It is built on a {@linkcode Transport}, so that a connection can
 * become a WebSocket with its backpressure, its address and its limits
 * (docs/decisions/http.md).
 *
 * @module
 */

import { concat } from "@std/bytes/concat";
import { errorText, OndacastError } from "../errors.ts";
import { peerHost } from "../model/address.ts";
import type { Clock, Transport } from "../ports/common.ts";
import { STUCK_MS } from "../server/life.ts";
import {
  type Answer,
  type BodySource,
  CONTINUE,
  encodeHead,
  HttpError,
  IDLE_MS,
} from "./http_answer.ts";
import { endOfHead, parseHead, type RequestHead } from "./http_head.ts";

/** Longest request head accepted, in bytes. */
export const MAX_HEAD_BYTES = 16 * 1024;
/** How long a request and its answer may take together. */
const REQUEST_MS = 10_000;
/** Bytes read at once. */
const READ_BYTES = 2048;
/** Bytes of a {@linkcode BodySource} read and sent at once. */
const BODY_BYTES = 64 * 1024;

/** The state of a connection, and the time of its start by the clock. */
type Phase =
  /** Between two requests. */
  | { name: "idle"; sinceMs: number }
  /** From its start, or the first byte of a request, to the end of the answer. */
  | { name: "asking"; sinceMs: number }
  /** Sending a body while it is read, at the pace of the peer. */
  | { name: "streaming" };

export class HttpConnection {
  readonly transport: Transport;
  /** The peer's address, without brackets. */
  readonly ip: string;
  /** Rejects when the connection is cut. */
  readonly over: Promise<never>;
  readonly #clock: Clock;
  readonly #cut = Promise.withResolvers<never>();
  #phase: Phase;
  #buffer: Uint8Array = new Uint8Array(READ_BYTES);
  /** The range of received bytes that are not used yet. */
  #start = 0;
  #end = 0;
  /** Bytes of the request's body that were not read. */
  #unreadBody = 0;
  /** Whether the peer sends the body only when it is asked for. */
  #isAwaited = false;
  #sending: BodySource | null = null;
  #isCut = false;

  constructor(transport: Transport, clock: Clock) {
    this.transport = transport;
    this.ip = peerHost(transport.peer);
    this.#clock = clock;
    this.#phase = { name: "asking", sinceMs: clock.now() };
    this.over = this.#cut.promise;
    this.over.catch(() => {}); // Cut when nothing waits for it.
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  get isIdle(): boolean {
    return this.#phase.name === "idle";
  }

  /** When it began to be idle; only valid while it is. */
  get idleSinceMs(): number {
    return this.#phase.name === "idle" ? this.#phase.sinceMs : Infinity;
  }

  /**
   * The reason why the peer has timed out; null: it has not.
   *
   * @param awakeSinceMs When the process last resumed after a suspension.
   */
  lateness(nowMs: number, awakeSinceMs: number): string | null {
    const { transport } = this;
    const passedMs = (sinceMs: number) =>
      nowMs - Math.max(sinceMs, awakeSinceMs);
    switch (this.#phase.name) {
      case "idle":
        return passedMs(this.#phase.sinceMs) >= IDLE_MS ? "idle" : null;
      case "asking":
        return passedMs(this.#phase.sinceMs) >= REQUEST_MS
          ? `not done within ${REQUEST_MS / 1000} s`
          : null;
      case "streaming":
        return transport.writing && passedMs(transport.progressAtMs) >= STUCK_MS
          ? `no data accepted for ${STUCK_MS / 1000} s`
          : null;
    }
  }

  /**
   * Ends the connection at once, also while something waits for the peer: on
   * Deno 2.6 a pending write outlives its connection.
   */
  cut(reason: string): void {
    this.#isCut = true;
    this.#cut.reject(new OndacastError("lost", reason));
    this.transport.close();
    this.#sending?.close();
  }

  /**
   * Reads the head of the next request; null: the connection ended before it was
   * complete.
   *
   * @throws {HttpError} 400, 411 or 431; no request can follow.
   */
  async readHead(): Promise<RequestHead | null> {
    let searched = 0;
    while (true) {
      const received = this.#buffer.subarray(this.#start, this.#end);
      const length = endOfHead(received, searched);
      if (length !== -1) {
        this.#asks();
        this.#start += length + 4;
        const head = parseHead(received.subarray(0, length));
        this.#unreadBody = head.bodyBytes;
        this.#isAwaited = head.awaitsContinue;
        return head;
      }
      if (received.length >= MAX_HEAD_BYTES) {
        throw new HttpError(431, "The head of the request is too long.");
      }
      searched = received.length;
      if (!await this.#readMore()) return null;
      this.#asks();
    }
  }

  /**
   * Reads the body of the request. A body that a route does not read is never
   * received: the connection closes after its answer.
   *
   * @throws {HttpError} 413, if it is longer than `mostBytes`.
   * @throws {OndacastError} `lost`, if the connection ends within it.
   */
  async readBody(mostBytes: number): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#unreadBody > mostBytes) {
      throw new HttpError(413, `Expected at most ${mostBytes} bytes.`);
    }
    const body = new Uint8Array(this.#unreadBody);
    if (this.#isAwaited && this.#start === this.#end && body.length > 0) {
      await this.transport.write(CONTINUE);
    }
    for (let fill = 0; fill < body.length;) {
      if (this.#start === this.#end && !await this.#readMore()) {
        throw new OndacastError("lost", "closed within a request");
      }
      const most = this.#start + body.length - fill;
      const part = this.#buffer.subarray(
        this.#start,
        Math.min(this.#end, most),
      );
      body.set(part, fill);
      fill += part.length;
      this.#start += part.length;
    }
    this.#unreadBody = 0;
    return body;
  }

  /** Bytes that were received after the request. */
  rest(): Uint8Array {
    return this.#buffer.slice(this.#start, this.#end);
  }

  /**
   * Sends an answer; then the connection is idle.
   *
   * @param options `isLast`: no request may follow.
   * @returns Whether another request may follow.
   */
  async send(
    answer: Answer,
    options: { withBody: boolean; isLast: boolean },
  ): Promise<boolean> {
    const isLast = options.isLast || this.#unreadBody > 0;
    const head = encodeHead(answer, { isLast });
    const { body } = answer;
    if (body instanceof Uint8Array) {
      await this.transport.write(
        options.withBody ? concat([head, body]) : head,
      );
    } else await this.#sendSource(head, body, options);
    this.#phase = { name: "idle", sinceMs: this.#clock.now() };
    return !isLast;
  }

  async #sendSource(
    head: Uint8Array,
    body: BodySource,
    { withBody }: { withBody: boolean },
  ): Promise<void> {
    this.#sending = body;
    try {
      await this.transport.write(head);
      if (!withBody) return;
      this.#phase = { name: "streaming" };
      const buffer = new Uint8Array(Math.min(BODY_BYTES, body.bytes));
      for (let left = body.bytes; left > 0;) {
        const part = buffer.subarray(0, Math.min(buffer.length, left));
        const count = await readPart(body, part);
        await this.transport.write(part.subarray(0, count));
        left -= count;
      }
    } finally {
      body.close();
      this.#sending = null;
    }
  }

  /** The first byte of a request ends the idle time. */
  #asks(): void {
    if (!this.isIdle) return;
    this.#phase = { name: "asking", sinceMs: this.#clock.now() };
  }

  /** Reads once, into the free part of the buffer. @returns False at the end. */
  async #readMore(): Promise<boolean> {
    this.#makeRoom();
    const count = await this.transport.read(this.#buffer.subarray(this.#end));
    if (count === null) return false;
    this.#end += count;
    return true;
  }

  /** Moves unused bytes to the front, of a larger buffer if it is full. */
  #makeRoom(): void {
    const unused = this.#buffer.subarray(this.#start, this.#end);
    const { length } = this.#buffer;
    const wanted = unused.length === 0
      ? READ_BYTES
      : unused.length < length
      ? length
      : Math.min(2 * length, MAX_HEAD_BYTES);
    if (wanted !== length) this.#buffer = new Uint8Array(wanted);
    this.#buffer.set(unused);
    this.#start = 0;
    this.#end = unused.length;
  }
}

/**
 * Reads a part of a body. Its length has been announced, so only the end of the
 * connection can show that the body is shorter.
 *
 * @throws {OndacastError} `lost`.
 */
async function readPart(body: BodySource, into: Uint8Array): Promise<number> {
  const failed = (cause: unknown): never => {
    throw new OndacastError("lost", errorText(cause), { cause });
  };
  return await body.read(into).catch(failed) ??
    failed(new Error("the body is shorter than announced"));
}
