import assert from "node:assert/strict";
import {
  ANY,
  type DnsMessage,
  type DnsName,
  type DnsRecord,
  query,
  response,
  TYPE_NUMBERS,
} from "../../../lib/model/discovery/dns_message.ts";
import { readMessage } from "../../../lib/model/discovery/dns_reader.ts";
import { writeMessage } from "../../../lib/model/discovery/dns_writer.ts";
import type { Link } from "../../../lib/model/discovery/link.ts";
import {
  MDNS_PORT,
  type Outgoing,
} from "../../../lib/model/discovery/packet.ts";
import { Responder } from "../../../lib/model/discovery/responder.ts";
import {
  announcedServer,
  SERVICE,
} from "../../../lib/model/discovery/service_records.ts";
import fc from "../../support/fast_check.ts";
import { seededRandom } from "../../support/seeded_random.ts";

const { PTR, SRV, A } = TYPE_NUMBERS;
const POINTERS = { questions: [{ name: SERVICE, type: PTR }] };

Deno.test("a name is probed three times, then announced twice", () => {
  const network = new Network();
  const kitchen = network.add("Kitchen");
  network.run(5_000);
  const sent = network.sentBy(kitchen);
  assert.deepEqual(
    sent.map(({ message }) => message.isResponse ? "announce" : "probe"),
    ["probe", "probe", "probe", "announce", "announce"],
  );
  const [first, second, third, announced, again] = sent.map(({ ms }) => ms);
  assert.ok(first <= 250);
  assert.deepEqual(
    [second - first, third - second, announced - third, again - announced]
      .map((ms) => Math.round(ms)),
    [250, 250, 250, 1000],
  );
  const { answers } = sent[3].message;
  assert.deepEqual(
    answers.map((
      { data, ttlSeconds, flush },
    ) => [data.type, ttlSeconds, flush]),
    [
      ["PTR", 4500, false],
      ["SRV", 120, true],
      ["TXT", 4500, true],
      ["A", 120, true],
      ["PTR", 4500, false],
    ],
  );
});

Deno.test("a name that another server has is numbered", () => {
  const network = new Network();
  const first = network.add("Kitchen");
  network.run(3_000);
  const second = network.add("Kitchen");
  const third = network.add("KITCHEN");
  network.run(10_000);
  assert.equal(first.name, "Kitchen");
  assert.deepEqual(
    new Set([second.name.toLowerCase(), third.name.toLowerCase()]),
    new Set(["kitchen (2)", "kitchen (3)"]),
  );
});

Deno.test("of servers that start together each gets a name of its own", () => {
  for (let seed = 0; seed < 50; seed++) {
    const network = new Network(seed);
    const servers = Array.from({ length: 4 }, () => network.add("Kitchen"));
    network.run(20_000);
    const names = servers.map(({ name }) => name).sort();
    assert.deepEqual(names, [
      ...["Kitchen", "Kitchen (2)", "Kitchen (3)", "Kitchen (4)"],
    ], `seed ${seed}`);
  }
});

Deno.test("a server with two interfaces in one network keeps its name", () => {
  const network = new Network();
  const kitchen = network.add("Kitchen", [
    ipv4Link("eth0", "10.9.1.1"),
    ipv4Link("wlan0", "10.9.1.2"),
  ]);
  network.run(10_000);
  assert.equal(kitchen.name, "Kitchen");
  assert.equal(network.sentBy(kitchen).length, 10);
});

Deno.test("a claim of a name that is announced is answered by probing again", () => {
  const network = new Network();
  const kitchen = network.add("Kitchen");
  network.run(5_000);
  network.send(response({ answers: [claim("Kitchen", 9)] }));
  network.run(2_000);
  assert.equal(kitchen.name, "Kitchen");
  const [, , , , , ...again] = network.sentBy(kitchen);
  assert.equal(again[0].message.isResponse, false);
  // Its owner defends it.
  network.send(response({ answers: [claim("Kitchen", 9)] }));
  network.run(50);
  network.send(response({ answers: [claim("Kitchen", 9)] }));
  network.run(5_000);
  assert.equal(kitchen.name, "Kitchen (2)");
});

