/**
 * Checks the frames that a server sends to one client against the protocol:
 * well-formed messages, one answer to each request, no data beyond the credit,
 * and streams that end in exactly one way.
 *
 * @module
 */

import assert from "node:assert/strict";
import { FATAL_CODES, MILD_CODES } from "../../lib/errors.ts";
import { checkMessage, openEnvelope } from "../../lib/wire/message_codec.ts";
import { isDeclared } from "../../lib/wire/messages.ts";
import { TO_PEER } from "../../lib/wire/to_peer.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import type { Frame, Message } from "../support/raw_peer.ts";

/** The answer to each request, other than an error. */
const ANSWERS: Record<string, string> = {
  hello: "welcome",
  list: "songs",
  albums: "albums",
  artists: "artists",
  playlists: "playlists",
  remove: "removed",
  restore: "restored",
  rename: "renamed",
  play: "start",
  stop: "stopped",
  upload: "ready",
  receive: "receiving",
  cast: "casting",
  control: "controlled",
  online: "online",
  ping: "pong",
  queue: "queued",
  group: "grouped",
  ungroup: "grouped",
  move: "grouped",
  groups: "groups",
  entries: "entries",
  edit: "edited",
};

const FATAL: readonly string[] = FATAL_CODES;
const MILD: readonly string[] = MILD_CODES;

interface Asked {
  type: string;
  answers: string[];
  /** Sent before `bye`, after which requests are not answered. */
  inTime: boolean;
}

interface Stream {
  number: number;
  etag: string;
  position: number;
  left: number;
  ended: boolean;
}

/** One client's view of the server. */
export class PeerCheck {
  /** Whether arbitrary bytes were sent, so that any answer is right. */
  wild = false;
  /** Whether reads of songs may fail, which is an error of the server. */
  mayFail = false;
  fatal: Message | null = null;
  /** Streams that were complete. */
  complete = 0;
  readonly #contents: ReadonlyMap<string, Uint8Array>;
  /** Whether its streams are in a row, of which any may be stopped. */
  readonly #hasRow: boolean;
  readonly #asked = new Map<unknown, Asked>();
  #creditBytes = 0;
  #saidBye = false;
  #stream: Stream | null = null;
  #latest = 0;

  /** @param contents etag → the file's bytes. */
  constructor(contents: ReadonlyMap<string, Uint8Array>, hasRow = false) {
    this.#contents = contents;
    this.#hasRow = hasRow;
  }

  /** Records a message of the client. */
  sent(message: Record<string, unknown>): void {
    const { type, id, window, bytes } = message;
    if (id !== undefined) {
      const inTime = !this.#saidBye;
      this.#asked.set(id, { type: String(type), answers: [], inTime });
    }
    if (type === "bye") this.#saidBye = true;
    const granted = type === "hello" ? window : type === "grant" ? bytes : 0;
    // An invalid count is refused, and grants no bytes.
    if (Number.isInteger(granted)) {
      this.#creditBytes += Math.max(0, granted as number);
    }
  }

  /** Checks the server's next frame. */
  receive({ type, payload }: Frame): void {
    if (type === 0) return this.#receiveData(payload);
    assert.equal(type, 1, "a frame of a reserved type");
    const envelope = openEnvelope(payload);
    assert.ok(isDeclared(TO_PEER, envelope), envelope.type);
    const message = checkMessage(TO_PEER, envelope) as unknown as Message;
    assert.equal(this.fatal, null, `${message.type} after a fatal error`);
    assert.ok(
      !this.#stream?.ended,
      `${message.type} between end and its frame`,
    );
    this.#checkAnswer(message);
    this.#checkStream(message);
  }

  /** Asserts that every request has its answer. */
  assertAnswered(): void {
    if (this.wild || this.fatal !== null) return;
    for (const [id, { type, answers, inTime }] of this.#asked) {
      if (!Object.hasOwn(ANSWERS, type) || !inTime) continue;
      assert.ok(answers.length > 0, `${type} ${id} was never answered`);
    }
  }

  #checkAnswer(message: Message): void {
    if (message.type === "error") this.#checkError(message);
    if (message.re === undefined || this.wild) return;
    const asked = this.#asked.get(message.re);
    assert.ok(asked, `${message.type} answers nothing: ${message.re}`);
    const { type, answers } = asked;
    const second = type === "upload" && answers.length === 1 &&
      answers[0] === "ready";
    assert.ok(
      answers.length === 0 || second,
      `${type} was answered by ${answers} and ${message.type}`,
    );
    const expected = second ? "stored" : ANSWERS[type];
    assert.ok(
      message.type === "error" || message.type === expected,
      `${type} was answered by ${message.type}`,
    );
    answers.push(message.type);
  }

  #checkError(message: Message): void {
    const { code, fatal } = message;
    this.#assertCode(code);
    assert.equal(
      fatal,
      FATAL.includes(code),
      `${code} is fatal: ${fatal}`,
    );
    if (fatal) this.fatal = message;
  }

  #assertCode(code: string): void {
    assert.ok(
      FATAL.includes(code) || MILD.includes(code),
      `a code of no server: ${code}`,
    );
    assert.ok(code !== "internal" || this.mayFail, "an internal error");
  }

  #checkStream(message: Message): void {
    if (message.type === "start") {
      assert.equal(message.stream, this.#latest + 1, "the number of a stream");
      const { follows } = message;
      if (follows !== undefined) {
        assert.ok(this.#hasRow, "a row without the feature");
        assert.ok(follows < message.stream, "what a stream follows");
      }
      this.#latest = message.stream;
      this.#stream = {
        number: message.stream,
        etag: message.etag,
        position: message.offset,
        left: message.bytes,
        ended: false,
      };
    } else if (message.type === "end") {
      assert.equal(message.stream, this.#stream?.number, "end");
      assert.equal(this.#stream!.left, 0, "bytes missing at the end");
      this.#stream!.ended = true;
    } else if (message.type === "stopped") {
      const { stream } = message;
      const isOfRow = this.#hasRow && stream <= this.#latest;
      assert.ok(isOfRow || stream === this.#stream?.number, "stopped");
      if (message.code !== undefined) this.#assertCode(message.code);
      this.#stream = null;
    }
  }

  #receiveData(payload: Uint8Array): void {
    const stream = this.#stream;
    assert.ok(stream, `${payload.length} bytes of no stream`);
    if (payload.length === 0) {
      assert.ok(stream.ended, "an empty frame without an end");
      this.#stream = null;
      this.complete++;
      return;
    }
    assert.ok(!stream.ended, "data behind the end");
    this.#creditBytes -= payload.length;
    assert.ok(this.wild || this.#creditBytes >= 0, "data beyond the credit");
    assert.ok(payload.length <= stream.left, "more data than announced");
    const content = this.#contents.get(stream.etag)!;
    const { position } = stream;
    assertBytes(payload, content.subarray(position, position + payload.length));
    stream.position += payload.length;
    stream.left -= payload.length;
  }
}
