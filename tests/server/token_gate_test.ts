import assert from "node:assert/strict";
import {
  type AdmittedDevices,
  FORGET_MS,
  FREE_GUESSES,
  LONGEST_PAUSE_MS,
  LONGEST_WAIT_MS,
  MAX_REMEMBERED,
  TokenGate,
} from "../../lib/server/token_gate.ts";
import { deviceKey } from "../../lib/model/presence.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { HELLO, MemoryServer } from "../support/memory_server.ts";

const IP = "192.0.2.7";

/** A gate, and one guess after the other at it. */
function gateOf(token = "right", admitted?: AdmittedDevices) {
  const clock = new FakeClock();
  const gate = new TokenGate(token, clock, admitted);
  /** The answer, and how long it took. */
  const say = async (given: string | undefined, ip = IP, device?: string) => {
    const fromMs = clock.now();
    const answer = gate.check(given, { ip, device })
      .then(() => "in", ({ code }) => code as string);
    const result = await clock.runUntil(answer);
    return [result, clock.now() - fromMs];
  };
  const guess = async (times: number, ip = IP) => {
    for (let i = 0; i < times; i++) await say(`wrong ${i}`, ip);
  };
  return { clock, gate, say, guess };
}

Deno.test("check() answers at once as long as few tokens were wrong", async () => {
  const { say } = gateOf();
  for (let i = 0; i < FREE_GUESSES; i++) {
    assert.deepEqual(await say("wrong"), ["unauthorized", 0]);
    if (i < FREE_GUESSES - 1) assert.deepEqual(await say("right"), ["in", 0]);
  }
});

Deno.test("check() answers later and later after that, the right token too", async () => {
  const { say, guess } = gateOf();
  await guess(FREE_GUESSES);
  const waits: unknown[] = [];
  for (let i = 0; i < 6; i++) waits.push((await say("wrong"))[1]);
  assert.deepEqual(waits, [250, 500, 1000, 2000, 2000, 2000]);
  assert.deepEqual(await say("right"), ["in", LONGEST_PAUSE_MS]);
});

Deno.test("check() slows no other address down", async () => {
  const { say, guess } = gateOf();
  await guess(FREE_GUESSES + 6);
  assert.deepEqual(await say("right", "192.0.2.8"), ["in", 0]);
  assert.deepEqual(await say("wrong", "192.0.2.8"), ["unauthorized", 0]);
});

Deno.test("check() counts an IPv6 network as one guesser", async () => {
  const { say } = gateOf();
  for (let i = 0; i < FREE_GUESSES; i++) await say("wrong", `2001:db8::${i}`);
  assert.deepEqual(await say("right", "2001:db8::99"), ["in", 250]);
  assert.deepEqual(await say("right", "2001:db8:0:1::99"), ["in", 0]);
});

Deno.test("check() forgets wrong tokens a while after the last one", async () => {
  for (const [laterMs, waitMs] of [[FORGET_MS - 1, 500], [FORGET_MS, 0]]) {
    const { clock, say, guess } = gateOf();
    await guess(FREE_GUESSES);
    await clock.advance(laterMs);
    await say("wrong");
    assert.deepEqual(await say("right"), ["in", waitMs]);
  }
});

Deno.test("check() handles a crowd of guesses one after the other, and the rest is busy", async () => {
  const { clock, gate, guess } = gateOf();
  await guess(FREE_GUESSES);
  const answers: [code: string, atMs: number][] = [];
  const fromMs = clock.now();
  for (let i = 0; i < 1000; i++) {
    gate.check("wrong", { ip: IP }).catch(({ code }) =>
      answers.push([code, clock.now() - fromMs])
    );
  }
  await settle();
  const busy = answers.filter(([code]) => code === "busy").length;
  assert.equal(busy, answers.length);
  const looked = 1000 - busy;
  assert.ok(looked <= LONGEST_WAIT_MS / 250 + 1, `${looked} wait`);
  await clock.advance(LONGEST_WAIT_MS);
  const last = answers.slice(busy);
  assert.equal(last.length, looked);
  assert.ok(last.every(([code]) => code === "unauthorized"));
  assert.equal(new Set(last.map(([, atMs]) => atMs)).size, looked);
});

Deno.test("check() admits a crowd with the right token at once", async () => {
  const { clock, gate, guess } = gateOf();
  await guess(FREE_GUESSES - 1);
  const all = Array.from(
    { length: 8000 },
    () => gate.check("right", { ip: IP }),
  );
  await clock.runUntil(Promise.all(all));
  assert.equal(clock.now(), 0);
});

Deno.test("a missing token is refused at once, and is no guess", async () => {
  const { gate, say } = gateOf();
  for (let i = 0; i < 20; i++) {
    assert.deepEqual(await say(undefined), ["unauthorized", 0]);
  }
  assert.equal(gate.remembered, 0);
  assert.deepEqual(await say(""), ["unauthorized", 0]);
  assert.equal(gate.remembered, 1);
});

