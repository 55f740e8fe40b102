/**
 * One connection to a server, from the client's side: hands each answer, each
 * stream and each push to its owner.
 *
 * @module
 */

import { OndacastError, PeerError, toOndacastError } from "../errors.ts";
import type { RoundTrip } from "../model/clock_sync.ts";
import type { DeviceKind } from "../model/device_kind.ts";
import { Allowance } from "../model/credit.ts";
import type { Clock, Connector, Transport } from "../ports/common.ts";
import { Channel } from "../wire/channel.ts";
import { checkMessage, openEnvelope } from "../wire/message_codec.ts";
import { CLIENT_FEATURES, type Feature } from "../wire/features.ts";
import {
  ANSWERS,
  type AnswerTo,
  isDeclared,
  PROTOCOL_VERSION,
  type RequestType,
  type ToClient,
  type ToServer,
} from "../wire/messages.ts";
import type { Table } from "../wire/message_row.ts";
import { TO_CLIENT } from "../wire/to_client.ts";
import { IncomingStream } from "./incoming_stream.ts";
import { keepAlive } from "./keep_alive.ts";
import { Listeners } from "./listeners.ts";
import { OutgoingLive } from "./outgoing_live.ts";
import { OutgoingUpload } from "./outgoing_upload.ts";
import { receiveFrames } from "./receive_frames.ts";
import {
  oneAnswer,
  type RequestOwner,
  Requests,
  tooManyRequests,
} from "./requests.ts";
import { StreamRow } from "./stream_row.ts";

/** How a client introduces itself to its server. */
export interface Identity {
  name: string;
  /** A random UUID, the same over all connections of a program run. */
  device: string;
  token?: string;
  /** Whether others may cast to it, from the start. */
  receive?: boolean;
  /** What it is. */
  kind?: DeviceKind;
  /** What it understands; by default all that this version does. */
  features?: readonly Feature[];
}

/** Options of a connection. */
export interface SessionOptions {
  clock: Clock;
  identity: Identity;
  /** Data that may come before the first grant. */
  windowBytes: number;
  signal?: AbortSignal;
  /** Called with the server's greeting before what follows it is handed on. */
  greeted?(session: ClientSession, welcome: ToClient<"welcome">): void;
  /** The messages that the server may send; by default those to any client. */
  messages?: Table;
}

/** A handler for each type of message that may answer no request. */
type Pushes = {
  [K in Exclude<ToClient["type"], "start">]?: (message: ToClient<K>) => void;
};

/** Notified of what arrives without a request. */
export interface SessionListener extends Pushes {
  /** Another client casts a song here; its data follows. */
  cast?(stream: SessionStream): void;
  /** The connection is over; nothing else follows. */
  closed?(error: OndacastError): void;
}

/** A stream of a server's connection. */
export type SessionStream = IncomingStream<ClientSession>;

/** Requests that nothing but an answer follows. */
type Asked = Exclude<RequestType, "upload" | "live">;

type Request<K extends RequestType> = Omit<ToServer<K>, "id" | "re" | "type">;

/** A connection to a server. */
export class ClientSession {
  /** The server's greeting. Rejects if the connection ends before it. */
  readonly welcome: Promise<ToClient<"welcome">>;
  readonly #channel: Channel;
  readonly #clock: Clock;
  readonly #allowance: Allowance;
  readonly #listeners = new Listeners<SessionListener>();
  readonly #requests = new Requests();
  readonly #over = new AbortController();
  /** The latest stream, which all data belongs to. */
  #stream: SessionStream | null = null;
  readonly #row = new StreamRow<SessionStream>();
  /** What is sent, which all grants belong to. */
  #outgoing: OutgoingUpload | OutgoingLive | null = null;
  #failure: OndacastError | null = null;
  #greeting: ToClient<"welcome"> | null = null;
  /** Whether a message of a session has come. */
  #isSession = false;
  readonly #messages: Table;

