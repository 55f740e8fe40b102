/**
 * Packets of multicast DNS with changed bytes, to a server that is announced and
 * to a client that searches: whatever comes, both go on, and what they send can be
 * read.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Browser } from "../../lib/model/discovery/browser.ts";
import { query, response } from "../../lib/model/discovery/dns_message.ts";
import {
  MAX_RECORDS,
  readMessage,
} from "../../lib/model/discovery/dns_reader.ts";
import { writeMessage } from "../../lib/model/discovery/dns_writer.ts";
import type { Link } from "../../lib/model/discovery/link.ts";
import { MDNS_PORT } from "../../lib/model/discovery/packet.ts";
import { Responder } from "../../lib/model/discovery/responder.ts";
import {
  allRecords,
  announcedServer,
  serviceRecords,
} from "../../lib/model/discovery/service_records.ts";

const LINK: Link = {
  ...{ key: "eth0", family: "IPv4", address: "10.9.1.1", zone: 2 },
  addresses: [{ address: "10.9.1.1", prefix: 24 }],
};
const ANNOUNCED = announcedServer({
  ...{ name: "Kitchen", id: "7f", port: 4040, http: 4042 },
  ...{ tls: false, token: true },
});
/** When a server that begins at 0 has announced itself. */
const SETTLED_MS = 5_000;

/** Packets as they should be. */
export const PACKETS: Uint8Array[] = ["Kitchen", "Bath"].flatMap((name) => {
  const records = serviceRecords(ANNOUNCED, name, ["10.9.1.1", "fe80::1"]);
  const all = allRecords(records);
  const questions = all.map(({ name, data }) => ({
    name,
    type: data.type === "PTR" ? 12 : 255,
  }));
  const { pointer, service, text } = records;
  return [
    query({ questions }),
    query({ questions, answers: [pointer], isTruncated: true }),
    query({ questions, authorities: [service, text] }),
    response({ answers: all }),
    response({ answers: [pointer], additionals: all }),
  ].map(writeMessage);
});

/** Runs a packet. @throws {Error} If a property fails. */
export function runPacket(bytes: Uint8Array): void {
  const message = readMessage(bytes);
  if (message === null) return;
  const { questions, answers, authorities, additionals } = message;
  const parts = [questions, answers, authorities, additionals];
  assert.ok(parts.flat().length <= MAX_RECORDS);
  for (const nowMs of [400, SETTLED_MS]) {
    const responder = settledAt(nowMs);
    for (const port of [MDNS_PORT, 50_000]) {
      const from = { ip: "10.9.1.7", port };
      const sent = [
        ...responder.receive("IPv4", message, from, nowMs),
        ...responder.due(nowMs + 2_000),
      ];
      for (const { message } of sent) {
        assert.notEqual(readMessage(writeMessage(message)), null);
      }
    }
  }
  const browser = new Browser(LINK);
  browser.receive(message, "10.9.1.7");
  assert.notEqual(readMessage(writeMessage(browser.question(1))), null);
  for (const { addresses } of browser.found) assert.ok(addresses.length > 0);
}

function settledAt(nowMs: number): Responder {
  const responder = new Responder(ANNOUNCED, () => 0);
  responder.setLinks([{ link: LINK, addresses: [LINK.address] }], 0);
  while (responder.nextMs < nowMs) responder.due(responder.nextMs);
  return responder;
}
