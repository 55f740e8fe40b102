/**
 * Messages of multicast DNS (RFC 6762) as values: the few kinds of records that
 * service discovery (RFC 6763) needs.
 *
 * @module
 */

/**
 * A domain name as its labels, without the empty one of the root. A label may
 * contain dots: the name of a service is one (RFC 6763, section 4.3).
 */
export type DnsName = readonly string[];

/** The numbers of the record types (RFC 1035, RFC 2782, RFC 3596). */
export const TYPE_NUMBERS = { A: 1, PTR: 12, TXT: 16, AAAA: 28, SRV: 33 };
/** The type of a question that asks for all records of a name. */
export const ANY = 255;

/** The content of a record. */
export type RecordData =
  | { type: "PTR"; target: DnsName }
  | {
    type: "SRV";
    priority: number;
    weight: number;
    port: number;
    target: DnsName;
  }
  /** Each text has at most 255 bytes of UTF-8. */
  | { type: "TXT"; texts: readonly string[] }
  | { type: "A" | "AAAA"; address: string }
  /** A record of another type, whose content is not read. */
  | { type: "other"; number: number };

/** A record of class IN. */
export interface DnsRecord {
  name: DnsName;
  /** Whether it replaces cached records of its name and type (section 10.2). */
  flush: boolean;
  ttlSeconds: number;
  data: RecordData;
}

/** A question of class IN. */
export interface DnsQuestion {
  name: DnsName;
  /** A number of {@linkcode TYPE_NUMBERS}, or {@linkcode ANY}, or another. */
  type: number;
}

/** A query or a response. */
export interface DnsMessage {
  /** Zero, but in queries of simple resolvers and their answers. */
  id: number;
  isResponse: boolean;
  /** Whether more known answers follow in another packet (section 7.2). */
  isTruncated: boolean;
  questions: DnsQuestion[];
  answers: DnsRecord[];
  authorities: DnsRecord[];
  additionals: DnsRecord[];
}

/** An empty query, or one with the given parts. */
export function query(parts: Partial<DnsMessage>): DnsMessage {
  return { ...EMPTY, ...parts };
}

/** An empty response, or one with the given parts. */
export function response(parts: Partial<DnsMessage>): DnsMessage {
  return { ...EMPTY, isResponse: true, ...parts };
}

const EMPTY: DnsMessage = {
  id: 0,
  isResponse: false,
  isTruncated: false,
  questions: [],
  answers: [],
  authorities: [],
  additionals: [],
};

/** The number of a record's type. */
export function typeNumber(data: RecordData): number {
  return data.type === "other" ? data.number : TYPE_NUMBERS[data.type];
}

/**
 * A text that is equal for equal names: letters of ASCII in any case (RFC 1035,
 * section 2.3.3).
 */
export function nameKey(name: DnsName): string {
  return folded(JSON.stringify(name));
}

/** Whether two names are equal. */
export function isSameName(one: DnsName, other: DnsName): boolean {
  return one.length === other.length &&
    one.every((label, i) =>
      label === other[i] ||
      label.length === other[i].length && folded(label) === folded(other[i])
    );
}

function folded(label: string): string {
  return label.replace(/[A-Z]+/g, (it) => it.toLowerCase());
}

/** Whether a question asks for a record. */
export function asksFor(question: DnsQuestion, record: DnsRecord): boolean {
  return (question.type === ANY ||
    question.type === typeNumber(record.data)) &&
    isSameName(question.name, record.name);
}

/** Most questions, and most records of each section, that are examined. */
const MAX_RELEVANT = 64;

/**
 * The parts of a message that concern certain names, and at most 64 of each kind, so
 * that comparing them costs little.
 *
 * @param keys The names, by {@linkcode nameKey}.
 */
export function relevantPart(
  message: DnsMessage,
  keys: ReadonlySet<string>,
): DnsMessage {
  const relevant = <T extends { name: DnsName }>(all: T[]) =>
    all.filter(({ name }) => keys.has(nameKey(name))).slice(0, MAX_RELEVANT);
  return {
    ...message,
    questions: relevant(message.questions),
    answers: relevant(message.answers),
    authorities: relevant(message.authorities),
    additionals: relevant(message.additionals),
  };
}
