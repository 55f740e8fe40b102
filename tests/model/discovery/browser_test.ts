import assert from "node:assert/strict";
import {
  Browser,
  type FoundServer,
  MAX_ADDRESSES,
  MAX_FOUND,
  mergeFound,
} from "../../../lib/model/discovery/browser.ts";
import {
  type DnsRecord,
  response,
  TYPE_NUMBERS,
} from "../../../lib/model/discovery/dns_message.ts";
import type { Link } from "../../../lib/model/discovery/link.ts";
import {
  announcedServer,
  readTexts,
  SERVICE,
  serviceRecords,
} from "../../../lib/model/discovery/service_records.ts";

const { PTR, SRV, TXT, A, AAAA } = TYPE_NUMBERS;
const LINK: Link = {
  ...{ key: "eth0", family: "IPv4", address: "10.9.1.2", zone: 3 },
  addresses: [{ address: "10.9.1.2", prefix: 24 }],
};
const LOOPBACK: Link = {
  ...{ key: "lo", family: "IPv4", address: "127.0.0.1", zone: null },
  addresses: [{ address: "127.0.0.1", prefix: 8 }],
};
const SERVER = "10.9.1.1";
const ID = "70fd1322-b271-41e0-92ff-c298ebb85ae8";

function recordsOf(name = "R.E.M.", addresses = [SERVER], id = ID) {
  const announced = announcedServer({
    ...{ name, id, port: 4040, http: 4042, tls: true, token: false },
  });
  return serviceRecords(announced, name, addresses);
}

function allOf(records: ReturnType<typeof recordsOf>): DnsRecord[] {
  const { pointer, service, text, addresses } = records;
  return [pointer, service, text, ...addresses];
}

function answersOf(records: ReturnType<typeof recordsOf>) {
  return response({ answers: allOf(records) });
}

Deno.test("a server is found by one answer, its records in any order", () => {
  for (const answers of [allOf(recordsOf()), allOf(recordsOf()).reverse()]) {
    const browser = new Browser(LINK);
    browser.receive(response({ answers }), SERVER);
    assert.deepEqual(browser.found, [{
      ...{ name: "R.E.M.", id: ID, port: 4040, http: 4042, tls: true },
      ...{ token: false, addresses: [SERVER] },
    }]);
    assert.equal(browser.lacks, false);
  }
});

Deno.test("what an answer leaves out is asked for", () => {
  const browser = new Browser(LINK);
  const { pointer, service, text, addresses, instance } = recordsOf();
  const asked = () =>
    browser.question(1).questions.map(({ name, type }) => [name, type]);
  assert.deepEqual(asked(), [[SERVICE, PTR]]);
  browser.receive(response({ answers: [pointer] }), SERVER);
  assert.deepEqual(asked().slice(1), [[instance, SRV], [instance, TXT]]);
  assert.equal(browser.lacks, true);
  browser.receive(response({ answers: [service] }), SERVER);
  const host = addresses[0].name;
  assert.deepEqual(asked().slice(1), [
    ...[[instance, TXT], [host, A], [host, AAAA]],
  ]);
  browser.receive(response({ answers: [text, ...addresses] }), SERVER);
  assert.equal(browser.found.length, 1);
  assert.deepEqual(asked(), [[SERVICE, PTR]]);
});

Deno.test("a server that says goodbye is found no more", () => {
  const browser = new Browser(LINK);
  browser.receive(answersOf(recordsOf()), SERVER);
  const answers = allOf(recordsOf())
    .map((record) => ({ ...record, ttlSeconds: 0 }));
  browser.receive(response({ answers }), SERVER);
  assert.deepEqual(browser.found, []);
});

Deno.test("only addresses at which a server may be are taken", () => {
  const cases: [string, string, string | null][] = [
    ["10.9.1.1", SERVER, "10.9.1.1"],
    ["192.168.7.7", SERVER, "192.168.7.7"],
    ["fe80::1", SERVER, "fe80::1%3"],
    ["fd00::1", SERVER, "fd00::1"],
    ["203.0.113.5", SERVER, null],
    ["2001:db8::1", SERVER, null],
    ["127.0.0.1", SERVER, null],
    ["::1", SERVER, null],
    ["127.0.0.1", "10.9.1.2", "127.0.0.1"],
  ];
  for (const [address, from, taken] of cases) {
    const browser = new Browser(LINK);
    browser.receive(answersOf(recordsOf("Kitchen", [address])), from);
    const [found] = browser.found;
    assert.deepEqual(found?.addresses ?? [], taken === null ? [] : [taken]);
  }
  const browser = new Browser(LOOPBACK);
  browser.receive(answersOf(recordsOf("Kitchen", ["fe80::1"])), "127.0.0.1");
  assert.deepEqual(browser.found, []);
});

Deno.test("addresses on the link are preferred to others", () => {
  const browser = new Browser(LINK);
  const addresses = ["192.168.7.7", SERVER, "fd00::1"];
  browser.receive(answersOf(recordsOf("Kitchen", addresses)), SERVER);
  assert.deepEqual(browser.found[0].addresses, [SERVER]);
});

Deno.test("servers and addresses are remembered up to a limit", () => {
  const browser = new Browser(LINK);
  for (let i = 0; i < MAX_FOUND + 10; i++) {
    const addresses = Array.from({ length: 20 }, (_, j) => `10.0.${i}.${j}`);
    browser.receive(answersOf(recordsOf(`${i}`, addresses, `${i}`)), SERVER);
  }
  assert.equal(browser.found.length, MAX_FOUND);
  for (const { addresses } of browser.found) {
    assert.equal(addresses.length, MAX_ADDRESSES);
  }
});

Deno.test("pointers that lead elsewhere are ignored", () => {
  const browser = new Browser(LINK);
  for (
    const target of [[], ["local"], SERVICE, ["x", "_http", "_tcp", "local"]]
  ) {
    const pointer = { ...recordsOf().pointer };
    pointer.data = { type: "PTR", target };
    browser.receive(response({ answers: [pointer] }), SERVER);
  }
  assert.equal(browser.lacks, false);
});

Deno.test("mergeFound() joins what several links say of a server", () => {
  const server: FoundServer = {
    ...{ name: "Kitchen", id: ID, port: 4040, http: null, tls: false },
    ...{ token: false, addresses: ["fe80::1%3", "10.9.1.1"] },
  };
  const bath = { ...server, id: "2", name: "Bath" };
  const merged = mergeFound([
    server,
    { ...server, addresses: ["127.0.0.1", "10.9.1.1"] },
    bath,
    { ...server, port: 4050 },
  ]);
  assert.deepEqual(merged.map(({ name, port }) => `${name} ${port}`), [
    ...["Bath 4040", "Kitchen 4040", "Kitchen 4050"],
  ]);
  assert.deepEqual(merged[1].addresses, [
    ...["127.0.0.1", "10.9.1.1", "fe80::1%3"],
  ]);
});

Deno.test("readTexts() takes what it knows, and nothing that is out of bounds", () => {
  const none = { http: null, tls: false, token: false, id: null };
  const cases: [string[], ReturnType<typeof readTexts>][] = [
    [[], none],
    [["V=1", "TLS=1", "token=1"], { ...none, tls: true, token: true }],
    [["v=2", "id=7"], null],
    [["id=a", "id=b", "=x", "alone"], { ...none, id: "a" }],
    [["http=65536", "id=\u001b[2J", "tls=yes"], none],
    [["http=080"], none],
    [[`id=${"x".repeat(65)}`], none],
  ];
  for (const [texts, told] of cases) assert.deepEqual(readTexts(texts), told);
});