Deno.test("check() forgets the address that was quiet the longest beyond 4,096", async () => {
  const { gate, say, guess } = gateOf();
  await guess(FREE_GUESSES, "192.0.2.1");
  await guess(FREE_GUESSES, "192.0.2.2");
  const others = MAX_REMEMBERED - 2;
  for (let i = 0; i < others; i++) await say("wrong", `2001:db8:${i}:1::`);
  assert.equal(gate.remembered, MAX_REMEMBERED);
  assert.deepEqual(await say("right", "192.0.2.1"), ["in", 250]);
  await say("wrong", "2001:db8:ffff:1::");
  assert.equal(gate.remembered, MAX_REMEMBERED);
  assert.deepEqual(await say("right", "192.0.2.1"), ["in", 250]);
  assert.deepEqual(await say("right", "192.0.2.2"), ["in", 0]);
});

Deno.test("check() admits everybody when no token is required", async () => {
  const gate = new TokenGate(null, new FakeClock());
  assert.equal(gate.isOpen, true);
  await gate.check(undefined, { ip: IP });
  await gate.check("any", { ip: IP });
});

/** Devices by key, without a bound. */
function admittedInMemory(): AdmittedDevices & { rows: Map<string, string> } {
  const rows = new Map<string, string>();
  return {
    rows,
    has: (key, proof) => rows.get(key) === proof,
    add: (key, proof) => rows.set(key, proof),
  };
}

Deno.test("check() admits a device at once that was admitted before, whatever its address did", async () => {
  const { say, guess } = gateOf("right", admittedInMemory());
  assert.deepEqual(await say("right", IP, "phone"), ["in", 0]);
  await guess(FREE_GUESSES + 6);
  for (let i = 0; i < 50; i++) {
    assert.deepEqual(await say("right", IP, "phone"), ["in", 0]);
    assert.deepEqual(await say("right", "192.0.2.8", "phone"), ["in", 0]);
  }
  assert.deepEqual(await say("right", IP, "tablet"), ["in", LONGEST_PAUSE_MS]);
  assert.deepEqual(await say("right", IP, "tablet"), ["in", 0]);
});

Deno.test("check() gives a device no other advantage for having been admitted", async () => {
  const { say, guess } = gateOf("right", admittedInMemory());
  await say("right", IP, "phone");
  await guess(FREE_GUESSES);
  const wrong = [];
  for (let i = 0; i < 4; i++) wrong.push(await say("wrong", IP, "phone"));
  assert.deepEqual(
    wrong,
    [250, 500, 1000, 2000].map((ms) => ["unauthorized", ms]),
  );
  assert.deepEqual(await say("right", IP, "Phone"), ["in", LONGEST_PAUSE_MS]);
});

Deno.test("check() does not know a device by another token", async () => {
  const admitted = admittedInMemory();
  await gateOf("old", admitted).say("old", IP, "phone");
  const { say, guess } = gateOf("new", admitted);
  await guess(FREE_GUESSES);
  assert.deepEqual(await say("old", IP, "phone"), ["unauthorized", 250]);
  assert.deepEqual(await say("new", IP, "phone"), ["in", 500]);
  assert.deepEqual(await say("new", IP, "phone"), ["in", 0]);
  // By the public key alone; neither the token nor the device's id is kept.
  assert.deepEqual([...admitted.rows.keys()], [deviceKey("phone")]);
  assert.match([...admitted.rows.values()].join(), /^[0-9a-f]{64}$/);
});

Deno.test("a device that was admitted before returns at once beside a crowd of guesses", async () => {
  const server = new MemoryServer({
    token: "right",
    maxClients: 1000,
    admitted: admittedInMemory(),
  });
  const mine = { ...HELLO, token: "right" };
  await server.connectWelcomed({ hello: mine });
  for (let i = 0; i < 200; i++) {
    const { peer } = server.connectRaw();
    await peer.send({ ...HELLO, device: `guess ${i}`, token: `guess ${i}` });
  }
  const stranger = server.connectRaw();
  await stranger.peer.send({ ...mine, device: "new here" });
  await stranger.peer.next("error");
  assert.equal(stranger.peer.messages("error")[0].code, "busy");
  const atMs = server.clock.now();
  await server.connectWelcomed({ hello: mine });
  assert.equal(server.clock.now(), atMs);
});

Deno.test("a hello with the right token is welcomed after its wait, within its 5 s", async () => {
  const server = new MemoryServer({ token: "right" });
  for (let i = 0; i < FREE_GUESSES + 5; i++) {
    const { peer, client } = server.connectRaw();
    await peer.send({ ...HELLO, token: "wrong" });
    await server.clock.runUntil(peer.next("error"));
    client.close();
  }
  const { peer } = server.connectRaw();
  await peer.send({ ...HELLO, token: "right" });
  await server.sweepFor(LONGEST_PAUSE_MS - 500);
  assert.deepEqual(peer.types(), []);
  await server.sweepFor(500);
  assert.deepEqual(peer.types(), ["welcome"]);
});

Deno.test("a hello that waits for its turn when its client goes joins nobody", async () => {
  const server = new MemoryServer({ token: "right" });
  for (let i = 0; i < FREE_GUESSES; i++) {
    const { peer } = server.connectRaw();
    await peer.send({ ...HELLO, token: "wrong" });
    await server.clock.runUntil(peer.next("error"));
  }
  const { peer, session, ended } = server.connectRaw();
  await peer.send({ ...HELLO, token: "right" });
  await settle();
  session.member.leave("the test says so");
  await server.clock.runUntil(ended);
  assert.deepEqual(peer.types(), []);
  assert.equal(server.hub.presence.size, 0);
});
