/**
 * One connection's conversation: reads the frames of a client, has its requests
 * handled one after the other, and sends the answers. What a client is and may
 * do is kept by its {@linkcode Member}.
 *
 * @module
 */

import { OndacastError, toOndacastError } from "../errors.ts";
import type { Transport } from "../ports/common.ts";
import {
  FrameDecoder,
  MAX_MESSAGE_TO_CLIENT_BYTES,
  MAX_MESSAGE_TO_SERVER_BYTES,
  MAX_SESSION_DATA_BYTES,
} from "../wire/frame.ts";
import { hasFeature } from "../wire/features.ts";
import {
  encodePage,
  type Envelope,
  isPage,
  pageRows,
} from "../wire/message_codec.ts";
import type { Table } from "../wire/message_row.ts";
import { checkRequest, openRequest } from "../wire/request_codec.ts";
import {
  type Answer,
  ANSWERS,
  type AnswerTo,
  type RequestId,
  type RequestType,
  type ToServer,
} from "../wire/messages.ts";
import { TO_SERVER } from "../wire/to_server.ts";
import { dataCost, messageCost, pageCost } from "./cost.ts";
import { authorize, welcome } from "./hello.ts";
import type { Hub } from "./hub.ts";
import { Inbox, type InboxEvent } from "./inbox.ts";
import { Member } from "./member.ts";
import { type Handled, type HandledType, REQUESTS } from "./requests.ts";

/** The most bytes read before a client is welcomed: the longest `hello`, and a margin. */
export const MAX_STRANGER_BYTES = 128 * 1024;
/** Extra wait of a throttled client, so that it does not wake for each message. */
const THROTTLE_MS = 20;
/** The bytes of one read. Few, because thousands of clients send little. */
const READ_BYTES = 256;
/** The bytes of one read during an upload. */
const UPLOAD_READ_BYTES = 64 * 1024;

/** The clock is read before each request, since one may take a millisecond. */
const REQUEST_STEPS = 64;

/** What requests of others must not delay: it keeps music and clocks going. */
const SIGNALS: ReadonlySet<string> = new Set(["ping", "pong", "grant"]);
/** Longer messages are requests, because they take time to decode. */
const MOST_SIGNAL_BYTES = 128;

/** What a server that introduces itself may send before its proof. */
const BEFORE_PROOF: ReadonlySet<string> = new Set([
  "prove",
  "ping",
  "pong",
  "grant",
  "bye",
]);

const DECODER_OPTIONS = {
  maxMessageBytes: MAX_MESSAGE_TO_SERVER_BYTES,
  maxDataBytes: MAX_SESSION_DATA_BYTES,
};

/** Serves one client, from the first byte to the end of its connection. */
export class Session {
  readonly member: Member;
  readonly #inbox = new Inbox();
  readonly #decoder = new FrameDecoder(this.#inbox, DECODER_OPTIONS);
  #strangerBytes = 0;

  constructor(hub: Hub, transport: Transport) {
    this.member = new Member(hub, transport);
  }

  /**
   * Serves until the connection ends; never rejects. One function, because the
   * frame of every waiting function takes memory for each client.
   *
   * @param refusal Why the client is refused at once; null: it is not.
   * @returns Why the connection ended.
   */
  async run(refusal: OndacastError | null = null): Promise<string> {
    const { member } = this;
    const { channel, hub } = member;
    try {
      if (refusal !== null) throw refusal;
      hub.places.admit(member);
      const small = new Uint8Array(READ_BYTES);
      let large: Uint8Array | null = null;
      while (!member.isEnding) {
        large = member.sent.isUnderWay
          ? large ?? new Uint8Array(UPLOAD_READ_BYTES)
          : null;
        const buffer = large ?? small;
        member.readsSinceMs = hub.clock.now();
        const bytes = await channel.read(buffer);
        member.readsSinceMs = null;
        if (bytes === null) break;
        const failure = this.#decode(buffer, bytes);
        const events = this.#inbox.drain();
        for (let i = 0; i < events.length && !member.isEnding; i++) {
          const opened = openShort(events[i]);
          const isSignal = opened !== null && SIGNALS.has(opened.type);
          const kind = isSignal ? "signal" : "request";
          const turn = hub.turns.next(REQUEST_STEPS, kind);
          if (turn) await turn;
          const done = this.#handle(events[i], opened);
          if (done) await done;
          if (channel.crowded) await channel.relieved();
          if (member.rateLimit.waitMs > 0) await this.#throttle();
        }
        if (failure !== null) throw failure;
        if (member.client === null) this.#countStranger(bytes);
      }
    } catch (thrown) {
      if (!member.isEnding) await member.fail(thrown);
    }
    await member.close();
    return member.reason;
  }

