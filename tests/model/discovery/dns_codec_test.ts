import assert from "node:assert/strict";
import {
  type DnsMessage,
  type DnsName,
  type DnsRecord,
  nameKey,
  query,
  relevantPart,
  response,
} from "../../../lib/model/discovery/dns_message.ts";
import {
  MAX_LABELS,
  MAX_MESSAGE_BYTES,
  MAX_RECORDS,
  readMessage,
} from "../../../lib/model/discovery/dns_reader.ts";
import { writeMessage } from "../../../lib/model/discovery/dns_writer.ts";
import {
  announcedServer,
  SERVICE,
  serviceRecords,
} from "../../../lib/model/discovery/service_records.ts";
import fc from "../../support/fast_check.ts";

/** What `avahi-publish -s "Big room" _ondacast._tcp 4040 v=1` is announced by. */
const BY_AVAHI = `
  0000 8400 0000 0003 0000 0000
  09 5f6f6e646163617374 04 5f746370 05 6c6f63616c 00
    000c 0001 00001194 000b 08 42696720726f6f6d c00c
  c02c 0021 8001 00000078 000b 0000 0000 0fc8 02 7069 c01b
  c02c 0010 8001 00001194 0004 03 763d31`;

Deno.test("readMessage() reads what another responder sends", () => {
  const bytes = Uint8Array.fromHex(BY_AVAHI.replace(/\s+/g, ""));
  const instance = ["Big room", ...SERVICE];
  assert.deepEqual(
    readMessage(bytes),
    response({
      answers: [
        {
          name: SERVICE,
          flush: false,
          ttlSeconds: 4500,
          data: { type: "PTR", target: instance },
        },
        {
          name: instance,
          flush: true,
          ttlSeconds: 120,
          data: {
            ...{ type: "SRV", priority: 0, weight: 0, port: 4040 },
            target: ["pi", "local"],
          },
        },
        {
          name: instance,
          flush: true,
          ttlSeconds: 4500,
          data: { type: "TXT", texts: ["v=1"] },
        },
      ],
    }),
  );
});

Deno.test("readMessage() reads what writeMessage() writes", () => {
  fc.assert(fc.property(messages, (message) => {
    assert.deepEqual(
      readMessage(writeMessage(message)),
      structuredClone(message),
    );
  }));
});

Deno.test("writeMessage() refers back to names", () => {
  const records = serviceRecords(
    announcedServer({
      ...{ name: "R.E.M. & friends", id: crypto.randomUUID(), port: 4040 },
      ...{ http: 4042, tls: false, token: false },
    }),
    "R.E.M. & friends",
    ["192.168.1.2", "fe80::1"],
  );
  const { pointer, service, text, addresses } = records;
  const message = response({ answers: [pointer, service, text, ...addresses] });
  const bytes = writeMessage(message);
  assert.deepEqual(readMessage(bytes), message);
  assert.ok(bytes.length < 270, `${bytes.length}`);
});

Deno.test("readMessage() is null of a message that is cut, wherever", () => {
  const bytes = Uint8Array.fromHex(BY_AVAHI.replace(/\s+/g, ""));
  for (let end = 0; end < bytes.length; end++) {
    assert.equal(readMessage(bytes.subarray(0, end)), null, `${end}`);
  }
});

Deno.test("readMessage() never throws, whatever comes", () => {
  const mutated = fc.tuple(
    messages.map(writeMessage),
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }),
  ).map(([bytes, changes]) => {
    for (const [at, value] of changes) bytes[at % bytes.length] = value;
    return bytes;
  });
  const any = fc.oneof(mutated, fc.uint8Array({ maxLength: 600 }));
  fc.assert(fc.property(any, (bytes) => {
    const message = readMessage(bytes);
    if (message) assert.ok(message.answers.length <= MAX_RECORDS);
  }));
});

Deno.test("readMessage() is null of what is beyond a limit", () => {
  const header = (questions: number) =>
    Uint8Array.of(
      0,
      0,
      0,
      0,
      questions >> 8,
      questions & 255,
      0,
      0,
      0,
      0,
      0,
      0,
    );
  const message = (questions: number, ...body: number[]) =>
    Uint8Array.from([...header(questions), ...body]);
  const question = (...name: number[]) => [...name, 0, 12, 0, 1];
  // A name of 100 labels, and pointers to it.
  const long = [...Array(100).fill([1, 97]).flat(), 0];
  const pointers = (count: number) =>
    message(
      count + 1,
      ...question(...long),
      ...Array(count).fill(question(0xc0, 12)).flat(),
    );
  const most = Math.floor(MAX_LABELS / 101) - 1;
  assert.equal(readMessage(pointers(most))?.questions.length, most + 1);
  const cases: Record<string, Uint8Array> = {
    "all labels": pointers(most + 1),
    "a pointer to itself": message(1, ...question(0xc0, 12)),
    "a pointer ahead": message(1, ...question(0xc0, 20), 0),
    "two that refer to each other": message(2, 0xc0, 14, 0xc0, 12),
    "a name of 256 bytes": message(
      1,
      ...question(...Array(128).fill([1, 97]).flat(), 0),
    ),
    "a reserved label": message(1, ...question(0x80, 0)),
    "all records": message(MAX_RECORDS + 1, ...Array(2000).fill(0)),
    "its length": new Uint8Array(MAX_MESSAGE_BYTES + 1),
  };
  for (const [limit, bytes] of Object.entries(cases)) {
    assert.equal(readMessage(bytes), null, limit);
  }
});

Deno.test("relevantPart() keeps what is about the names, up to a limit", () => {
  const about = (name: DnsName): DnsRecord => ({
    ...{ name, flush: false, ttlSeconds: 1 },
    data: { type: "PTR", target: SERVICE },
  });
  const answers = [
    about(["other"]),
    ...Array(100).fill(about(["_ONDACAST", "_tcp", "local"])),
  ];
  const questions = [{ name: SERVICE, type: 12 }, { name: ["x"], type: 12 }];
  const part = relevantPart(
    query({ questions, answers }),
    new Set([nameKey(SERVICE)]),
  );
  assert.deepEqual(part.questions, questions.slice(0, 1));
  assert.deepEqual(part.answers, answers.slice(1, 65));
});

const label = fc.string({ unit: "binary", minLength: 1, maxLength: 15 })
  .filter((it) => it.isWellFormed());
const name = fc.array(label, { maxLength: 4 });
const u16 = fc.nat(0xffff);
const record: fc.Arbitrary<DnsRecord> = fc.record({
  name,
  flush: fc.boolean(),
  ttlSeconds: fc.nat(0xffffffff),
  data: fc.oneof(
    fc.record({ type: fc.constant("PTR" as const), target: name }),
    fc.record({
      type: fc.constant("SRV" as const),
      ...{ priority: u16, weight: u16, port: u16, target: name },
    }),
    fc.record({
      type: fc.constant("TXT" as const),
      texts: fc.array(label, { maxLength: 5 }),
    }),
    fc.constant({ type: "A" as const, address: "192.0.2.1" }),
    fc.constant({ type: "AAAA" as const, address: "fe80::1" }),
  ),
});
const records = fc.array(record, { maxLength: 4 });
const messages: fc.Arbitrary<DnsMessage> = fc.record({
  id: u16,
  isResponse: fc.boolean(),
  isTruncated: fc.boolean(),
  questions: fc.array(fc.record({ name, type: u16 }), { maxLength: 4 }),
  ...{ answers: records, authorities: records, additionals: records },
}).map((parts) => query(parts));
