import assert from "node:assert/strict";
import { Link } from "../../lib/client/link.ts";
import { ServerClock, serverUs } from "../../lib/client/server_clock.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { IDENTITY, RawServer, WELCOME } from "../support/memory_client.ts";

const AHEAD_US = 7e9;

/** A link whose server answers pings, and has a clock ahead of this one. */
async function setUp(features: readonly string[] = ["groups"]) {
  const clock = new FakeClock();
  const server = new RawServer(clock);
  const link = new Link({
    connector: server.connector,
    clock,
    identity: IDENTITY,
    windowBytes: 1000,
    signal: new AbortController().signal,
  });
  let sleptMs = 0;
  let pings = 0;
  const world = { aheadUs: AHEAD_US };
  const serverClock = new ServerClock(link, () => clock.now() + sleptMs);
  const answer = async () => {
    const { peer } = server;
    try {
      while (true) {
        const { id: re, time } = await peer.next("ping");
        pings++;
        const us = clock.now() * 1000 + world.aheadUs;
        await peer.send({ type: "pong", re, time, received: us, sent: us });
      }
    } catch {
      // The connection is over.
    }
  };
  const connect = async (name: string) => {
    const session = link.session();
    await settle();
    const { id: re } = await server.peer.next("hello");
    answer();
    await server.peer.send({ ...WELCOME, re, clock: name, features });
    await session;
    await settle();
  };
  await connect("a");
  return {
    ...{ clock, server, serverClock, world, connect },
    pings: () => pings,
    sleep: (ms: number) => {
      sleptMs += ms;
      world.aheadUs += ms * 1000;
    },
    aheadUs: () => {
      const run = serverClock.current!;
      return Math.round(serverUs(run, clock.now())! - clock.now() * 1000);
    },
  };
}

Deno.test("the server's clock is known by eight pings after the welcome", async () => {
  const { clock, serverClock, pings, aheadUs } = await setUp();
  assert.equal(pings(), 8);
  assert.equal(aheadUs(), AHEAD_US);
  assert.equal(serverClock.rttUs, 0);
  await clock.advance(9_000);
  assert.equal(pings(), 8);
});

Deno.test("a device in a group of several pings three times a second, then each 5 s", async () => {
  const { clock, serverClock, pings } = await setUp();
  serverClock.active = true;
  await clock.advance(19_500);
  assert.equal(pings() - 8, 20 * 3);
  await clock.advance(20_000);
  assert.equal(pings() - 8, 24 * 3);
  serverClock.active = false;
  await clock.advance(20_000);
  const before = pings();
  await clock.advance(60_000);
  assert.ok(pings() - before <= 6); // Those of a silent connection.
});

Deno.test("a machine that has slept measures anew at once", async () => {
  const { clock, serverClock, pings, aheadUs, sleep } = await setUp();
  serverClock.active = true;
  await clock.advance(30_000);
  const before = pings();
  sleep(3_600_000);
  await clock.advance(1_000);
  assert.ok(pings() - before >= 8);
  assert.equal(aheadUs(), AHEAD_US + 3.6e9);
});

Deno.test("a server with another clock is measured anew, and the former clock is still known", async () => {
  const { clock, server, serverClock, world, connect, aheadUs } = await setUp();
  const former = serverClock.current!;
  server.peer.transport.close();
  await clock.advance(10);
  world.aheadUs = -5e9;
  await connect("b");
  assert.equal(aheadUs(), -5e9);
  assert.equal(serverUs(former, 0), AHEAD_US);
});

Deno.test("a server without groups is not asked for its clock", async () => {
  const { pings } = await setUp([]);
  assert.equal(pings(), 0);
});
