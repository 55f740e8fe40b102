/**
 * Writes messages of multicast DNS (RFC 1035, section 4), with names compressed.
 *
 * @module
 */

import {
  type DnsMessage,
  type DnsName,
  type DnsQuestion,
  type DnsRecord,
  nameKey,
  type RecordData,
  typeNumber,
} from "./dns_message.ts";
import { ipBytes } from "./ip_bytes.ts";

/** The longest label, in bytes of UTF-8 (RFC 1035, section 2.3.4). */
export const MAX_LABEL_BYTES = 63;
/** A name earlier in the message can be referred to up to here. */
const MAX_POINTER = 0x3fff;
const CLASS_IN = 1;
const FLUSH = 0x8000;

/**
 * The bytes of a message.
 *
 * @throws {RangeError} If a label or a text does not fit.
 */
export function writeMessage(message: DnsMessage): Uint8Array<ArrayBuffer> {
  const { questions, answers, authorities, additionals } = message;
  const writer = new Writer();
  writer.u16(message.id);
  writer.u16(flagsOf(message));
  for (const part of [questions, answers, authorities, additionals]) {
    writer.u16(part.length);
  }
  for (const question of questions) writer.question(question);
  for (const record of [...answers, ...authorities, ...additionals]) {
    writer.record(record);
  }
  return writer.written;
}

/**
 * The content of a record with no name compressed, by which records are ordered
 * (RFC 6762, section 8.2).
 *
 * @throws {TypeError} Of a record whose content was not read.
 */
export function dataBytes(data: RecordData): Uint8Array {
  const writer = new Writer({ compresses: false });
  writer.data(data);
  return writer.written;
}

/** Section 18: a response is authoritative. */
function flagsOf({ isResponse, isTruncated }: DnsMessage): number {
  return (isResponse ? 0x8400 : 0) | (isTruncated ? 0x0200 : 0);
}

class Writer {
  readonly #bytes: number[] = [];
  readonly #compresses: boolean;
  /** Where each name begins that was written. */
  readonly #places = new Map<string, number>();

  constructor({ compresses = true } = {}) {
    this.#compresses = compresses;
  }

  get written(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.#bytes);
  }

  u16(value: number): void {
    this.#bytes.push(value >> 8 & 255, value & 255);
  }

  question({ name, type }: DnsQuestion): void {
    this.name(name);
    this.u16(type);
    this.u16(CLASS_IN);
  }

  record({ name, flush, ttlSeconds, data }: DnsRecord): void {
    this.name(name);
    this.u16(typeNumber(data));
    this.u16(CLASS_IN | (flush ? FLUSH : 0));
    this.u16(ttlSeconds >>> 16);
    this.u16(ttlSeconds & 0xffff);
    const start = this.#bytes.length;
    this.u16(0);
    this.data(data);
    const length = this.#bytes.length - start - 2;
    this.#bytes[start] = length >> 8;
    this.#bytes[start + 1] = length & 255;
  }

  data(data: RecordData): void {
    switch (data.type) {
      case "PTR":
        return this.name(data.target);
      case "SRV":
        for (const value of [data.priority, data.weight, data.port]) {
          this.u16(value);
        }
        return this.name(data.target);
      case "TXT":
        // RFC 6763, section 6.1: there is at least one, if empty.
        for (const text of data.texts.length ? data.texts : [""]) {
          this.#text(text, 255);
        }
        return;
      case "A":
      case "AAAA":
        this.#bytes.push(...ipBytes(data.address)!);
        return;
      case "other":
        throw new TypeError(`Cannot write a record of type ${data.number}`);
    }
  }

  name(labels: DnsName): void {
    for (let i = 0; i < labels.length; i++) {
      const rest = nameKey(labels.slice(i));
      const place = this.#places.get(rest);
      if (place !== undefined) return this.u16(0xc000 | place);
      if (this.#compresses && this.#bytes.length <= MAX_POINTER) {
        this.#places.set(rest, this.#bytes.length);
      }
      this.#text(labels[i], MAX_LABEL_BYTES);
    }
    this.#bytes.push(0);
  }

  #text(text: string, most: number): void {
    const bytes = new TextEncoder().encode(text);
    if (bytes.length > most) {
      throw new RangeError(
        `Cannot write a text of ${bytes.length} bytes: expected at most ${most}`,
      );
    }
    this.#bytes.push(bytes.length, ...bytes);
  }
}
