/**
 * The answer to a one-shot resolver, such as our client, which asks from an
 * ephemeral port and caches nothing (RFC 6762, section 6.7).
 *
 * @module
 */

import {
  asksFor,
  type DnsMessage,
  type DnsRecord,
  response,
} from "./dns_message.ts";
import { allRecords, type ServiceRecords } from "./service_records.ts";

/** The longest time to live in such an answer. */
const TTL_SECONDS = 10;
/** Most questions that are answered, since the answer repeats them. */
const MAX_QUESTIONS = 16;

/** The answer to a query; null: there is none. */
export function simpleAnswer(
  { id, questions }: DnsMessage,
  records: ServiceRecords,
): DnsMessage | null {
  if (questions.length > MAX_QUESTIONS) return null;
  const all = allRecords(records);
  const answers = all.filter((record) =>
    questions.some((question) => asksFor(question, record))
  );
  if (answers.length === 0) return null;
  const additionals = all.filter((record) =>
    record !== records.kind && !answers.includes(record)
  );
  return response({
    id,
    questions,
    answers: answers.map(simple),
    additionals: additionals.map(simple),
  });
}

function simple(record: DnsRecord): DnsRecord {
  const ttlSeconds = Math.min(record.ttlSeconds, TTL_SECONDS);
  return { ...record, flush: false, ttlSeconds };
}