Deno.test("what a peer says of a name costs little, however often", () => {
  const network = new Network();
  const kitchen = network.add("Kitchen");
  for (let ms = 0; ms < 60_000; ms += 50) {
    network.send(response({ answers: [claim(kitchen.name, 9)] }));
    network.run(50);
  }
  assert.ok(network.sentBy(kitchen).length < 60);
  network.run(30_000);
  assert.match(kitchen.name, /^Kitchen \(\d+\)$/);
});

Deno.test("a question is answered after a moment, with all that follows", () => {
  const network = settled();
  network.send(query(POINTERS));
  network.run(19);
  assert.equal(network.answers.length, 0);
  network.run(101);
  const [{ message }] = network.answers;
  assert.deepEqual(typesOf(message.answers), ["PTR"]);
  assert.deepEqual(typesOf(message.additionals), ["SRV", "TXT", "A"]);
});

Deno.test("a record goes out at most once a second, however often it is asked for", () => {
  const network = settled();
  for (let ms = 0; ms < 10_000; ms += 10) {
    network.send(query(POINTERS));
    network.run(10);
  }
  assert.ok(network.answers.length <= 11, `${network.answers.length}`);
  assert.ok(network.answers.length >= 9, `${network.answers.length}`);
});

Deno.test("an answer that the asker knows is left out", () => {
  const network = settled();
  const known = (ttlSeconds: number): DnsRecord => ({
    name: SERVICE,
    flush: false,
    ttlSeconds,
    data: { type: "PTR", target: ["Kitchen", ...SERVICE] },
  });
  network.send(query({ ...POINTERS, answers: [known(2_250)] }));
  network.run(5_000);
  assert.equal(network.answers.length, 0);
  network.send(query({ ...POINTERS, answers: [known(2_249)] }));
  network.run(5_000);
  assert.equal(network.answers.length, 1);
});

Deno.test("known answers may follow a truncated question", () => {
  const network = settled();
  const answers: DnsRecord[] = [{
    name: SERVICE,
    flush: false,
    ttlSeconds: 4_500,
    data: { type: "PTR", target: ["Kitchen", ...SERVICE] },
  }];
  network.send(query({ ...POINTERS, isTruncated: true }));
  network.run(300);
  network.send(query({ answers }));
  network.run(5_000);
  assert.equal(network.answers.length, 0);
  network.send(query({ ...POINTERS, isTruncated: true }));
  network.run(300);
  network.send(query({ answers }), "10.9.1.78");
  network.run(5_000);
  assert.equal(network.answers.length, 1);
});

Deno.test("names are compared without regard to case", () => {
  const network = settled();
  const name = ["kITCHEN", "_ONDACAST", "_tcp", "LOCAL"];
  network.send(query({ questions: [{ name, type: SRV }] }));
  network.run(1);
  assert.deepEqual(typesOf(network.answers[0].message.answers), ["SRV"]);
});

Deno.test("the kinds of services are listed", () => {
  const network = settled();
  const name = ["_services", "_dns-sd", "_udp", "local"];
  network.send(query({ questions: [{ name, type: PTR }] }));
  network.run(200);
  const [{ message }] = network.answers;
  assert.deepEqual(message.answers[0].data, { type: "PTR", target: SERVICE });
});

Deno.test("a simple resolver is answered at once, alone, and for a short time", () => {
  const network = settled();
  const [answer] = network.send(query({ ...POINTERS, id: 7 }), PEER, 50_000);
  assert.deepEqual(answer.to, { ip: PEER, port: 50_000 });
  assert.equal(answer.message.id, 7);
  assert.deepEqual(answer.message.questions, POINTERS.questions);
  const { answers, additionals } = answer.message;
  assert.deepEqual(typesOf(answers), ["PTR"]);
  assert.deepEqual(typesOf(additionals), ["SRV", "TXT", "A"]);
  for (const { ttlSeconds, flush } of [...answers, ...additionals]) {
    assert.ok(ttlSeconds <= 10 && !flush);
  }
});

