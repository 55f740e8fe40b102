import assert from "node:assert/strict";
import type { TurnKind } from "../../lib/ports/server.ts";
import { settle } from "../support/fake_clock.ts";
import { MemoryServer } from "../support/memory_server.ts";
import { CD, noise, PHONE, wavFile } from "../support/memory_songs.ts";
import type { Frame } from "../support/raw_peer.ts";

const MIB = 1 << 20;

function longest(frames: readonly Frame[]): number {
  return Math.max(
    ...frames.filter(({ type }) => type === 1)
      .map(({ payload }) => payload.length),
  );
}

const VALUES: [action: string, value: number | undefined, taken: boolean][] = [
  ["seek", 0, true],
  ["seek", 1.5, true],
  ["seek", 1e300, true],
  ["seek", -0.1, false],
  ["seek", undefined, false],
  ["volume", 0, true],
  ["volume", 100, true],
  ["volume", 100.1, false],
  ["volume", -1, false],
  ["volume", undefined, false],
];

for (const [action, value, taken] of VALUES) {
  Deno.test(`control: ${action} to ${value} is ${taken ? "delivered" : "bad-message"}`, async () => {
    const server = new MemoryServer();
    const receiver = await server.connectWelcomed({
      hello: { device: "r", name: "r", receive: true },
    });
    const { peer } = await server.connectWelcomed();
    await peer.send({ type: "control", to: "r", action, value });
    if (!taken) {
      const { code } = await peer.next("error");
      return assert.equal(code, "bad-message");
    }
    await peer.next("controlled");
    assert.equal((await receiver.peer.next("control")).value, value);
  });
}

Deno.test("a name that twins share is ambiguous to play or cast, an exact one is not", async () => {
  const server = new MemoryServer();
  const file = wavFile(PHONE, noise(100));
  for (const name of ["Song.wav", "song.wav"]) server.songs.add(name, file);
  const { peer } = await server.connectWelcomed();
  await peer.send({ type: "play", song: "SONG" });
  const { code, fatal, message } = await peer.next("error");
  assert.deepEqual([code, fatal], ["ambiguous", false]);
  assert.match(message, /"Song\.wav", "song\.wav"/);
  await peer.send({ type: "cast", song: "SONG", to: ["x"] });
  assert.equal((await peer.next("error")).code, "ambiguous");
  for (const song of ["song", "Song.wav"]) {
    await peer.send({ type: "play", song });
    const start = await peer.next("start");
    assert.equal(start.song, song === "song" ? "song.wav" : song);
  }
});

Deno.test("songs never exceeds the 1 MiB that a client accepts, however long the names", async () => {
  const server = new MemoryServer();
  for (let i = 0; i < 1000; i++) {
    const folder = "f".repeat(250);
    const name = `${folder}/${folder}/${folder}/${1000 + i}${
      "n".repeat(200)
    }.wav`;
    server.songs.addEntry({
      name,
      format: { ...CD, dataOffset: 44, dataBytes: 4 },
    });
  }
  const { peer } = await server.connectWelcomed();
  await peer.send({ type: "list" });
  await peer.next("songs");
  assert.ok(longest(peer.frames) <= MIB, `${longest(peer.frames)} bytes`);
});

Deno.test("online never exceeds the 1 MiB that a client accepts, whatever its rows", async () => {
  const server = new MemoryServer({ maxClients: 2000 });
  server.songs.add("a.wav", wavFile(PHONE, noise(100)));
  for (let i = 0; i < 200; i++) {
    const { peer } = await server.connectWelcomed({
      hello: { device: `device ${i}`, window: 0 },
    });
    await peer.send({ type: "play", song: "a" }, {
      type: "state",
      stream: 1,
      position: 0,
      playing: true,
      volume: 100,
      underruns: 0,
      problem: "\u0001".repeat(1024),
    });
  }
  await settle();
  const { peer } = await server.connectWelcomed();
  await peer.send({ type: "online" });
  await peer.next("online");
  assert.ok(longest(peer.frames) <= MIB, `${longest(peer.frames)} bytes`);
});

Deno.test("online lists all clients and their activity, the asker included", async () => {
  const server = new MemoryServer();
  server.songs.add("a.wav", wavFile(PHONE, noise(80_000)));
  const one = await server.connectWelcomed({
    clientAddress: "192.0.2.1:1",
    hello: { device: "1", name: "one", window: 10 },
  });
  const two = await server.connectWelcomed({
    clientAddress: "192.0.2.1:2",
    hello: { device: "2", name: "two", receive: true },
  });
  await one.peer.send({ type: "play", song: "a" }, {
    type: "state",
    stream: 1,
    position: 1.5,
    playing: false,
    volume: 40,
    underruns: 2,
  });
  await settle();
  await two.peer.send({ type: "online", id: 5 });
  const online = await two.peer.next("online");
  assert.deepEqual([online.re, online.more, online.total], [5, false, 2]);
  const byName = Object.fromEntries(
    online.clients.map((client: { name: string }) => [client.name, client]),
  );
  assert.deepEqual(byName.one, {
    key: one.peer.messages("welcome")[0].key,
    id: "192.0.2.1:1",
    name: "one",
    receiving: false,
    state: {
      doing: "paused",
      song: "a.wav",
      position: 1.5,
      volume: 40,
      underruns: 2,
    },
  });
  assert.deepEqual(byName.two.state, { doing: "waiting" });
  assert.equal(byName.two.receiving, true);
});

