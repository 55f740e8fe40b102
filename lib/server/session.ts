/**
 * One client's conversation: reads its frames, answers its requests one
 * after the other, and ends with a reason. Everything it touches is behind
 * the {@linkcode Hub}, the {@linkcode Channel} and the {@linkcode StreamSender}.
 *
 * @module
 */

import { OndacastError, toOndacastError } from "../errors.ts";
import { Credit } from "../model/credit.ts";
import { isLoopback, peerHost } from "../model/address.ts";
import { RateLimit } from "../model/rate_limit.ts";
import type { Present } from "../model/presence.ts";
import type { Transport } from "../ports/common.ts";
import type { OpenSong } from "../ports/server.ts";
import { Channel } from "../wire/channel.ts";
import {
  FrameDecoder,
  MAX_MESSAGE_TO_SERVER_BYTES,
  MAX_SESSION_DATA_BYTES,
} from "../wire/frame.ts";
import {
  checkMessage,
  type Envelope,
  MAX_DEPTH,
  openEnvelope,
} from "../wire/message_codec.ts";
import { type RequestId, TO_SERVER, type ToServer } from "../wire/messages.ts";
import { dataCost, messageCost, RATE_LIMIT } from "./cost.ts";
import type { Hub } from "./hub.ts";
import { Inbox, type InboxEvent } from "./inbox.ts";
import { UPLOAD_STUCK_MS, UploadReceiver } from "./upload_receiver.ts";
import { judgeLife } from "./life.ts";
import { Notices } from "./notices.ts";
import {
  type Listener,
  type StreamCause,
  type StreamFrom,
  StreamSender,
} from "./stream_sender.ts";
import { REQUESTS } from "./requests.ts";
import { Showing } from "./showing.ts";

/** What may come before a client is welcomed: the longest `hello`, and then some. */
export const MAX_STRANGER_BYTES = 128 * 1024;
/** How much longer than it must it waits, so as not to wake for each message. */
const REST_MS = 20;
/** What is read at once: little, as a client says little and there are many. */
const READ_BYTES = 256;
/** What is read at once while a song is uploaded. */
const UPLOAD_READ_BYTES = 64 * 1024;

/** Each request has the clock looked at, since one may take a millisecond. */
const REQUEST_STEPS = 64;

const DECODER_OPTIONS = {
  maxMessageBytes: MAX_MESSAGE_TO_SERVER_BYTES,
  maxDataBytes: MAX_SESSION_DATA_BYTES,
};

/** One connection's conversation with its client. */
export class Session implements Listener {
  readonly hub: Hub;
  readonly channel: Channel;
  readonly credit = new Credit(0);
  readonly outgoing: StreamSender = new StreamSender(this);
  /** Who the client is, once it was welcomed. */
  client: Present<Session> | null = null;
  /** When a message was read from the network last, on the server's clock. */
  receivedUs = 0;
  /** What others see of the client. */
  readonly shown: Showing = new Showing(this);
  /** What the client may ask for, in the units of `cost.ts`; beyond, it is read later. */
  readonly rateLimit: RateLimit;
  readonly #sinceMs: number;
  #strangerBytes = 0;
  #pingedAtMs = -Infinity;
  /** Since when the client is listened to; null: the server does what it said. */
  #readsSinceMs: number | null = null;
  readonly #inbox = new Inbox();
  readonly #decoder = new FrameDecoder(this.#inbox, DECODER_OPTIONS);
  #incoming: UploadReceiver | null = null;
  #notices: Notices | null = null;
  #ending: Promise<void> | null = null;
  #reason = "closed by the client";

