import assert from "node:assert/strict";
import { settle } from "../support/fake_clock.ts";
import { MemoryServer } from "../support/memory_server.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";
import type { Message, RawPeer } from "../support/raw_peer.ts";

/** 2 s of sound. */
const FILE = wavFile(PHONE, noise(16_000));

/** A receiver, and one who casts to it, controls it and looks at it. */
async function setUp() {
  const server = new MemoryServer();
  server.songs.add("a.wav", FILE);
  server.songs.add("short.wav", wavFile(PHONE, noise(800)));
  const connect = (device: string, receive: boolean) =>
    server.connectWelcomed({ hello: { device, name: device, receive } });
  const { peer } = await connect("receiver", true);
  const { peer: caster } = await connect("caster", false);
  const row = async (): Promise<Message> => {
    await caster.send({ type: "online" });
    const { clients } = await caster.next("online");
    return clients.find(({ name }: { name: string }) => name === "receiver");
  };
  return { server, peer, caster, row };
}

const FIRST = { stream: 1, position: 0.5 };
const STATE = { type: "state", playing: true, volume: 80, underruns: 0 };

/** Tells a state; what the server says to it. */
async function tell(
  peer: RawPeer,
  state: Record<string, unknown>,
): Promise<string> {
  const before = peer.messages("error").length;
  await peer.send({ ...STATE, ...state });
  await settle();
  return peer.messages("error")[before]?.code ?? "taken";
}

async function controlled(caster: RawPeer, peer: RawPeer): Promise<Message> {
  await caster.send({ type: "control", action: "pause", to: "receiver" });
  return await peer.next("control");
}

Deno.test("state and control are about the latest stream as long as it is heard, also when all of it was sent", async () => {
  const { peer, caster, row } = await setUp();
  await peer.send({ type: "play", song: "a" });
  await peer.next("end");
  assert.equal(await tell(peer, { stream: 1, position: 0.5 }), "taken");
  const { state } = await row();
  assert.deepEqual([state.doing, state.position], ["playing", 0.5]);
  assert.equal((await controlled(caster, peer)).stream, 1);
  await peer.send({ type: "stop", stream: 1 }); // for stop it is over
  assert.equal((await peer.next("error")).code, "stale");
  const over = { stream: 1, position: 2, playing: false };
  assert.equal(await tell(peer, over), "taken");
  assert.deepEqual((await row()).state, { doing: "waiting", volume: 80 });
  assert.equal((await controlled(caster, peer)).stream, undefined);
});

Deno.test("state is about a stream of 0 bytes as about any other", async () => {
  const { peer, row } = await setUp();
  await peer.send({ type: "play", song: "a", offset: FILE.length });
  const { bytes } = await peer.next("start");
  assert.equal(bytes, 0);
  await peer.next("end");
  for (const position of [0, 1]) {
    assert.equal(await tell(peer, { stream: 1, position }), "taken");
    const { state } = await row();
    assert.deepEqual([state.song, state.position], ["a.wav", position]);
  }
});

Deno.test("a stream is over for state when it was stopped, or the next has begun", async () => {
  const { peer } = await setUp();
  const state = { position: 0 };
  assert.equal(await tell(peer, { ...state, stream: 1 }), "stale");
  await peer.send({ type: "play", song: "a" }, { type: "play", song: "a" });
  await settle();
  assert.equal(await tell(peer, { ...state, stream: 1 }), "stale");
  assert.equal(await tell(peer, { ...state, stream: 2 }), "taken");
  await peer.send({ type: "play", song: "a" });
  await peer.send({ type: "stop" });
  await settle();
  assert.equal(await tell(peer, { ...state, stream: 2 }), "stale");
});

Deno.test("a problem is seen at once, and until the next state or stream, whatever plays", async () => {
  const problem = "the player has failed";
  const FAILED = { playing: false, position: 0, problem };
  const seen = async (song: string) => {
    const { peer, caster, row } = await setUp();
    await caster.send({ type: "online", watch: true });
    await caster.next("online");
    await caster.send({ type: "cast", song, to: ["receiver"] });
    await peer.next("start");
    return { peer, caster, row };
  };
  for (const song of ["a", "short"]) { // whose end is as near as its begin
    const { peer, row } = await seen(song);
    assert.equal(await tell(peer, { ...FAILED, stream: 1 }), "taken");
    assert.equal((await row()).state.problem, problem);
    await peer.send({ type: "stop" });
    await settle();
    assert.equal((await row()).state.problem, problem, "after stop");
    await peer.send({ type: "play", song: "a" });
    await settle();
    assert.equal((await row()).state.problem, undefined, "after play");
  }
});