  private constructor(
    transport: Transport,
    { clock, identity, windowBytes, greeted, messages = TO_CLIENT }:
      SessionOptions,
  ) {
    this.#messages = messages;
    const channel = this.#channel = new Channel(transport, clock);
    this.#allowance = new Allowance(windowBytes);
    const { features = CLIENT_FEATURES, ...about } = identity;
    this.#clock = clock;
    this.welcome = this.#ask({
      type: "hello",
      version: PROTOCOL_VERSION,
      window: windowBytes,
      features: [...features],
      ...about,
    }, (answer) => {
      const welcome = this.#greeting = answer as ToClient<"welcome">;
      greeted?.(this, welcome);
      return welcome;
    });
    this.welcome.catch(() => {});
    receiveFrames(channel, {
      data: (piece) => this.#receiveData(piece),
      dataEnd: () => this.#stream?.complete(),
      message: (payload) => this.#receiveMessage(payload),
    }, this.over).catch((error) => this.#fail(toOndacastError(error, "lost")));
    keepAlive(channel, clock, this.over)
      .catch((error) => this.#fail(toOndacastError(error)));
  }

  /**
   * Connects and says hello. Requests may follow at once, without waiting for
   * the welcome.
   *
   * @throws {OndacastError} `unreachable`.
   */
  static async open(
    connector: Connector,
    options: SessionOptions,
  ): Promise<ClientSession> {
    const transport = await connector.connect(options.signal);
    return new ClientSession(transport, options);
  }

  /** Why the connection is over; null: it is not. */
  get failure(): OndacastError | null {
    return this.#failure;
  }

  /** Whether the server has greeted this client. */
  get isWelcome(): boolean {
    return this.#greeting !== null;
  }

  /** The server's greeting; null before it. */
  get greeting(): ToClient<"welcome"> | null {
    return this.#greeting;
  }

  /** Aborted when the connection is over. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** Bytes that may be in transit and in the buffer together. */
  get windowBytes(): number {
    return this.#allowance.windowBytes;
  }

  /**
   * Sends a request.
   *
   * @param answered Called before what follows the answer is handed on.
   * @throws {PeerError} The server's refusal.
   * @throws {OndacastError} `lost`, if the connection ends before the answer.
   */
  request<K extends Asked>(
    message: Request<K> & { type: K },
    answered?: () => void,
  ): Promise<AnswerTo<K>> {
    return this.#ask(message, (answer) => {
      answered?.();
      return answer as AnswerTo<K>;
    });
  }

  /**
   * Requests a stream.
   *
   * @param opened Called with it before any of its data arrives.
   * @throws {PeerError} The server's refusal.
   * @throws {OndacastError} `lost`, if the connection ends before the answer.
   */
  openStream(
    message: Request<"play">,
    opened: (stream: SessionStream) => void,
  ): Promise<void> {
    return this.#ask({ type: "play", ...message }, () => opened(this.#stream!));
  }

  /** When anything came last, by this side's clock. */
  get heardAtMs(): number {
    return this.#channel.heardAtMs;
  }

  /**
   * Measures a round trip, in microseconds of both monotonic clocks. A pong counts
   * from when it was read, not from when its turn came.
   *
   * @returns Null from a server that does not tell its times.
   */
  ping(): Promise<Omit<RoundTrip, "wallUs" | "clock"> | null> {
    const sentUs = this.#clock.now() * 1000;
    return this.#ask({ type: "ping", time: Math.round(sentUs) }, (answer) => {
      const { received, sent } = answer as ToClient<"pong">;
      if (received === undefined || sent === undefined) return null;
      const returnedUs = this.#channel.heardAtMs * 1000;
      return { sentUs, receivedUs: received, answeredUs: sent, returnedUs };
    });
  }

  /** Requests an upload. Its grants are those that come from now on. */
  upload(message: Request<"upload">): OutgoingUpload {
    const upload = this.#outgoing = new OutgoingUpload();
    this.#submit({ type: "upload", ...message }, upload);
    return upload;
  }

  /** Requests to send a song live. Its grants are those that come from now on. */
  live(message: Request<"live">): OutgoingLive {
    const live = this.#outgoing = new OutgoingLive();
    this.#submit({ type: "live", ...message }, live);
    return live;
  }

  /** Adds a listener until the signal is aborted. */
  listen(listener: SessionListener, until?: AbortSignal): void {
    this.#listeners.add(listener, until);
  }

  /** Sends whole data frames; resolves when they are written. */
  sendData(frames: Uint8Array): Promise<void> {
    return this.#channel.sendFrames(frames);
  }

  /** Sends a message that has no answer. */
  send(message: ToServer): void {
    if (!this.#failure) this.#channel.send(message);
  }

  /** Grants again data that was played or discarded. */
  used(bytes: number): void {
    this.#grant(this.#allowance.used(bytes));
  }

  /** Enlarges the window. */
  widen(windowBytes: number): void {
    this.#grant(this.#allowance.widen(windowBytes));
  }

  /** Says bye and ends. */
  close(): void {
    if (this.#failure) return;
    this.#channel.send({ type: "bye" });
    this.#end(new OndacastError("interrupted", "The connection was closed"));
  }

  /** @param read What the caller gets of the answer. */
  #ask<K extends Asked, T>(
    message: Request<K> & { type: K },
    read: (answer: ToClient) => T,
  ): Promise<T> {
    const owner = oneAnswer(ANSWERS[message.type], read);
    this.#submit(message, owner);
    return owner.promise;
  }

  #submit(message: object, owner: RequestOwner): void {
    if (this.#requests.isFull) this.#end(tooManyRequests(this.#peer));
    if (this.#failure) return owner.failed(this.#failure);
    const id = this.#requests.add(owner);
    this.#channel.send({ ...message, id } as ToServer);
  }

  #grant(bytes: number): void {
    if (bytes > 0) this.send({ type: "grant", bytes });
  }

  get #peer(): string {
    return this.#channel.transport.peer;
  }

  #receiveData(piece: Uint8Array): void {
    if (!this.#isSession) throw dataBeforeWelcome(this.#peer);
    this.#allowance.received(piece.length);
    if (this.#stream) this.#stream.receive(piece);
    else this.used(piece.length);
  }

  #receiveMessage(payload: Uint8Array): void {
    const envelope = openEnvelope(payload);
    if (!isDeclared(this.#messages, envelope)) return; // of a newer server
    const message = checkMessage(this.#messages, envelope) as ToClient;
    this.#isSession = true;
    if (message.type === "start") this.#begin(message);
    else if (message.type === "error") this.#receiveError(message);
    else if (!this.#requests.answer(message.re, message)) this.#push(message);
  }

  /** Hands a stream to its owner before those it replaces are notified. */
  #begin(start: ToClient<"start">): void {
    // What it follows has all of its data by now, or never gets it.
    this.#stream?.completeIf(start.follows);
    const stream = this.#stream = new IncomingStream(this, start);
    const replaced = this.#row.add(stream);
    const isCast = start.re === undefined;
    if (isCast) this.#listeners.notify((it) => it.cast?.(stream));
    else this.#requests.answer(start.re, start);
    for (const it of replaced) it.displace();
    this.#grant(this.#allowance.all());
  }

  /** A stream that the server stops takes all after it along. */
  #stopped(message: ToClient<"stopped">): void {
    for (const stream of this.#row.cut(message.stream)) stream.stopped(message);
    this.#grant(this.#allowance.all());
  }

  #receiveError(message: ToClient<"error">): void {
    const { re, code, fatal = false } = message;
    const error = new PeerError(code, message.message, fatal);
    const isAnswer = this.#requests.fail(re, error);
    if (fatal) this.#end(error);
    else if (!isAnswer) this.#push(message);
  }

  /** Handles a message that answers no request. */
  #push(message: Exclude<ToClient, { type: "start" }>): void {
    const { type } = message;
    if (type === "ping") return this.send({ type: "pong", time: message.time });
    if (type === "grant") this.#outgoing?.granted(message.bytes);
    if (type === "end") this.#row.find(message.stream)?.ending(message);
    if (type === "stopped") this.#stopped(message);
    this.#listeners.notify((listener) => {
      const handle = listener[type] as
        | ((message: ToClient) => void)
        | undefined;
      handle?.call(listener, message);
    });
  }

  #fail(error: OndacastError): void {
    const { transport } = this.#channel;
    this.#end(this.#isSession ? error : transport.explain?.(error) ?? error);
  }

  #end(error: OndacastError): void {
    if (this.#failure) return;
    this.#failure = error;
    this.#over.abort();
    if (error.code === "lost") this.#channel.transport.close();
    else this.#channel.closeAfterSending().catch(() => {});
    this.#requests.failAll(error);
    this.#listeners.notify((listener) => listener.closed?.(error));
  }
}

function dataBeforeWelcome(peer: string): OndacastError {
  return new OndacastError(
    "bad-frame",
    `Cannot talk to ${peer}: it sends data before a welcome`,
  );
}