  constructor(hub: Hub, transport: Transport) {
    this.hub = hub;
    this.channel = new Channel(transport, hub.clock, hub.counters.traffic);
    this.#sinceMs = hub.clock.now();
    this.rateLimit = new RateLimit(RATE_LIMIT, this.#sinceMs);
  }

  /**
   * Talks until the connection ends; never rejects. It reads and answers by
   * itself, as a function that waited for another would be kept for each client.
   *
   * @param refusal Why the client is sent away at once; null: it is not.
   * @returns Why the connection ended.
   */
  async run(refusal: OndacastError | null = null): Promise<string> {
    try {
      if (refusal !== null) throw refusal;
      this.hub.admit(this);
      const small = new Uint8Array(READ_BYTES);
      let large: Uint8Array | null = null;
      while (this.#ending === null) {
        large = this.#incoming?.active
          ? large ?? new Uint8Array(UPLOAD_READ_BYTES)
          : null;
        const buffer = large ?? small;
        this.#readsSinceMs = this.hub.clock.now();
        const bytes = await this.channel.read(buffer);
        this.#readsSinceMs = null;
        if (bytes === null) break;
        const failure = this.#hear(buffer, bytes);
        const events = this.#inbox.takeAll();
        for (let i = 0; i < events.length && this.#ending === null; i++) {
          const turn = this.hub.turns.next(REQUEST_STEPS);
          if (turn) await turn;
          const done = this.#take(events[i]);
          if (done) await done;
          if (this.channel.crowded) await this.channel.relieved();
          if (this.rateLimit.waitMs > 0) await this.#rest();
        }
        if (failure !== null) throw failure;
        if (this.client === null) this.#countStranger(bytes);
      }
    } catch (thrown) {
      if (this.#ending === null) await this.#endWith(thrown);
    }
    this.#notices?.close();
    this.outgoing.abandon();
    await this.#incoming?.abandon();
    if (this.client) this.hub.presence.leave(this.client);
    this.hub.dismiss(this);
    await this.#ending;
    this.channel.transport.close();
    return this.#reason;
  }

  /** Who the client is. @throws {TypeError} Before it was welcomed. */
  get welcomed(): Present<Session> {
    if (this.client === null) throw new TypeError("Expected a client");
    return this.client;
  }

  /** What the client uploads, as most never do. */
  get incoming(): UploadReceiver {
    const { songs, counters } = this.hub;
    return this.#incoming ??= new UploadReceiver(this.channel, songs, counters);
  }

  /** What others ask of the client, of which most are never asked anything. */
  get notices(): Notices {
    return this.#notices ??= new Notices(this.channel);
  }

  /** Whether the last word was said, or is being said. */
  get isEnding(): boolean {
    return this.#ending !== null;
  }

  /** Whether the client runs on the server's machine, as far as can be known. */
  get isLocal(): boolean {
    const { peer, isPassedOn } = this.channel.transport;
    return !isPassedOn && isLoopback(peerHost(peer));
  }

  /** Sends the client a song, and tells others that it plays it. */
  play(song: OpenSong, from: StreamFrom, cause: StreamCause): void {
    this.outgoing.start(song, from, cause);
    const { song: name, fromSeconds } = this.outgoing.latest!;
    this.shown.begins(name, fromSeconds);
  }

  /** From now on others may, or may not, cast to the client. */
  receive(on: boolean): void {
    if (!on) this.#notices?.discardAll();
    this.shown.receives(on);
  }

  streamStopped(): void {
    if (!this.client) return;
    const { problem } = this.client.activity;
    this.shown.rests({ problem });
  }

  /** Tells the client a fatal error and ends; resolves when it is over. */
  end(error: OndacastError): Promise<void> {
    return this.#ending ??= this.#sayLast(error);
  }

  /** Ends after what was sent so far has gone out. */
  leave(reason: string): void {
    this.#reason = reason;
    this.#ending ??= this.channel.closeAfterSending();
  }

  /** Looks whether the client still lives; see {@linkcode judgeLife}. */
  checkLife(nowMs: number, awakeSinceMs: number): void {
    const { channel } = this;
    const verdict = judgeLife(
      {
        isWelcomed: this.client !== null,
        connectedAtMs: this.#sinceMs,
        readsSinceMs: this.#readsSinceMs,
        heardAtMs: channel.heardAtMs,
        pingedAtMs: this.#pingedAtMs,
        isWriting: channel.transport.writing,
        progressAtMs: channel.transport.progressAtMs,
      },
      nowMs,
      awakeSinceMs,
    );
    if (typeof verdict === "object") this.#tooLate(verdict.over);
    else if (this.#incoming?.isStuck(nowMs, awakeSinceMs)) {
      this.#tooLate(
        `no data of the upload for ${UPLOAD_STUCK_MS / 1000} s`,
        this.#incoming.re,
      );
    } else if (verdict === "ping") {
      this.#pingedAtMs = nowMs;
      channel.send({ type: "ping", time: this.hub.clockUs });
    }
  }

  /** Lets a client wait that asked for too much. */
  async #rest(): Promise<void> {
    const { clock } = this.hub;
    await clock.sleep(this.rateLimit.waitMs + REST_MS);
    this.rateLimit.refill(clock.now());
  }