  /** Waits until the client is within its request rate again. */
  async #throttle(): Promise<void> {
    const { hub: { clock }, rateLimit } = this.member;
    await clock.sleep(rateLimit.waitMs + THROTTLE_MS);
    rateLimit.refill(clock.now());
  }

  /** Limits what a client may send before it is welcomed. */
  #countStranger(bytes: number): void {
    this.#strangerBytes += bytes;
    if (this.#strangerBytes <= MAX_STRANGER_BYTES) return;
    throw new OndacastError(
      "bad-message",
      `Cannot wait for a hello: more than ${MAX_STRANGER_BYTES} bytes came without one`,
    );
  }

  /** Fills the inbox. Requests before a failure are still answered. */
  #decode(buffer: Uint8Array, bytes: number): OndacastError | null {
    const { member } = this;
    member.heard(bytes);
    if (member.isTrusted) {
      // It passes on what its clients send, by longer names.
      this.#decoder.maxMessageBytes = MAX_MESSAGE_TO_CLIENT_BYTES;
    }
    try {
      this.#decoder.push(buffer, bytes);
      return null;
    } catch (thrown) {
      return toOndacastError(thrown);
    }
  }

  /** Handles an event, synchronously if possible. @param opened Null: not yet. */
  #handle(event: InboxEvent, opened: Envelope | null): void | Promise<void> {
    const { member } = this;
    if ("data" in event) {
      member.rateLimit.spend(dataCost(event.data.length));
      return member.sent.current.receive(event.data);
    }
    if ("dataEnd" in event) return member.sent.current.complete();
    member.rateLimit.spend(messageCost(event.message.length));
    let id: RequestId | undefined;
    try {
      const envelope = opened ?? openRequest(event.message);
      id = envelope.id;
      if (member.client !== null) {
        checkFeature(envelope.type, member);
      }
      const done = this.#answer(checkRequest(envelope));
      return done?.catch((thrown) => member.refuse(thrown, id));
    } catch (thrown) {
      return member.refuse(thrown, id);
    }
  }

  #answer(message: ToServer): void | Promise<void> {
    const { member } = this;
    if ((message.type === "hello") !== (member.client === null)) {
      throw new OndacastError(
        "bad-message",
        member.client === null
          ? `Cannot accept ${message.type}: expected hello first`
          : "Cannot accept a second hello",
      );
    }
    if (message.type === "hello") return this.#greet(message);
    if (member.isUnproven && !BEFORE_PROOF.has(message.type)) {
      throw new OndacastError(
        "unauthorized",
        `Cannot accept ${message.type}: expected prove first`,
      );
    }
    const handle = REQUESTS[message.type as HandledType] as (
      member: Member,
      message: ToServer,
    ) => Handled | Promise<Handled>;
    const answer = handle(member, message);
    if (answer instanceof Promise) {
      return answer.then((answer) => this.#send(message, answer));
    }
    this.#send(message, answer);
  }

  async #greet(hello: ToServer<"hello">): Promise<void> {
    await authorize(this.member, hello);
    // The client, or the server, may have ended meanwhile.
    if (this.member.isEnding) return;
    this.#send(hello, welcome(this.member, hello));
    this.member.begin();
  }

  /** Sends what a handler returned, if anything, as the answer to its request. */
  #send({ type, id }: ToServer, fields: Handled): void {
    if (fields === undefined) return;
    const { channel, rateLimit } = this.member;
    const answer = {
      type: ANSWERS[type as RequestType],
      ...fields as Answer<RequestType>,
      ...(id !== undefined && { re: id }),
    } as AnswerTo<RequestType>;
    if (!isPage(answer)) return channel.send(answer);
    const frame = encodePage(answer);
    rateLimit.spend(pageCost(pageRows(answer).length, frame.length));
    channel.sendMessageFrame(frame);
  }
}

/** Opens a message that may be a signal, before its turn; null: it is none. */
function openShort(event: InboxEvent): Envelope | null {
  if (!("message" in event)) return null;
  if (event.message.length > MOST_SIGNAL_BYTES) return null;
  try {
    return openRequest(event.message);
  } catch {
    return null; // It is refused when it is handled.
  }
}

/** @throws {OndacastError} `unknown-type`, to a client without the feature. */
function checkFeature(type: string, member: Member): void {
  const { feature } = (TO_SERVER as Table)[type] ?? {};
  if (feature === undefined || hasFeature(member, feature)) return;
  throw new OndacastError(
    "unknown-type",
    `Cannot accept a message of type ${type}: hello named no feature ${feature}`,
  );
}
