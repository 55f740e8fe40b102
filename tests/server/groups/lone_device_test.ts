import assert from "node:assert/strict";
import { settle } from "../../support/fake_clock.ts";
import { GroupDevice } from "../../support/group_device.ts";
import { MemoryServer } from "../../support/memory_server.ts";
import { noise, PHONE, wavFile } from "../../support/memory_songs.ts";

/** A server with songs of 30 s, and a client that commands. */
async function setUp() {
  const server = new MemoryServer({ maxClients: 100 });
  for (const [i, name] of ["a", "b", "c"].entries()) {
    server.songs.add(`${name}.wav`, wavFile(PHONE, noise(240_000, i + 1)));
  }
  const { peer } = await server.connectWelcomed({
    hello: { device: "person", name: "person", features: ["groups"] },
  });
  let id = 0;
  const ask = async (message: Record<string, unknown>) => {
    await peer.send({ ...message, id: ++id });
    await settle();
    await settle();
    const answer = peer.messages().find(({ re }) => re === id);
    assert.ok(answer, `no answer to ${message.type}`);
    return answer;
  };
  return { server, ask };
}

Deno.test("a device alone plays its queue in a row, each song at most 15 s before its time", async () => {
  const { server, ask } = await setUp();
  const kitchen = await GroupDevice.open(server, "kitchen");
  const queued = await ask({ type: "queue", to: "kitchen", songs: ["a", "b"] });
  assert.deepEqual(
    [queued.type, queued.group, queued.entry, queued.songs],
    ["queued", kitchen.key, 1, 2],
  );
  kitchen.look();
  assert.deepEqual(kitchen.log, ["start 1 a.wav"]);
  const state = { type: "state", playing: true, volume: 100, underruns: 0 };
  for (let position = 0; position < 15; position++) {
    await kitchen.peer.send({ ...state, stream: 1, position });
    await server.sweepFor(1000);
  }
  kitchen.look();
  assert.deepEqual(kitchen.log, ["start 1 a.wav"]);
  await kitchen.peer.send({ ...state, stream: 1, position: 16.5 });
  await server.sweepFor(1000);
  kitchen.look();
  assert.deepEqual(kitchen.log, ["start 1 a.wav", "start 2 b.wav follows 1"]);
  await server.sweepFor(14_000);
  await kitchen.peer.send({ ...state, stream: 2, position: 1 });
  await settle();
  assert.equal(server.hub.groups.get(kitchen.key).queue.playing?.entry, 2);
});

Deno.test("a device alone is asked to pause and resume, and started for all else", async () => {
  const { server, ask } = await setUp();
  const kitchen = await GroupDevice.open(server, "kitchen");
  await ask({ type: "queue", to: "kitchen", songs: ["a", "b", "c"] });
  const control = async (action: string, value?: unknown) => {
    const { type } = await ask({
      ...{ type: "control", to: "kitchen", action },
      ...(value !== undefined && { value }),
    });
    assert.equal(type, "controlled");
    kitchen.look();
    return kitchen.log.splice(0);
  };
  kitchen.look();
  assert.deepEqual(kitchen.log.splice(0), ["start 1 a.wav"]);
  assert.deepEqual(await control("pause"), ["pause"]);
  assert.deepEqual(await control("resume"), ["resume"]);
  assert.deepEqual(await control("seek", 10), ["start 2 a.wav from 80000"]);
  assert.deepEqual(await control("next"), ["start 3 b.wav"]);
  assert.deepEqual(await control("previous"), ["start 4 a.wav"]);
  assert.deepEqual(await control("jump", 3), ["start 5 c.wav"]);
  assert.deepEqual(await control("next"), ["stopped 5"]);
  assert.deepEqual(await control("resume"), ["start 6 a.wav"]);
  assert.deepEqual(await control("mute", true), ["mute true"]);
  assert.deepEqual(await control("delay", -20), ["delay -20"]);
  assert.deepEqual(await control("stop"), ["stopped 6"]);
});

for (
  const { sentMs, playing } of [
    { sentMs: 0, playing: true }, // before it was asked to pause
    { sentMs: 2000, playing: false },
  ]
) {
  Deno.test(`a device that reports playing: ${playing} before it is asked to resume is asked all the same`, async () => {
    const { server, ask } = await setUp();
    const kitchen = await GroupDevice.open(server, "kitchen");
    await ask({ type: "queue", to: "kitchen", songs: ["a"] });
    await ask({ type: "control", to: "kitchen", action: "pause" });
    kitchen.look();
    assert.deepEqual(kitchen.log.splice(0), ["start 1 a.wav", "pause"]);

    // as while messages wait to be written to it
    const group = server.hub.groups.get(kitchen.key);
    const [{ link }] = group.devices;
    const held: (() => void)[] = [];
    const post = link!.post.bind(link);
    link!.post = (_, deliver) => held.push(deliver);
    await server.clock.advance(sentMs);
    await ask({ type: "control", to: "kitchen", action: "resume" });
    const state = { position: 1, playing, volume: 100, underruns: 0 };
    await kitchen.peer.send({ type: "state", stream: 1, ...state });
    await settle();
    link!.post = post;
    for (const deliver of held) deliver();
    await settle();
    kitchen.look();
    assert.deepEqual(kitchen.log, ["resume"]);
    assert.equal(group.playback.state, "playing");
  });
}
