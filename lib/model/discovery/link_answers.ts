/**
 * The pending multicast answers on one link: aggregated for a moment, suppressed if
 * the querier knows them, and limited to one per record and second (RFC 6762,
 * sections 6 and 7).
 *
 * @module
 */

import {
  asksFor,
  type DnsMessage,
  type DnsRecord,
  isSameName,
  response,
} from "./dns_message.ts";
import { compareData } from "./compare_data.ts";
import { allRecords, type ServiceRecords } from "./service_records.ts";

/** Section 6: the delay of shared records, which others may answer too. */
const SHARED_MS = { least: 20, most: 120 };
/** Section 7.2: the delay if known answers follow in other packets. */
const TRUNCATED_MS = { least: 400, most: 500 };
/** Section 6: the interval between two answers with a record; shorter to defend a name. */
const AGAIN_MS = { usual: 1_000, probed: 250 };

interface Pending {
  dueMs: number;
  /** The address of the querier; null: there are several. */
  askedBy: string | null;
}

/** The answers of a service on one link. */
export class LinkAnswers {
  readonly #random: () => number;
  /** At most one for each record of the service. */
  readonly #pending = new Map<DnsRecord, Pending>();
  readonly #sentMs = new Map<DnsRecord, number>();

  /** @param random From 0 to below 1. */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** When to call {@linkcode due}; Infinity: nothing is pending. */
  get nextMs(): number {
    return [...this.#pending.values()]
      .reduce((next, { dueMs }) => Math.min(next, dueMs), Infinity);
  }

  /** Notes that records have just been sent. */
  sent(records: readonly DnsRecord[], nowMs: number): void {
    for (const record of records) {
      this.#sentMs.set(record, nowMs);
      this.#pending.delete(record);
    }
  }

  /** Handles a multicast query, including its known answers. */
  ask(
    { questions, answers, authorities, isTruncated }: DnsMessage,
    records: ServiceRecords,
    askedBy: string,
    nowMs: number,
  ): void {
    const known = (record: DnsRecord) =>
      answers.some((answer) => isKnown(record, answer));
    for (const record of allRecords(records)) {
      if (known(record)) {
        const asked = this.#pending.get(record)?.askedBy === askedBy;
        if (asked) this.#pending.delete(record);
      } else if (questions.some((question) => asksFor(question, record))) {
        const isProbed = authorities
          .some(({ name }) => isSameName(name, record.name));
        const delayMs = isTruncated
          ? this.#within(TRUNCATED_MS)
          : record.flush
          ? 0
          : this.#within(SHARED_MS);
        const freeMs = (this.#sentMs.get(record) ?? -Infinity) +
          (isProbed ? AGAIN_MS.probed : AGAIN_MS.usual);
        this.#add(record, Math.max(nowMs + delayMs, freeMs), askedBy);
      }
    }
  }

  /** The answers to send by now, in one message. */
  due(records: ServiceRecords, nowMs: number): DnsMessage[] {
    const answers = [...this.#pending]
      .filter(([, { dueMs }]) => dueMs <= nowMs)
      .map(([record]) => record);
    if (answers.length === 0) return [];
    const additionals = this.#following(answers, records, nowMs);
    this.sent([...answers, ...additionals], nowMs);
    return [response({ answers, additionals })];
  }

  #add(record: DnsRecord, dueMs: number, askedBy: string): void {
    const before = this.#pending.get(record);
    this.#pending.set(record, {
      dueMs: Math.min(before?.dueMs ?? Infinity, dueMs),
      askedBy: (before?.askedBy ?? askedBy) === askedBy ? askedBy : null,
    });
  }

  /** Records that the querier will need next (RFC 6763, section 12). */
  #following(
    answers: readonly DnsRecord[],
    { pointer, service, text, addresses }: ServiceRecords,
    nowMs: number,
  ): DnsRecord[] {
    const wanted = answers.includes(pointer)
      ? [service, text, ...addresses]
      : answers.includes(service)
      ? addresses
      : [];
    return wanted.filter((record) => {
      const sentMs = this.#sentMs.get(record) ?? -Infinity;
      return !answers.includes(record) && nowMs - sentMs >= AGAIN_MS.usual;
    });
  }

  #within({ least, most }: { least: number; most: number }): number {
    return least + this.#random() * (most - least);
  }
}

/**
 * Whether the querier knows a record, with at least half of its time to live left
 * (section 7.1).
 */
function isKnown(ours: DnsRecord, theirs: DnsRecord): boolean {
  return theirs.ttlSeconds >= ours.ttlSeconds / 2 &&
    isSameName(ours.name, theirs.name) &&
    ours.data.type === theirs.data.type &&
    compareData([ours.data], [theirs.data]) === 0;
}