  /** What came without a `hello` that was taken. */
  #countStranger(bytes: number): void {
    this.#strangerBytes += bytes;
    if (this.#strangerBytes <= MAX_STRANGER_BYTES) return;
    throw new OndacastError(
      "bad-message",
      `Cannot wait for a hello: more than ${MAX_STRANGER_BYTES} bytes came without`,
    );
  }

  /** Puts events into the inbox; what came before a failure is still answered. */
  #hear(buffer: Uint8Array, bytes: number): OndacastError | null {
    this.channel.heard(bytes);
    this.receivedUs = this.hub.clockUs;
    this.#incoming?.noteRead();
    this.rateLimit.refill(this.channel.heardAtMs);
    try {
      this.#decoder.push(buffer, bytes);
      return null;
    } catch (thrown) {
      return toOndacastError(thrown);
    }
  }

  /** Does what an event asks for; most is done at once. */
  #take(event: InboxEvent): void | Promise<void> {
    if ("data" in event) {
      this.rateLimit.spend(dataCost(event.data.length));
      return this.incoming.take(event.data);
    }
    if ("dataEnd" in event) return this.incoming.complete();
    this.rateLimit.spend(messageCost(event.message.length));
    let envelope: Envelope | null = null;
    try {
      envelope = openEnvelope(event.message, MAX_DEPTH);
      const done = this.#answer(checkMessage(TO_SERVER, envelope));
      return done?.catch((thrown) => this.#refuse(thrown, envelope?.id));
    } catch (thrown) {
      return this.#refuse(thrown, envelope?.id);
    }
  }

  /** Tells why a message is not answered, and ends if it must. */
  #refuse(thrown: unknown, re?: RequestId): void | Promise<void> {
    const error = toOndacastError(thrown);
    if (error.fatal) return this.#endWith(error, re);
    this.#sendError(error, re);
  }

  #answer(message: ToServer): void | Promise<void> {
    if ((message.type === "hello") !== (this.client === null)) {
      throw new OndacastError(
        "bad-message",
        this.client === null
          ? `Cannot take ${message.type}: expected hello first`
          : "Cannot take a second hello",
      );
    }
    const answer = REQUESTS[message.type] as (
      session: Session,
      message: ToServer,
    ) => void | Promise<void>;
    return answer(this, message);
  }

  async #endWith(thrown: unknown, re?: RequestId): Promise<void> {
    const error = toOndacastError(thrown, "lost");
    if (error.code === "lost") {
      this.hub.counters.countError(error.code);
      this.#reason = `lost: ${error.message}`;
      this.channel.transport.close();
      return;
    }
    await (this.#ending ??= this.#sayLast(error, re));
  }

  #sayLast(error: OndacastError, re?: RequestId): Promise<void> {
    this.#reason = `${error.code}: ${error.message}`;
    this.outgoing.abandon();
    this.#sendError(error, re, true);
    return this.channel.closeAfterSending();
  }

  #sendError(error: OndacastError, re?: RequestId, fatal = error.fatal): void {
    this.hub.counters.countError(error.code);
    this.channel.send({
      type: "error",
      code: error.code,
      message: error.message,
      fatal,
      ...(re !== undefined && { re }),
    });
  }

  #tooLate(what: string, re?: RequestId): void {
    const error = new OndacastError(
      "timeout",
      `Cannot keep the connection: ${what}`,
    );
    this.#endWith(error, re).catch(() => {});
  }
}
