/**
 * Frames: a 4-byte header (type, 24-bit big-endian payload length) and the
 * payload. Both ends of every connection encode and decode them here, between
 * "credit" and "TCP" on the walk of one byte.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";

/** Bytes of a frame's header. */
export const HEADER_BYTES = 4;
/** The longest payload that a 24-bit length can express, in bytes. */
export const MAX_PAYLOAD_BYTES = 0xFF_FFFF;
/** The longest data payload on a session, in bytes. */
export const MAX_SESSION_DATA_BYTES = 1 << 20;
/** The longest message that a server accepts, in bytes. */
export const MAX_MESSAGE_TO_SERVER_BYTES = 65_536;
/** The longest message that a client, or another server, accepts, in bytes. */
export const MAX_MESSAGE_TO_CLIENT_BYTES = 1 << 20;

/** The first byte of a frame. */
export const FRAME_TYPE = { data: 0, message: 1 } as const;

/** The frame that completes a stream: data of length 0. */
export const EMPTY_DATA_FRAME: Uint8Array = new Uint8Array(HEADER_BYTES);

/**
 * Writes a frame header.
 *
 * @throws {RangeError} If the length is not a whole number up to 16,777,215.
 */
export function writeHeader(
  into: Uint8Array,
  at: number,
  type: number,
  payloadBytes: number,
): void {
  if (
    !Number.isInteger(payloadBytes) || payloadBytes < 0 ||
    payloadBytes > MAX_PAYLOAD_BYTES
  ) {
    throw new RangeError(
      `Cannot frame a payload of ${payloadBytes} bytes: expected 0 to ${MAX_PAYLOAD_BYTES}`,
    );
  }
  into[at] = type;
  into[at + 1] = payloadBytes >>> 16;
  into[at + 2] = payloadBytes >>> 8;
  into[at + 3] = payloadBytes;
}

/**
 * Encodes a frame into a new buffer.
 *
 * @example
 * ```ts
 * import { encodeFrame, FRAME_TYPE } from "./frame.ts";
 * import assert from "node:assert/strict";
 *
 * const frame = encodeFrame(FRAME_TYPE.data, new Uint8Array([7, 8, 9]));
 * assert.deepEqual([...frame], [0, 0, 0, 3, 7, 8, 9]);
 * ```
 */
export function encodeFrame(type: number, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(HEADER_BYTES + payload.length);
  writeHeader(frame, 0, type, payload.length);
  frame.set(payload, HEADER_BYTES);
  return frame;
}

/** Receives decoded frames in order. */
export interface FrameHandler {
  /**
   * The next bytes of the data stream. A view on the buffer that was pushed:
   * use or copy it before returning. Ends of frames mean nothing to a stream,
   * so they are not reported.
   */
  data(piece: Uint8Array): void;
  /** The empty data frame: the stream is complete. */
  dataEnd(): void;
  /** The payload of a whole message, as a view on a buffer. */
  message(payload: Uint8Array): void;
}

/** The limits and modes of a {@linkcode FrameDecoder}. */
export interface FrameDecoderOptions {
  /** The longest message, in bytes; longer ones are `bad-frame`. */
  maxMessageBytes: number;
  /** The longest data frame, in bytes; default: any length. */
  maxDataBytes?: number;
  /**
   * Whether it is a plain stream: all frames are data, and all four bytes of a
   * header are the length.
   */
  plain?: boolean;
  /**
   * Whether a message is no longer needed once its handler has returned, so that
   * its memory can be reused for the next one. A list comes in pages of hundreds
   * of kilobytes.
   */
  reusesMemory?: boolean;
}

/**
 * Decodes frames from bytes that may be split anywhere. Data is passed on as it
 * arrives. Only a split message is collected, in memory that grows with the
 * bytes received, never by the announced length.
 *
 * @example Bytes may come one at a time
 * ```ts
 * import { encodeFrame, FrameDecoder } from "./frame.ts";
 * import assert from "node:assert/strict";
 *
 * const seen: number[] = [];
 * const decoder = new FrameDecoder({
 *   data: (piece) => seen.push(...piece),
 *   dataEnd: () => seen.push(-1),
 *   message: () => {},
 * }, { maxMessageBytes: 100 });
 * const bytes = [...encodeFrame(0, new Uint8Array([5, 6])), 0, 0, 0, 0];
 * for (const byte of bytes) decoder.push(new Uint8Array([byte]));
 * assert.deepEqual(seen, [5, 6, -1]);
 * ```
 */
