/**
 * Fuzz targets for decoders: any bytes are refused with a typed error or
 * decoded, with the same result in any split. A target throws otherwise.
 *
 * @module
 */

import assert from "node:assert/strict";
import { codingInPcm } from "../../lib/audio/coded_pcm.ts";
import { CONTAINER_BITS, type SongFormat } from "../../lib/audio/format.ts";
import { PLAYERS } from "../../lib/audio/player_args.ts";
import {
  songFormat,
  type WavHeader,
  WavHeaderReader,
} from "../../lib/audio/wav.ts";
import { NotWavError, UnsupportedWavError } from "../../lib/errors.ts";
import { FrameDecoder } from "../../lib/wire/frame.ts";
import { checkMessage, openEnvelope } from "../../lib/wire/message_codec.ts";
import { isDeclared } from "../../lib/wire/messages.ts";
import { checkRequest, openRequest } from "../../lib/wire/request_codec.ts";
import { TO_PEER } from "../../lib/wire/to_peer.ts";
import { TO_SERVER } from "../../lib/wire/to_server.ts";
import { FRAMES, HEADERS, MESSAGES } from "./corpus.ts";
import { below, type Random } from "./mutate.ts";

/** A decoder under test. */
export interface DecoderTarget {
  corpus: readonly Uint8Array[];
  /** Throws if the decoder misbehaves. */
  check(bytes: Uint8Array, random: Random): void;
}

/** All decoders, by name. */
export const DECODER_TARGETS: Record<string, DecoderTarget> = {
  frames: { corpus: FRAMES, check: checkFrames },
  messages: { corpus: MESSAGES, check: checkMessages },
  wav: { corpus: HEADERS, check: checkWav },
};

const MAX_MESSAGE_BYTES = 1000;

/** In any split, the decoder agrees with a reader of all bytes at once. */
function checkFrames(bytes: Uint8Array, random: Random): void {
  for (const plain of [false, true]) {
    const expected = readAtOnce(bytes, plain);
    assert.equal(decode([bytes], plain), expected);
    assert.equal(decode(split(bytes, random), plain), expected);
  }
}

/** A hash of the decoded frames, for comparison. */
class Trace {
  #sum = 0x811C9DC5;
  #inData = false;

  data(piece: Uint8Array): void {
    if (!this.#inData) this.#mix(256);
    this.#inData = true;
    for (const byte of piece) this.#mix(byte);
  }

  mark(what: number): void {
    this.#inData = false;
    this.#mix(what);
  }

  message(payload: Uint8Array): void {
    this.mark(257);
    this.#mix(payload.length);
    for (const byte of payload) this.#mix(byte);
  }

  get sum(): number {
    return this.#sum;
  }

  #mix(value: number): void {
    this.#sum = Math.imul(this.#sum ^ value, 0x01000193);
  }
}

const END = 258;
const REFUSED = 259;

function decode(pieces: Uint8Array[], plain: boolean): number {
  const trace = new Trace();
  const decoder = new FrameDecoder({
    data: (piece) => trace.data(piece),
    dataEnd: () => trace.mark(END),
    message: (payload) => trace.message(payload),
  }, { maxMessageBytes: MAX_MESSAGE_BYTES, plain });
  try {
    for (const piece of pieces) decoder.push(piece);
  } catch (error) {
    assert.equal((error as { code: string }).code, "bad-frame", String(error));
    trace.mark(REFUSED);
  }
  return trace.sum;
}

/** The frames of bytes, read independently by docs/protocol.md. */
function readAtOnce(bytes: Uint8Array, plain: boolean): number {
  const trace = new Trace();
  for (let at = 0; at + 4 <= bytes.length;) {
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, 4);
    const whole = view.getUint32(0);
    const type = plain ? 0 : whole >>> 24;
    const length = plain ? whole : whole & 0xFFFFFF;
    const payload = bytes.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    if (type > 1 || type === 1 && length > MAX_MESSAGE_BYTES) {
      trace.mark(REFUSED);
      break;
    }
    if (type === 1 && payload.length === length) trace.message(payload);
    if (type === 0 && length === 0) trace.mark(END);
    if (type === 0 && payload.length > 0) trace.data(payload);
  }
  return trace.sum;
}