Deno.test("online lists the clients page by page", async () => {
  const server = new MemoryServer();
  for (let i = 0; i < 5; i++) {
    await server.connectWelcomed({ hello: { device: `${i}` } });
  }
  const { peer } = await server.connectWelcomed();
  const keys: string[] = [];
  for (let more = true; more;) {
    await peer.send({ type: "online", limit: 2, after: keys.at(-1) });
    const page = await peer.next("online");
    keys.push(...page.clients.map(({ key }: { key: string }) => key));
    more = page.more;
  }
  assert.equal(new Set(keys).size, 6);
  assert.deepEqual(keys, [...keys].sort());
});

Deno.test("receive is answered by receiving, and others see it", async () => {
  const server = new MemoryServer();
  const { peer } = await server.connectWelcomed();
  for (const on of [true, true, false]) {
    await peer.send({ type: "receive", on, id: "r" });
    assert.deepEqual(await peer.next("receiving"), {
      type: "receiving",
      on,
      re: "r",
    });
    await peer.send({ type: "online" });
    const [client] = (await peer.next("online")).clients;
    assert.equal(client.receiving, on);
    assert.equal(client.state.doing, on ? "waiting" : "idle");
  }
});

Deno.test("every request that has an answer is answered with its id as re, and no other is answered", async () => {
  const server = new MemoryServer();
  server.songs.add("a.wav", wavFile(PHONE, noise(100)));
  const { peer } = await server.connectWelcomed({
    hello: { receive: true, name: "kitchen" },
  });
  const state = { position: 0, playing: true, volume: 1, underruns: 0 };
  const table: [request: Record<string, unknown>, answer: string | null][] = [
    [{ type: "list" }, "songs"],
    [{ type: "online" }, "online"],
    [{ type: "receive", on: true }, "receiving"],
    [{ type: "ping" }, "pong"],
    [{ type: "play", song: "a" }, "start"],
    [{ type: "state", stream: 1, ...state }, null],
    [{ type: "grant", bytes: 1 }, null],
    [{ type: "pong" }, null],
    [{ type: "play", song: "b" }, "error"],
    [{ type: "stop" }, "error"],
  ];
  for (const [i, [request, answer]] of table.entries()) {
    const before = peer.frames.length;
    await peer.send({ ...request, id: i });
    await settle();
    const answers = peer.messages().slice(
      peer.messages().length - (peer.frames.length - before),
    ).filter(({ re }) => re === i).map(({ type }) => type);
    assert.deepEqual(answers, answer === null ? [] : [answer]);
  }
});

Deno.test("requests of all clients wait while the turn is used up, in the order they came", async () => {
  const waiting: (() => void)[] = [];
  let isUsedUp = false;
  const next = () =>
    isUsedUp ? new Promise<void>((resolve) => waiting.push(resolve)) : null;
  const server = new MemoryServer({ turns: { next } });
  const peers = await Promise.all(["1", "2", "3"].map(async (device) => {
    const { peer } = await server.connectWelcomed({ hello: { device } });
    return peer;
  }));
  isUsedUp = true;
  for (const peer of peers) await peer.send({ type: "ping" });
  await settle();
  const answered = () => peers.map((peer) => peer.messages("pong").length);
  assert.deepEqual(answered(), [0, 0, 0]);
  waiting[0]();
  await settle();
  assert.deepEqual(answered(), [1, 0, 0]);
  for (const resume of waiting) resume();
  await settle();
  assert.deepEqual(answered(), [1, 1, 1]);
});

Deno.test("what keeps music and clocks going is a signal to the turns, all else a request", async () => {
  const kinds: unknown[] = [];
  const next = (_steps?: number, kind?: TurnKind) => {
    kinds.push(kind);
    return null;
  };
  const server = new MemoryServer({ turns: { next } });
  const { peer } = await server.connectWelcomed();
  kinds.length = 0;
  const long = "x".repeat(64);
  await peer.send(
    ...[{ type: "ping" }, { type: "pong", time: 1 }],
    ...[{ type: "grant", bytes: 1 }, { type: "receive", on: false }],
    { type: "ping", one: long, other: long },
  );
  await settle();
  const signals = ["signal", "signal", "signal"];
  assert.deepEqual(kinds, [...signals, "request", "request"]);
});

for (
  const [request, what] of [
    [{ type: "places" }, "list the servers"],
    [{ type: "prove", proof: "0".repeat(64) }, "accept the proof"],
  ] as const
) {
  Deno.test(`a server that is alone cannot ${what}, and says so`, async () => {
    const { peer } = await new MemoryServer().connectWelcomed();
    await peer.send(request);
    const { code, message, fatal } = await peer.next("error");
    assert.deepEqual([code, fatal], ["unsupported", false]);
    assert.match(message, new RegExp(`^Cannot ${what}: .*--cluster$`));
  });
}

for (const as of ["file", "picture"]) {
  Deno.test(`a client cannot play a song as a ${as}`, async () => {
    const server = new MemoryServer();
    server.songs.add("a.wav", wavFile(PHONE, noise(100)));
    const { peer } = await server.connectWelcomed();
    await peer.send({ type: "play", song: "a", as });
    assert.equal((await peer.next("error")).code, "unsupported");
  });
}
