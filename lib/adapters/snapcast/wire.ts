/**
 * The messages of Snapcast's binary protocol, version 2 (badaix/snapcast,
 * `doc/binary_protocol.md`), as far as a server needs them. Numbers are
 * little-endian.
 *
 *     0–1    type
 *     2–3    id
 *     4–5    id of the message that this one answers; 0: none
 *     6–13   when it was sent: seconds, microseconds
 *     14–21  when it was received: likewise, filled in by the receiver
 *     22–25  bytes of the payload
 *     26–    payload
 *
 * @module
 */

/** Bytes before each payload. */
export const HEADER_BYTES = 26;
/** The longest payload that a client may send; its `hello` has some 300 bytes. */
export const MOST_PAYLOAD_BYTES = 4096;
/** The types of messages. */
export const TYPE = {
  codecHeader: 1,
  wireChunk: 2,
  serverSettings: 3,
  time: 4,
  hello: 5,
  clientInfo: 7,
} as const;

/** The layout of every stream: 48,000 Hz, 16 bits, stereo. */
export const LAYOUT = { rate: 48_000, channels: 2, frameBytes: 4 } as const;

/** A message without its payload. */
export interface Head {
  type: number;
  id: number;
  /** On the sender's clock, in microseconds. */
  sentUs: number;
  payloadBytes: number;
}

/** A message of a client. */
export interface Incoming extends Head {
  payload: Uint8Array;
}

/** What a client is set to. */
export interface Settings {
  /** How long after its time stamp a chunk sounds, in milliseconds. */
  bufferMs: number;
  /** How much earlier a chunk sounds, in milliseconds. */
  latency: number;
  muted: boolean;
  /** 0 to 100. */
  volume: number;
}

/** Fields of a message to a client. */
export interface Stamp {
  /** On the server's clock, in microseconds. */
  sentUs: number;
  id?: number;
  refersTo?: number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Sets what a client is set to. The answer to a `hello` refers to it. */
export function encodeSettings(settings: Settings, stamp: Stamp): Uint8Array {
  const text = encoder.encode(JSON.stringify(settings));
  const message = newMessage(TYPE.serverSettings, 4 + text.length, stamp);
  viewOf(message).setUint32(HEADER_BYTES, text.length, true);
  message.set(text, HEADER_BYTES + 4);
  return message;
}

/**
 * Says how the chunks are coded: as PCM, described by the header of a WAV file
 * without data. It is sent once a connection: a second one crashes `snapclient`.
 */
export function encodeCodecHeader(stamp: Stamp): Uint8Array {
  const codec = encoder.encode("pcm");
  const riff = riffHeader();
  const bytes = 4 + codec.length + 4 + riff.length;
  const message = newMessage(TYPE.codecHeader, bytes, stamp);
  const view = viewOf(message);
  view.setUint32(HEADER_BYTES, codec.length, true);
  message.set(codec, HEADER_BYTES + 4);
  view.setUint32(HEADER_BYTES + 4 + codec.length, riff.length, true);
  message.set(riff, message.length - riff.length);
  return message;
}

/** @param atUs The time stamp of its first sample frame. */
export function encodeChunk(
  pcm: Uint8Array,
  atUs: number,
  stamp: Stamp,
): Uint8Array {
  const message = newMessage(TYPE.wireChunk, 12 + pcm.length, stamp);
  const view = viewOf(message);
  setTime(view, HEADER_BYTES, atUs);
  view.setUint32(HEADER_BYTES + 8, pcm.length, true);
  message.set(pcm, HEADER_BYTES + 12);
  return message;
}

/**
 * Answers a `time`.
 *
 * @param latencyUs From when the client sent it, by its clock, to when it was
 * received, by the server's.
 */
export function encodeTime(latencyUs: number, stamp: Stamp): Uint8Array {
  const message = newMessage(TYPE.time, 8, stamp);
  setTime(viewOf(message), HEADER_BYTES, latencyUs);
  return message;
}

/**
 * Cuts messages from the bytes of one client.
 *
 * @example
 * ```ts
 * import { encodeTime, SnapcastReader, TYPE } from "./wire.ts";
 * import assert from "node:assert/strict";
 *
 * const reader = new SnapcastReader();
 * const bytes = encodeTime(0, { sentUs: 1_500_000, id: 7 });
 * assert.deepEqual(reader.push(bytes.subarray(0, 9)), []);
 * const [{ type, id, sentUs }] = reader.push(bytes.subarray(9));
 * assert.deepEqual([type, id, sentUs], [TYPE.time, 7, 1_500_000]);
 * ```
 */
export class SnapcastReader {
  readonly #held = new Uint8Array(HEADER_BYTES + MOST_PAYLOAD_BYTES);
  #length = 0;