export class FrameDecoder {
  readonly #handler: FrameHandler;
  /** The longest message that is accepted from now on. */
  maxMessageBytes: number;
  readonly #maxDataBytes: number;
  readonly #plain: boolean;
  readonly #reusesMemory: boolean;
  /** The bytes of a split header so far, as one number. */
  #header = 0;
  #headerFill = 0;
  #type = 0;
  #payloadLeft = 0;
  #gathered: Uint8Array = NOTHING;
  #gatheredFill = 0;

  constructor(handler: FrameHandler, options: FrameDecoderOptions) {
    this.#handler = handler;
    this.maxMessageBytes = options.maxMessageBytes;
    this.#maxDataBytes = options.maxDataBytes ?? Infinity;
    this.#plain = options.plain ?? false;
    this.#reusesMemory = options.reusesMemory ?? false;
  }

  /** Whether the bytes pushed so far end at the end of a frame. */
  get atFrameStart(): boolean {
    return this.#headerFill === 0 && this.#payloadLeft === 0;
  }

  /**
   * Decodes the next bytes.
   *
   * @param length The number of bytes to decode; by default all.
   * @throws {OndacastError} `bad-frame` for a reserved type, or a message or data
   * frame that is too long. The decoder cannot be used afterwards.
   */
  push(bytes: Uint8Array, length: number = bytes.length): void {
    let at = 0;
    while (at < length) {
      if (this.#payloadLeft === 0) {
        at = this.#readHeader(bytes, at, length);
        continue;
      }
      const end = Math.min(at + this.#payloadLeft, length);
      const piece = bytes.subarray(at, end);
      this.#payloadLeft -= end - at;
      at = end;
      if (this.#type === FRAME_TYPE.data) this.#handler.data(piece);
      else this.#receiveMessage(piece);
    }
  }

  #readHeader(bytes: Uint8Array, at: number, length: number): number {
    if (this.#headerFill === 0 && length - at >= HEADER_BYTES) {
      this.#begin(bytes[at], uint24(bytes, at + 1));
      return at + HEADER_BYTES;
    }
    this.#header = this.#header << 8 | bytes[at];
    if (++this.#headerFill === HEADER_BYTES) {
      this.#headerFill = 0;
      this.#begin(this.#header >>> 24, this.#header & 0xFF_FFFF);
    }
    return at + 1;
  }

  #begin(type: number, payloadBytes: number): void {
    if (this.#plain) {
      payloadBytes += type * 2 ** 24;
      type = FRAME_TYPE.data;
    }
    this.#type = type;
    this.#payloadLeft = payloadBytes;
    if (type === FRAME_TYPE.data) {
      if (payloadBytes > this.#maxDataBytes) {
        throw new OndacastError(
          "bad-frame",
          `Cannot read a data frame of ${payloadBytes} bytes: expected at most ${this.#maxDataBytes}`,
        );
      }
      if (payloadBytes === 0) this.#handler.dataEnd();
    } else if (type !== FRAME_TYPE.message) {
      throw new OndacastError(
        "bad-frame",
        `Cannot read a frame of type ${type}: expected 0 (data) or 1 (message)`,
      );
    } else if (payloadBytes > this.maxMessageBytes) {
      throw new OndacastError(
        "bad-frame",
        `Cannot read a message of ${payloadBytes} bytes: expected at most ${this.maxMessageBytes}`,
      );
    } else if (payloadBytes === 0) {
      this.#handler.message(NOTHING);
    }
  }

  #receiveMessage(piece: Uint8Array): void {
    if (this.#payloadLeft === 0 && this.#gatheredFill === 0) {
      this.#gathered = NOTHING; // This is no page of a list, so none may follow.
      this.#handler.message(piece);
      return;
    }
    this.#gather(piece);
    if (this.#payloadLeft > 0) return;
    const whole = this.#gathered.subarray(0, this.#gatheredFill);
    this.#gatheredFill = 0;
    if (!this.#reusesMemory) this.#gathered = NOTHING;
    this.#handler.message(whole);
  }

  #gather(piece: Uint8Array): void {
    const fill = this.#gatheredFill + piece.length;
    if (fill > this.#gathered.length) {
      const grown = new Uint8Array(Math.max(fill, this.#gathered.length * 2));
      grown.set(this.#gathered.subarray(0, this.#gatheredFill));
      this.#gathered = grown;
    }
    this.#gathered.set(piece, this.#gatheredFill);
    this.#gatheredFill = fill;
  }
}

const NOTHING = new Uint8Array(0);

function uint24(bytes: Uint8Array, at: number): number {
  return bytes[at] << 16 | bytes[at + 1] << 8 | bytes[at + 2];
}