/** A message is refused with its code, or unchanged after encoding it again. */
function checkMessages(payload: Uint8Array): void {
  for (const table of [TO_SERVER, TO_PEER]) {
    const message = open(table, payload);
    if (message === null) continue;
    // As JSON, since -0 becomes 0, which makes no difference to a peer.
    const json = JSON.stringify(message);
    assert.equal(JSON.stringify(open(table, encoder.encode(json))), json);
    assert.ok(Object.hasOwn(table, message.type));
  }
  assert.deepEqual(Object.keys(Object.prototype), []);
}

const encoder = new TextEncoder();

function open(
  table: typeof TO_SERVER | typeof TO_PEER,
  payload: Uint8Array,
): { type: string } | null {
  try {
    if (table === TO_SERVER) return checkRequest(openRequest(payload));
    const envelope = openEnvelope(payload);
    return isDeclared(table, envelope) ? checkMessage(table, envelope) : null;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "bad-message" || code === "unknown-type") return null;
    throw error;
  }
}

/**
 * A header is the same in any split and with skips, and can be played, both for
 * a file of known size and for a stream.
 */
function checkWav(bytes: Uint8Array, random: Random): void {
  for (const fileBytes of [undefined, bytes.length]) {
    const whole = outcome(() => read([bytes], fileBytes));
    const pieces = split(bytes, random);
    assert.deepEqual(outcome(() => read(pieces, fileBytes)), whole);
    const sought = () => readSeeking(bytes, random, fileBytes);
    assert.deepEqual(outcome(sought), whole);
    if (typeof whole !== "string") checkFormat(songFormat(whole, bytes.length));
  }

  function checkFormat(format: SongFormat): void {
    const { encoding, rate, channels, bits, dataOffset, dataBytes } = format;
    assert.equal(bits, CONTAINER_BITS[encoding]);
    assert.ok(Number.isInteger(rate) && rate >= 1, `rate ${rate}`);
    assert.ok(channels >= 1 && channels <= 64, `${channels} channels`);
    assert.ok(
      dataOffset >= 12 && dataOffset <= bytes.length,
      `at ${dataOffset}`,
    );
    const most = bytes.length - dataOffset;
    assert.ok(dataBytes! >= 0 && dataBytes! <= most, `${dataBytes} bytes`);
    for (const player of PLAYERS) {
      player.header(format);
      player.args(format);
    }
    codingInPcm(format, bytes.subarray(dataOffset, dataOffset + dataBytes!));
  }
}

function read(pieces: Uint8Array[], fileBytes?: number): WavHeader {
  const reader = new WavHeaderReader(fileBytes);
  for (const piece of pieces) {
    const header = reader.push(piece);
    if (header) return header;
  }
  return reader.end();
}

function readSeeking(
  bytes: Uint8Array,
  random: Random,
  fileBytes?: number,
): WavHeader {
  const reader = new WavHeaderReader(fileBytes);
  while (reader.position < bytes.length) {
    const at = reader.position;
    reader.skip(Math.min(reader.skippable, bytes.length - at));
    if (reader.position > at) continue;
    const header = reader.push(bytes.subarray(at, at + 1 + below(random, 32)));
    if (header) return header;
  }
  return reader.end();
}

function outcome(read: () => WavHeader): WavHeader | string {
  try {
    return read();
  } catch (error) {
    if (error instanceof NotWavError || error instanceof UnsupportedWavError) {
      return `${error.name}: ${error.message}`;
    }
    throw error;
  }
}

/** Bytes in a few pieces, or byte by byte. */
function split(bytes: Uint8Array, random: Random): Uint8Array[] {
  const most = random() < 0.2 ? 1 : 1 + below(random, bytes.length + 1);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 1 + below(random, most);
    pieces.push(bytes.subarray(at, end));
    at = end;
  }
  return pieces;
}
