/**
 * Reads messages of multicast DNS (RFC 1035, section 4). The work for each is
 * bounded; a malformed message is rejected as a whole.
 *
 * @module
 */

import {
  ANY,
  type DnsMessage,
  type DnsName,
  type DnsQuestion,
  type DnsRecord,
  type RecordData,
  TYPE_NUMBERS,
} from "./dns_message.ts";
import { ipText } from "./ip_bytes.ts";

/** The longest message (RFC 6762, section 17). */
export const MAX_MESSAGE_BYTES = 9_000;
/** Most questions and records of a message. */
export const MAX_RECORDS = 256;
/** Most labels of all names of a message: a pointer of two bytes can add 127. */
export const MAX_LABELS = 1_024;
/** The longest name, in bytes (RFC 1035, section 2.3.4). */
const MAX_NAME_BYTES = 255;
const CLASS_IN = 1;
/** The top bit of the class: a wish for unicast, or that others are flushed. */
const TOP_BIT = 0x8000;

/**
 * Reads a message; null if it is malformed or beyond a limit. Questions and
 * records of other classes are left out.
 */
export function readMessage(bytes: Uint8Array): DnsMessage | null {
  try {
    return new Reader(bytes).message();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

class Reader {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  #offset = 0;
  #labels = 0;

  constructor(bytes: Uint8Array) {
    if (bytes.length > MAX_MESSAGE_BYTES) throw malformed("its length");
    this.#bytes = bytes;
    this.#view = new DataView(
      bytes.buffer,
      bytes.byteOffset,
      bytes.byteLength,
    );
  }

  message(): DnsMessage {
    const id = this.#u16();
    const flags = this.#u16();
    // Section 18: messages of other kinds, and errors, are ignored.
    if ((flags & 0x780f) !== 0) throw malformed("its kind");
    const counts = [0, 1, 2, 3].map(() => this.#u16());
    if (counts.reduce((sum, count) => sum + count) > MAX_RECORDS) {
      throw malformed("its number of records");
    }
    const [questions, answers, authorities, additionals] = counts;
    return {
      id,
      isResponse: (flags & 0x8000) !== 0,
      isTruncated: (flags & 0x0200) !== 0,
      questions: this.#list(questions, () => this.#question()),
      answers: this.#list(answers, () => this.#record()),
      authorities: this.#list(authorities, () => this.#record()),
      additionals: this.#list(additionals, () => this.#record()),
    };
  }

  #list<T>(count: number, read: () => T | null): T[] {
    const all = Array.from({ length: count }, read);
    return all.filter((it): it is NonNullable<typeof it> => it !== null);
  }

  #question(): DnsQuestion | null {
    const name = this.#name();
    const type = this.#u16();
    const isIn = [CLASS_IN, ANY].includes(this.#u16() & ~TOP_BIT);
    return isIn ? { name, type } : null;
  }

  #record(): DnsRecord | null {
    const name = this.#name();
    const type = this.#u16();
    const kind = this.#u16();
    const ttlSeconds = this.#u16() * 0x10000 + this.#u16();
    const end = this.#u16() + this.#offset;
    if (end > this.#bytes.length) throw malformed("a length");
    const data = this.#data(type, end);
    this.#offset = end;
    return (kind & ~TOP_BIT) === CLASS_IN
      ? { name, flush: (kind & TOP_BIT) !== 0, ttlSeconds, data }
      : null;
  }

  #data(type: number, end: number): RecordData {
    switch (type) {
      case TYPE_NUMBERS.PTR:
        return { type: "PTR", target: this.#name() };
      case TYPE_NUMBERS.SRV:
        return {
          type: "SRV",
          priority: this.#u16(),
          weight: this.#u16(),
          port: this.#u16(),
          target: this.#name(),
        };
      case TYPE_NUMBERS.TXT:
        return { type: "TXT", texts: this.#texts(end) };
      case TYPE_NUMBERS.A:
        return { type: "A", address: ipText(this.#take(4)) };
      case TYPE_NUMBERS.AAAA:
        return { type: "AAAA", address: ipText(this.#take(16)) };
      default:
        return { type: "other", number: type };
    }
  }

  #texts(end: number): string[] {
    const texts: string[] = [];
    while (this.#offset < end) texts.push(this.#text(this.#u8()));
    if (this.#offset > end) throw malformed("a text");
    return texts.filter((text) => text !== "");
  }

  /** Names refer only backwards, so that each ends. */
  #name(): DnsName {
    const labels: string[] = [];
    let bytes = 1;
    let after: number | null = null;
    let earliest = this.#offset;
    while (true) {
      const length = this.#u8();
      if (length === 0) break;
      if (length < 0x40) {
        bytes += length + 1;
        if (++this.#labels > MAX_LABELS || bytes > MAX_NAME_BYTES) {
          throw malformed("a name's length");
        }
        labels.push(this.#label(length));
      } else if (length >= 0xc0) {
        const place = (length & 0x3f) << 8 | this.#u8();
        if (place >= earliest) throw malformed("a name's pointer");
        after ??= this.#offset;
        earliest = this.#offset = place;
        // Pointers to pointers cost as much as labels.
        if (++this.#labels > MAX_LABELS) throw malformed("its pointers");
      } else throw malformed("a label");
    }
    if (after !== null) this.#offset = after;
    return labels;
  }

  /** UTF-8 (RFC 6762, section 16). Replacement characters could exceed a label. */
  #label(length: number): string {
    try {
      return LABEL.decode(this.#take(length));
    } catch {
      throw malformed("a label");
    }
  }

  /** Other services may have binary texts. */
  #text(length: number): string {
    return TEXT.decode(this.#take(length));
  }

  #take(length: number): Uint8Array {
    const end = this.#offset + length;
    if (end > this.#bytes.length) throw malformed("its end");
    const taken = this.#bytes.subarray(this.#offset, end);
    this.#offset = end;
    return taken;
  }

  #u8(): number {
    return this.#view.getUint8(this.#offset++);
  }

  #u16(): number {
    const value = this.#view.getUint16(this.#offset);
    this.#offset += 2;
    return value;
  }
}

const LABEL = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });
const TEXT = new TextDecoder("utf-8", { ignoreBOM: true });

function malformed(what: string): RangeError {
  return new RangeError(`Cannot read the message: ${what} is malformed`);
}