Deno.test("a client that plays nothing reports a problem by stream 0, and its end", async () => {
  const { peer, row } = await setUp();
  const state = { stream: 0, position: 0, playing: false };
  assert.equal(await tell(peer, { ...state, problem: "no device" }), "taken");
  assert.deepEqual((await row()).state, {
    doing: "waiting",
    volume: 80,
    problem: "no device",
  });
  assert.equal(await tell(peer, state), "taken");
  assert.deepEqual((await row()).state, { doing: "waiting", volume: 80 });
  await peer.send({ type: "play", song: "a" });
  await settle();
  assert.equal(await tell(peer, state), "stale");
});

Deno.test("the volume of a receiver is kept while it plays nothing", async () => {
  const { peer, caster, row } = await setUp();
  const volume = async () => (await row()).state.volume;
  const control = async (value: number) => {
    const to = "receiver";
    await caster.send({ type: "control", action: "volume", to, value });
    await settle();
  };
  await control(30);
  assert.equal(await volume(), 30, "controlled while nothing was played yet");
  await peer.send({ type: "pong" });
  await peer.send({ type: "play", song: "a" });
  await peer.next("end");
  assert.equal(await volume(), 30, "at a start");
  await tell(peer, { stream: 1, position: 0, volume: 60 });
  await tell(peer, { stream: 1, position: 2, playing: false, volume: 60 });
  assert.equal(await volume(), 60, "at the end");
  assert.equal(
    await tell(peer, { stream: 0, position: 0, playing: false, volume: 50 }),
    "taken",
  );
  assert.equal(await volume(), 50, "told while nothing is heard any more");
  await peer.send({ type: "play", song: "a" }, { type: "stop" });
  await settle();
  assert.equal(await volume(), 50, "after stop");
});

Deno.test("a volume is shown once it is set, whatever its receiver reports before it has read that", async () => {
  const { server, peer, caster, row } = await setUp();
  const { peer: person } = await server.connectWelcomed({
    hello: { device: "person", features: ["groups"] },
  });
  const shown = async () => {
    await person.send({ type: "groups" });
    const { groups: [{ devices: [{ volume }] }] } = await person.next("groups");
    return [volume, (await row()).state.volume];
  };
  const control = async (value: number) => {
    const to = "receiver";
    await caster.send({ type: "control", action: "volume", to, value });
    await peer.next("control");
    return (await peer.next("ping")).time;
  };
  await peer.send({ type: "play", song: "a" });
  await peer.next("end");
  const report = (volume: number) => tell(peer, { ...FIRST, volume });
  await report(80);
  const first = await control(30);
  const second = await control(40);
  await report(80);
  assert.deepEqual(await shown(), [40, 40], "before it has read anything");
  await peer.send({ type: "pong", time: first });
  await report(30);
  assert.deepEqual(await shown(), [40, 40], "before it has read the second");
  await peer.send({ type: "pong", time: second });
  await report(35);
  assert.deepEqual(await shown(), [35, 35], "changed there");
});

Deno.test("watchers are notified of a problem within 250 ms", async () => {
  const { server, peer, caster } = await setUp();
  await caster.send({ type: "online", watch: true });
  await caster.next("online");
  const problem = "no device";
  await tell(peer, { stream: 0, position: 0, playing: false, problem });
  await server.clock.advance(250);
  const { clients } = await caster.next("online");
  assert.ok(clients.some(({ state }: Message) => state.problem === problem));
});

Deno.test("receive while something plays changes nothing of it", async () => {
  const { server, peer, row } = await setUp();
  await peer.send({ type: "play", song: "a" });
  await peer.next("end");
  await tell(peer, { stream: 1, position: 0.5 });
  for (const on of [false, true]) {
    await server.clock.advance(100);
    await peer.send({ type: "receive", on });
    await peer.next("receiving");
    const { receiving, state } = await row();
    assert.equal(receiving, on);
    assert.deepEqual([state.doing, state.song, state.volume], [
      ...["playing", "a.wav", 80],
    ]);
  }
  assert.equal((await row()).state.position, 0.7);
  assert.equal(peer.messages("stopped").length, 0);
});

Deno.test("watchers are sent the first page, whatever page they asked for", async () => {
  const { server, peer, caster } = await setUp();
  await caster.send({ type: "online", watch: true, limit: 1, after: "z" });
  assert.equal((await caster.next("online")).clients.length, 0);
  await peer.send({ type: "receive", on: false });
  await server.clock.advance(1000);
  const { clients, more, total } = await caster.next("online");
  assert.deepEqual([clients.length, more, total], [2, false, 2]);
});