  /**
   * @returns The messages that are complete, with payloads of their own.
   * @throws {RangeError} For one with a longer payload than
   * {@linkcode MOST_PAYLOAD_BYTES}; nothing can be read after it.
   */
  push(bytes: Uint8Array): Incoming[] {
    const messages: Incoming[] = [];
    for (let at = 0; at < bytes.length;) {
      const some = bytes.subarray(at, at + this.#missing);
      this.#held.set(some, this.#length);
      this.#length += some.length;
      at += some.length;
      const head = this.#head;
      if (head === null || this.#missing > 0) continue;
      const payload = this.#held.slice(HEADER_BYTES, this.#length);
      messages.push({ ...head, payload });
      this.#length = 0;
    }
    return messages;
  }

  get #head(): Head | null {
    return this.#length < HEADER_BYTES ? null : decodeHead(this.#held);
  }

  get #missing(): number {
    const { payloadBytes = 0 } = this.#head ?? {};
    if (payloadBytes > MOST_PAYLOAD_BYTES) {
      throw new RangeError(
        `Cannot read a message of ${payloadBytes} bytes: expected at most ${MOST_PAYLOAD_BYTES}`,
      );
    }
    return HEADER_BYTES + payloadBytes - this.#length;
  }
}

/**
 * The JSON object of a payload, after its length.
 *
 * @throws {RangeError} If it is none.
 */
export function decodeJson(payload: Uint8Array): Record<string, unknown> {
  const length = payload.length < 4 ? -1 : viewOf(payload).getUint32(0, true);
  if (length !== payload.length - 4) {
    throw new RangeError("Cannot read JSON: expected it to fill its message");
  }
  try {
    const value = JSON.parse(decoder.decode(payload.subarray(4)));
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // No UTF-8, or no JSON.
  }
  throw new RangeError("Cannot read JSON: expected an object");
}

/** @param bytes At least {@linkcode HEADER_BYTES}. */
function decodeHead(bytes: Uint8Array): Head {
  const view = viewOf(bytes);
  return {
    type: view.getUint16(0, true),
    id: view.getUint16(2, true),
    sentUs: view.getInt32(6, true) * 1e6 + view.getInt32(10, true),
    payloadBytes: view.getUint32(22, true),
  };
}

function newMessage(
  type: number,
  payloadBytes: number,
  { sentUs, id = 0, refersTo = 0 }: Stamp,
): Uint8Array {
  const message = new Uint8Array(HEADER_BYTES + payloadBytes);
  const view = viewOf(message);
  view.setUint16(0, type, true);
  view.setUint16(2, id, true);
  view.setUint16(4, refersTo, true);
  setTime(view, 6, sentUs);
  view.setUint32(22, payloadBytes, true);
  return message;
}

/** A time as seconds and 0 to 999,999 microseconds. */
function setTime(view: DataView, at: number, us: number): void {
  const whole = Math.round(us);
  const seconds = Math.floor(whole / 1e6);
  view.setInt32(at, seconds, true);
  view.setInt32(at + 4, whole - seconds * 1e6, true);
}

/** RIFF (IBM and Microsoft, 1991), with a `data` chunk of no bytes. */
function riffHeader(): Uint8Array {
  const { rate, channels, frameBytes } = LAYOUT;
  const header = new Uint8Array(44);
  header.set(encoder.encode("RIFF"), 0);
  header.set(encoder.encode("WAVEfmt "), 8);
  header.set(encoder.encode("data"), 36);
  const view = viewOf(header);
  view.setUint32(4, 36, true);
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * frameBytes, true);
  view.setUint16(32, frameBytes, true);
  view.setUint16(34, 16, true);
  return header;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