Deno.test("no one beyond the link is answered", () => {
  const network = settled();
  for (const ip of ["203.0.113.5", "10.9.2.5", "192.168.1.5"]) {
    assert.deepEqual(network.send(query(POINTERS), ip, 50_000), []);
    network.send(query(POINTERS), ip);
    network.send(response({ answers: [claim("Kitchen", 9)] }), ip);
  }
  network.run(5_000);
  assert.equal(network.answers.length, 0);
});

Deno.test("a response from another port than that of multicast DNS is ignored", () => {
  const network = new Network();
  const kitchen = network.add("Kitchen");
  for (let ms = 0; ms < 5_000; ms += 100) {
    network.send(response({ answers: [claim("Kitchen", 9)] }), PEER, 50_000);
    network.run(100);
  }
  assert.equal(kitchen.name, "Kitchen");
});

Deno.test("a server that does not own its name yet answers nothing", () => {
  const network = new Network();
  network.add("Kitchen");
  network.run(300);
  assert.deepEqual(network.send(query(POINTERS), PEER, 50_000), []);
  network.send(query(POINTERS));
  network.run(100);
  assert.equal(network.answers.length, 0);
});

Deno.test("a new link is probed and announced, and a lost one forgotten", () => {
  const network = settled();
  const [kitchen] = network.responders;
  const other = ipv4Link("wlan0", "10.8.1.1");
  kitchen.setLinks([ETH0, other].map(served), network.nowMs);
  network.run(5_000);
  const sent = network.sentBy(kitchen).slice(5);
  assert.deepEqual(sent.map(({ link }) => link.key), Array(5).fill("wlan0"));
  kitchen.setLinks([served(other)], network.nowMs);
  assert.deepEqual(kitchen.goodbye().map(({ link }) => link.key), ["wlan0"]);
});

Deno.test("a goodbye takes back all but the kind of service", () => {
  const network = settled();
  const [kitchen] = network.responders;
  const [{ message }] = kitchen.goodbye();
  assert.deepEqual(typesOf(message.answers), ["PTR", "SRV", "TXT", "A"]);
  assert.ok(message.answers.every(({ ttlSeconds }) => ttlSeconds === 0));
  assert.equal(kitchen.nextMs, Infinity);
});

Deno.test("a long name is cut to a label, also with its number", () => {
  const network = new Network();
  const name = "ü".repeat(64);
  const first = network.add(name);
  network.run(3_000);
  const second = network.add(name);
  network.run(10_000);
  assert.equal(first.name, "ü".repeat(31));
  assert.equal(second.name, `${"ü".repeat(29)} (2)`);
});

Deno.test("whatever comes, no more goes out than a bound", () => {
  const packet = fc.record({
    ms: fc.nat(30),
    ip: fc.constantFrom(PEER, "10.9.1.78", "10.9.1.79", "203.0.113.5"),
    port: fc.constantFrom(MDNS_PORT, 50_000),
    message: fc.constantFrom(
      query(POINTERS),
      query({ questions: Array(60).fill(POINTERS.questions[0]) }),
      query({ ...POINTERS, isTruncated: true }),
      query({ questions: [{ name: ["Kitchen", ...SERVICE], type: ANY }] }),
      query({
        questions: [{ name: ["Kitchen", ...SERVICE], type: ANY }],
        authorities: [claim("Kitchen", 0xffff)],
      }),
      query({ questions: [{ name: ["_services"], type: A }] }),
      response({ answers: [claim("Kitchen", 9)] }),
      response({ answers: [{ ...claim("Kitchen", 9), ttlSeconds: 0 }] }),
    ),
  });
  const storm = fc.array(packet, { minLength: 100, maxLength: 400 });
  fc.assert(
    fc.property(storm, (packets) => {
      const network = settled();
      const before = network.bytes.out;
      const startMs = network.nowMs;
      for (const { ms, ip, port, message } of packets) {
        network.send(message, ip, port);
        network.run(ms);
      }
      const seconds = (network.nowMs - startMs) / 1000;
      // Answers to all: less than 600 bytes a second; to single ones: 50 of
      // 350 bytes a second, and no more than ten times what they have sent.
      const out = network.bytes.out - before;
      assert.ok(out <= 100 * 350 + (seconds + 1) * (600 + 50 * 350), `${out}`);
      assert.ok(out <= 10 * network.bytes.in + (seconds + 2) * 600, `${out}`);
    }),
    { numRuns: 50 },
  );
});

