/**
 * One connection to a server, as its client: says hello, asks and is
 * answered, and hands on the data of streams as they arrive.
 *
 * @module
 */

import {
  OndacastError,
  PeerError,
  RIGHT_PORT,
  toOndacastError,
} from "../errors.ts";
import { IncomingStream } from "./incoming_stream.ts";
import { Allowance } from "../model/credit.ts";
import type { Clock, Connector, Transport } from "../ports/common.ts";
import { Channel } from "../wire/channel.ts";
import {
  FrameDecoder,
  MAX_MESSAGE_TO_CLIENT_BYTES,
  MAX_SESSION_DATA_BYTES,
} from "../wire/frame.ts";
import {
  checkHeartbeat,
  GONE_REASON,
  SuspensionDetector,
} from "../wire/heartbeat.ts";
import { checkMessage, openEnvelope } from "../wire/message_codec.ts";
import {
  type AnswerTo,
  isKnownToClient,
  PROTOCOL_VERSION,
  type RequestId,
  type RequestType,
  TO_CLIENT,
  type ToClient,
  type ToServer,
} from "../wire/messages.ts";

/** What is read at once: fewer turns than with less, and still in the cache. */
const READ_BYTES = 256 * 1024;
/** How often a session checks whether its server is alive. */
const CHECK_MS = 1_000;
/** Requests that may wait for their answers: others can make a receiver ask. */
const MAX_ASKED = 1024;

/** Who a client is to its server. */
export interface Identity {
  name: string;
  /** A random UUID, the same over all connections of a program run. */
  device: string;
  token?: string;
  /** Whether others may cast to it, from the start. */
  receive?: boolean;
}

/** Notified of what arrives without a request. */
export interface SessionListener {
  /** Another client casts a song here; its data follows. */
  cast?(stream: SessionStream): void;
  /** Any other message that answers no request. */
  message?(message: ToClient): void;
  /** The connection is over; nothing else follows. */
  closed?(error: OndacastError): void;
}

/** A stream of a server's connection. */
export type SessionStream = IncomingStream<ClientSession>;

type Answer = {
  resolve(message: ToClient): void;
  reject(error: OndacastError): void;
};

/** Requests with one answer; {@linkcode ClientSession.upload} has two. */
type Asked = Exclude<RequestType, "upload">;

type Request<K extends Asked> = Omit<ToServer<K>, "id" | "re">;

/** A connection to a server. */
export class ClientSession {
  /** The server's greeting. Rejects if the connection ends before it. */
  readonly welcome: Promise<ToClient<"welcome">>;
  readonly #listeners = new Set<SessionListener>();
  /** The owner of each stream that was asked for, by its request. */
  readonly #openers = new Map<RequestId, (stream: SessionStream) => void>();
  /** The latest stream, which all data belongs to. */
  #stream: SessionStream | null = null;
  readonly #channel: Channel;
  readonly #clock: Clock;
  readonly #allowance: Allowance;
  readonly #answers = new Map<RequestId, Answer>();
  readonly #decoder = new FrameDecoder({
    data: (piece) => {
      if (!this.#isSession) throw plainStream(this.#channel.transport.peer);
      if (this.#stream) this.#stream.receive(piece);
      else this.used(piece.length);
    },
    dataEnd: () => this.#stream?.complete(),
    message: (payload) => this.#receive(payload),
  }, {
    maxMessageBytes: MAX_MESSAGE_TO_CLIENT_BYTES,
    maxDataBytes: MAX_SESSION_DATA_BYTES,
    reusesMemory: true,
  });
  readonly #over = new AbortController();
  #granted: (bytes: number) => void = () => {};
  #requests = 0;
  #failure: OndacastError | null = null;
  #isWelcome = false;
  /** Whether anything that has come was a session's. */
  #isSession = false;

  private constructor(
    transport: Transport,
    clock: Clock,
    identity: Identity,
    windowBytes: number,
  ) {
    this.#clock = clock;
    this.#channel = new Channel(transport, clock);
    this.#allowance = new Allowance(windowBytes);
    this.welcome = this.request({
      type: "hello",
      version: PROTOCOL_VERSION,
      window: windowBytes,
      ...identity,
    });
    // Whoever awaits it learns of a failure.
    this.welcome.then(() => this.#isWelcome = true, () => {});
    const fail = (error: OndacastError) => this.#end(this.#explained(error));
    this.#read().catch((error) => fail(toOndacastError(error, "lost")));
    this.#keepHeartbeat().catch((error) => fail(toOndacastError(error)));
  }

  /**
   * Connects and says hello. More can be asked at once, without waiting for
   * the welcome.
   *
   * @param windowBytes Data that may come before the first grant.
   * @throws {OndacastError} `unreachable`.
   */
  static async open(
    connector: Connector,
    options: {
      clock: Clock;
      identity: Identity;
      windowBytes: number;
      signal?: AbortSignal;
    },
  ): Promise<ClientSession> {
    const transport = await connector.connect(options.signal);
    return new ClientSession(
      transport,
      options.clock,
      options.identity,
      options.windowBytes,
    );
  }

  /** Why the connection is over; null: it is not. */
  get failure(): OndacastError | null {
    return this.#failure;
  }

  /** Whether the server has greeted, and so is one. */
  get isWelcome(): boolean {
    return this.#isWelcome;
  }

  /** Aborted when the connection is over. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** Bytes that may be under way and in the buffer together. */
  get windowBytes(): number {
    return this.#allowance.windowBytes;
  }

  /**
   * Asks the server.
   *
   * @throws {PeerError} What the server answers instead.
   * @throws {OndacastError} `lost`, if the connection ends before.
   */
  request<K extends Asked>(
    message: Request<K> & { type: K },
  ): Promise<AnswerTo<K>> {
    return this.#ask<K>(message).answer;
  }

  /**
   * Asks for a stream.
   *
   * @param opened Called with it before any of its data arrives.
   * @throws {PeerError} What the server answers instead.
   * @throws {OndacastError} `lost`, if the connection ends before.
   */
  async openStream(
    message: Omit<Request<"play">, "type">,
    opened: (stream: SessionStream) => void,
  ): Promise<void> {
    const { id, answer } = this.#ask<"play">({ type: "play", ...message });
    this.#openers.set(id, opened);
    await answer.finally(() => this.#openers.delete(id));
  }

  /** Notifies a listener, among others, until the signal is aborted. */
  listen(listener: SessionListener, until?: AbortSignal): void {
    if (until?.aborted) return;
    this.#listeners.add(listener);
    until?.addEventListener("abort", () => this.#listeners.delete(listener));
  }

  #ask<K extends Asked>(
    message: Request<K> & { type: K },
  ): { id: RequestId; answer: Promise<AnswerTo<K>> } {
    const id = ++this.#requests;
    const { promise, resolve, reject } = Promise.withResolvers<
      AnswerTo<K>
    >();
    if (!this.#failure && this.#answers.size >= MAX_ASKED) this.#end(unheard());
    if (this.#failure) reject(this.#failure);
    else {
      this.#answers.set(id, {
        resolve: (answer) => resolve(answer as AnswerTo<K>),
        reject,
      });
      this.#channel.send({ ...message, id } as unknown as ToServer);
    }
    return { id, answer: promise };
  }

  /**
   * Asks to upload, which is answered twice: that data may come, and that the
   * song is stored. Either may be an error instead.
   *
   * @param granted Told of more bytes that may come, once it is ready.
   */
  upload(
    message: Omit<ToServer<"upload">, "id" | "re">,
    granted: (bytes: number) => void = () => {},
  ): {
    ready: Promise<ToClient<"ready">>;
    stored: Promise<ToClient<"stored">>;
  } {
    const ready = Promise.withResolvers<ToClient<"ready">>();
    const stored = Promise.withResolvers<ToClient<"stored">>();
    for (const { promise } of [ready, stored]) promise.catch(() => {});
    this.#granted = () => {}; // What is granted before is of an upload before.
    const id = ++this.#requests;
    const answer: Answer = {
      resolve: (message) => {
        if (message.type === "stored") return stored.resolve(message);
        this.#answers.set(id, answer);
        this.#granted = granted;
        ready.resolve(message as ToClient<"ready">);
      },
      reject: (error) => {
        ready.reject(error);
        stored.reject(error);
      },
    };
    if (this.#failure) answer.reject(this.#failure);
    else {
      this.#answers.set(id, answer);
      this.#channel.send({ ...message, id });
    }
    return { ready: ready.promise, stored: stored.promise };
  }

  /** Sends whole data frames; resolves when they are written. */
  sendData(frames: Uint8Array): Promise<void> {
    return this.#channel.sendFrames(frames);
  }

  /** Sends what has no answer. */
  send(message: ToServer): void {
    if (!this.#failure) this.#channel.send(message);
  }

  /** Data was used up or thrown away, so that as much can come again. */
  used(bytes: number): void {
    this.#grant(this.#allowance.used(bytes));
  }

  /** Lets more be under way from now on. */
  widen(windowBytes: number): void {
    this.#grant(this.#allowance.widen(windowBytes));
  }

  /** Says bye and ends. */
  close(): void {
    if (this.#failure) return;
    this.#channel.send({ type: "bye" });
    this.#end(new OndacastError("interrupted", "The connection was closed"));
  }

  #grant(bytes: number): void {
    if (bytes > 0) this.send({ type: "grant", bytes });
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(READ_BYTES);
    while (!this.#failure) {
      const bytes = await this.#channel.read(buffer);
      if (this.#failure) return;
      if (bytes === null) {
        throw new OndacastError(
          "lost",
          `Lost the connection to ${this.#channel.transport.peer}: the server closed it`,
        );
      }
      this.#channel.heard(bytes);
      this.#decoder.push(buffer.subarray(0, bytes));
      // Pongs and grants wait for a server that takes none, and so does it.
      if (this.#channel.crowded) await this.#channel.relieved();
    }
  }

  #receive(payload: Uint8Array): void {
    const envelope = openEnvelope(payload);
    if (!isKnownToClient(envelope)) return; // of a newer server
    const message = checkMessage(TO_CLIENT, envelope) as ToClient;
    this.#isSession = true;
    if (message.type === "start") this.#begin(message);
    if (message.type === "ping") {
      this.send({ type: "pong", time: message.time });
    } else if (message.type === "error") {
      this.#receiveError(message);
    } else if (message.type === "grant") {
      this.#granted(message.bytes);
    } else if (!this.#settle(message)) {
      if (message.type === "end" || message.type === "stopped") {
        this.#stream?.hear(message);
      }
      this.#notify((listener) => listener.message?.(message));
    }
  }

  /** Hands a stream to its owner, before the one before learns of it. */
  #begin(start: ToClient<"start">): void {
    const displaced = this.#stream;
    const stream = this.#stream = new IncomingStream(this, start);
    if (start.re !== undefined) this.#openers.get(start.re)?.(stream);
    else this.#notify((listener) => listener.cast?.(stream));
    displaced?.displace();
  }

  #notify(call: (listener: SessionListener) => void): void {
    for (const listener of [...this.#listeners]) call(listener);
  }

  #receiveError(message: ToClient<"error">): void {
    const error = new PeerError(
      message.code,
      message.message,
      message.fatal ?? false,
    );
    const answer = this.#answers.get(message.re ?? NaN);
    this.#answers.delete(message.re ?? NaN);
    answer?.reject(error);
    if (error.fatal) this.#end(error);
    else if (!answer) this.#notify((listener) => listener.message?.(message));
  }

  #settle(message: ToClient): boolean {
    if (message.re === undefined) return false;
    const answer = this.#answers.get(message.re);
    this.#answers.delete(message.re);
    answer?.resolve(message);
    return answer !== undefined;
  }

  /** What ended it; where the other side may be no server, that is said. */
  #explained(error: OndacastError): OndacastError {
    const { code, message } = error;
    if (this.#isSession || message.includes(RIGHT_PORT)) return error;
    const cause = { cause: error };
    if (code === "lost") {
      return new OndacastError(code, `${message}. ${RIGHT_PORT}`, cause);
    }
    if (code !== "bad-frame" && code !== "bad-message") return error;
    return new OndacastError(
      "not-ondacast",
      `Cannot talk to ${this.#channel.transport.peer}: something else than Ondacast answers there (${message}). ${RIGHT_PORT}`,
      cause,
    );
  }

  #end(error: OndacastError): void {
    if (this.#failure) return;
    this.#failure = error;
    this.#over.abort();
    if (error.code === "lost") this.#channel.transport.close();
    else this.#channel.closeAfterSending().catch(() => {});
    for (const answer of this.#answers.values()) answer.reject(error);
    this.#answers.clear();
    this.#notify((listener) => listener.closed?.(error));
  }

  /** Pings a silent server, and gives up one that stays silent. */
  async #keepHeartbeat(): Promise<void> {
    const channel = this.#channel;
    const suspensions = new SuspensionDetector(CHECK_MS, this.#clock.now());
    let pingedAtMs = -Infinity;
    while (!this.#over.signal.aborted) {
      await this.#clock.sleep(CHECK_MS, this.#over.signal);
      const nowMs = this.#clock.now();
      // A listener with a large window has little to say. The server's ping may
      // wait behind data for so long that it would count as gone: so it speaks.
      const { heardAtMs, spokeAtMs, transport: { peer } } = channel;
      const verdict = checkHeartbeat(
        { heardAtMs, spokeAtMs, pingedAtMs },
        nowMs,
        suspensions.check(nowMs),
      );
      if (verdict === "gone") {
        throw new OndacastError(
          "lost",
          `Lost the connection to ${peer}: ${GONE_REASON}`,
        );
      }
      if (verdict === "ping") {
        pingedAtMs = nowMs;
        channel.send({ type: "ping", time: Math.round(nowMs * 1000) });
      }
    }
  }
}

function plainStream(peer: string): OndacastError {
  return new OndacastError(
    "not-ondacast",
    `Cannot talk to ${peer}: it sends a plain stream, which \`ondacast stream ${peer}\` plays. ${RIGHT_PORT}`,
  );
}

function unheard(): OndacastError {
  return new OndacastError(
    "lost",
    `Lost the connection: the server leaves ${MAX_ASKED} requests unanswered`,
  );
}