const PEER = "10.9.1.77";
const ETH0 = ipv4Link("eth0", "10.9.1.1");

function ipv4Link(key: string, address: string): Link {
  const addresses = [{ address, prefix: 24 }];
  return { key, family: "IPv4", address, zone: null, addresses };
}

function served(link: Link) {
  return { link, addresses: [link.address] };
}

function typesOf(records: DnsRecord[]): string[] {
  return records.map(({ data }) => data.type);
}

function claim(name: string, port: number): DnsRecord {
  const target: DnsName = ["other", "local"];
  return {
    name: [name, ...SERVICE],
    flush: true,
    ttlSeconds: 120,
    data: { type: "SRV", priority: 0, weight: 0, port, target },
  };
}

/** A network with one server, whose name is announced. */
function settled(): Network {
  const network = new Network();
  network.add("Kitchen");
  network.run(10_000);
  return network;
}

/** A network on which each hears all others, and itself, at once. */
class Network {
  nowMs = 0;
  readonly bytes = { in: 0, out: 0 };
  readonly responders: Responder[] = [];
  readonly #random: () => number;
  readonly #sent: (Outgoing & { by: Responder; ms: number })[] = [];

  constructor(seed = 1) {
    this.#random = seededRandom(seed);
  }

  add(name: string, links = [ETH0]): Responder {
    const announced = announcedServer({
      ...{ name, id: `${this.responders.length}`, http: 4042 },
      ...{ port: 4040, tls: false, token: false },
    });
    const responder = new Responder(announced, this.#random);
    responder.setLinks(links.map(served), this.nowMs);
    this.responders.push(responder);
    return responder;
  }

  /** Answers of the first server after its announcements. */
  get answers() {
    return this.sentBy(this.responders[0]).slice(5)
      .filter(({ message }) => message.isResponse);
  }

  sentBy(responder: Responder) {
    return this.#sent.filter(({ by }) => by === responder);
  }

  /** Sends a packet to all. @returns The answers to its sender alone. */
  send(message: DnsMessage, ip = PEER, port = MDNS_PORT): Outgoing[] {
    const bytes = writeMessage(message);
    this.bytes.in += bytes.length;
    const outgoing = this.responders.flatMap((responder) =>
      responder
        .receive("IPv4", readMessage(bytes)!, { ip, port }, this.nowMs)
    );
    for (const { message } of outgoing) {
      this.bytes.out += writeMessage(message).length;
    }
    return outgoing;
  }

  run(ms: number): void {
    const untilMs = this.nowMs + ms;
    while (true) {
      const next = Math.min(...this.responders.map(({ nextMs }) => nextMs));
      if (next > untilMs) break;
      this.nowMs = Math.max(this.nowMs, next);
      for (const by of this.responders) {
        for (const outgoing of by.due(this.nowMs)) {
          this.#sent.push({ ...outgoing, by, ms: this.nowMs });
          this.bytes.out += writeMessage(outgoing.message).length;
          this.#deliver(outgoing);
        }
      }
    }
    this.nowMs = untilMs;
  }

  #deliver({ link, message }: Outgoing): void {
    const bytes = writeMessage(message);
    const from = { ip: link.address, port: MDNS_PORT };
    for (const responder of this.responders) {
      responder.receive("IPv4", readMessage(bytes)!, from, this.nowMs);
    }
  }
}
