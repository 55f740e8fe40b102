import assert from "node:assert/strict";
import { settle } from "../support/fake_clock.ts";
import { KeptInMemory } from "../support/kept_in_memory.ts";
import {
  device,
  END,
  FEATURES,
  LIVE,
  liveServer,
  receivers,
  speak,
} from "../support/live_server.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";
import { MemoryServer } from "../support/memory_server.ts";
import { dataFrame, type Message, type RawPeer } from "../support/raw_peer.ts";

/** A receiver on which the live song plays, and then another. */
async function room() {
  const it = await liveServer();
  it.server.songs.add("after.wav", wavFile(PHONE, noise(80_000)));
  const { peers: [peer], to: [key] } = await receivers(it, [2]);
  await speak(it, noise(4_000));
  const songs = ["live/mic", "after.wav"];
  await peer.send({ type: "queue", to: key, songs });
  const start = await peer.next("start");
  return { ...it, peer, key, start };
}

Deno.test("the next song of a queue follows a live one without a gap", async () => {
  const it = await room();
  assert.deepEqual([it.start.song, it.start.bytes], ["live/mic", null]);
  await it.sender.write(END);
  await it.server.sweepFor(1_000);
  const { song, follows } = await it.peer.next("start");
  assert.deepEqual([song, follows], ["after.wav", it.start.stream]);
});

Deno.test("a live song whose sender vanishes is passed over", async () => {
  const it = await room();
  it.client.close();
  await it.server.sweepFor(11_000);
  assert.equal((await it.peer.next("start")).song, "after.wav");
});

Deno.test("a live song that was paused is joined anew", async () => {
  const it = await room();
  const control = { type: "control", to: it.key };
  await it.peer.send({ ...control, action: "pause" });
  await it.peer.next("stopped");
  await speak(it, noise(8_000));
  await it.peer.send({ ...control, action: "resume" });
  const { offset } = await it.peer.next("start");
  assert.equal(offset, 44 + 12_000 - 800);
});

Deno.test("a group's line follows a sender that is slow", async () => {
  const it = await liveServer();
  const { peers, to } = await receivers(it, [2, 3]);
  const [peer] = peers;
  await speak(it, noise(4_000));
  await peer.send({ type: "queue", to, songs: ["live/mic"] });
  await peer.next("line");
  // 200 ppm: 400 frames in 50.01 ms.
  for (let i = 0; i < 1_200; i++) {
    await it.sender.write(dataFrame(noise(400)));
    await it.server.clock.advance(50.01);
    if (i % 10 === 0) it.server.hub.sweep();
    if (i % 100 > 0) continue;
    for (const each of peers) await each.send({ type: "pong" });
  }
  await settle();
  const lines = peer.messages("line");
  const begin = ({ frame, at }: Message) => at - frame / 8_000 * 1e6;
  const moved = begin(lines.at(-1)!) - begin(lines[0]);
  assert.ok(Math.abs(moved - 12_000) < 500, `${moved}`);
});

/** When sample frame 0 of the song sounds by a `line` of its latest stream. */
function zeroUs(peer: RawPeer): number {
  const { stream, frame, at } = peer.messages("line").at(-1)!;
  const start = peer.messages("start").find((it) => it.stream === stream)!;
  const first = Math.max(0, start.offset - start.format.dataOffset);
  return at - (first + frame) / 8_000 * 1e6;
}

/** Lets time pass in which all but the sender are heard of. */
async function pass(
  { server }: { server: MemoryServer },
  peers: readonly RawPeer[],
  seconds: number,
) {
  for (let ms = 0; ms < seconds * 1000; ms += 500) {
    await server.clock.advance(500);
    for (const peer of peers) await peer.send({ type: "pong" });
    server.hub.sweep();
  }
  await settle();
}

for (const before of [0, 400]) {
  Deno.test(`a line waits for a sender that has sent ${before} bytes and says nothing`, async () => {
    const it = await liveServer();
    const { peers, to } = await receivers(it, [2, 3]);
    const [peer] = peers;
    await speak(it, noise(before));
    await peer.send({ type: "queue", to, songs: ["live/mic"] });
    await peer.next("line");
    const nowUs = it.server.clock.now() * 1000;
    const behindUs = zeroUs(peer) + before / 8_000 * 1e6 - nowUs;
    await pass(it, [...peers, it.sender], 5);
    const beganUs = it.server.clock.now() * 1000;
    for (let i = 0; i < 10; i++) {
      await speak(it, noise(4_000));
      await pass(it, [...peers, it.sender], 0);
      it.server.hub.sweep();
    }
    await settle();
    const cameUs = beganUs - before / 8_000 * 1e6;
    const offUs = zeroUs(peer) - cameUs - behindUs;
    assert.ok(Math.abs(offUs) < 100_000, `${offUs} us off ${behindUs}`);
  });
}

Deno.test("a line leaves a device that plays as much time as it needs", async () => {
  const it = await liveServer();
  const { peers, to } = await receivers(it, [2, 3]);
  const [peer, slow] = peers;
  await speak(it, noise(4_000));
  await peer.send({ type: "queue", to, songs: ["live/mic"] });
  const { stream } = await slow.next("start");
  await slow.next("line");
  const before = zeroUs(slow);
  const state = { type: "state", stream, position: 0, playing: true };
  const step = { errorUs: 0, grade: "exact", rttUs: 100, leadMs: 1_400 };
  for (let i = 0; i < 10; i++) {
    await speak(it, noise(4_000));
    await slow.send({ ...state, volume: 100, underruns: 0, step });
    await settle();
    it.server.hub.sweep();
  }
  await settle();
  // It began for cold players, 1.1 s later, with what had come 0.15 s before.
  assert.equal(Math.round((zeroUs(slow) - before) / 1000), 1_600 - 1_250);
});

Deno.test("a live song is joined when it is due, not before", async () => {
  const it = await liveServer();
  it.server.songs.add("before.wav", wavFile(PHONE, noise(16_000)));
  const { peers, to } = await receivers(it, [2, 3]);
  const [peer] = peers;
  await speak(it, noise(4_000));
  const songs = ["before.wav", "live/mic"];
  await peer.send({ type: "queue", to, songs });
  await peer.next("start");
  for (let i = 0; i < 10; i++) {
    await speak(it, noise(4_000));
    it.server.hub.sweep();
  }
  await settle();
  const start = peer.messages("start").at(-1)!;
  assert.deepEqual([start.song, "follows" in start], ["live/mic", false]);
  const edge = 44 + 44_000;
  assert.ok(start.offset > edge - 16_000, `${start.offset} of ${edge}`);
});

Deno.test("a device that is left alone with a live song is sent it without a line", async () => {
  const it = await liveServer();
  const { peers, to } = await receivers(it, [2, 3]);
  const [peer] = peers;
  await speak(it, noise(4_000));
  await peer.send({ type: "queue", to, songs: ["live/mic"] });
  const { stream } = await peer.next("start");
  await speak(it, noise(8_000));
  await peer.send({ type: "ungroup", devices: [to[1]] });
  await peer.next("grouped");
  await settle();
  const starts = peers.map((each) => each.messages("start"));
  const anew = starts.flat().filter((start) => start.stream > stream);
  assert.deepEqual(anew.map(({ group }) => group), [to[0]]);
  const lines = peers.flatMap((each) => each.messages("line"));
  assert.ok(lines.every((line) => line.stream === stream));
});

Deno.test("a device alone that claims to be far behind is sent the song anew once in a while", async () => {
  const it = await room();
  for (let i = 0; i < 20; i++) {
    await it.peer.send({
      ...{ type: "state", stream: it.start.stream, position: 0 },
      ...{ playing: true, volume: 100, underruns: 0 },
    });
    await speak(it, noise(4_000));
    it.server.hub.sweep();
  }
  await settle();
  const { length } = it.peer.messages("start");
  assert.ok(length < 25, `${length} starts`);
});

for (const ppm of [100, -100]) {
  Deno.test(`an hour of a sender at ${ppm} ppm: its group stays as far behind as it was`, async () => {
    const it = await liveServer();
    const { peers, to } = await receivers(it, [2, 3], 1 << 25);
    const [peer] = peers;
    await speak(it, noise(4_000));
    await peer.send({ type: "queue", to, songs: ["live/mic"] });
    let line = await peer.next("line");
    const pieceMs = 200;
    const piece = noise(8 * pieceMs);
    const behind: number[] = [];
    for (let i = 0; i < 3600_000 / pieceMs; i++) {
      await it.server.clock.advance(pieceMs / (1 + ppm / 1e6));
      await it.sender.write(dataFrame(piece));
      await settle();
      if (i % 5 === 0) it.server.hub.sweep();
      if (i % 50 > 0) continue;
      for (const each of peers) await each.send({ type: "pong" });
      await it.sender.send({ type: "pong" });
      await settle();
      line = peer.messages("line").at(-1) ?? line;
      const due = line.frame +
        (it.server.clock.now() * 1000 - line.at) * 8_000 / 1e6;
      behind.push((i + 1) * pieceMs / 1000 - due / 8_000);
    }
    // The first minute is the one over which its rate is estimated.
    const estimated = behind.slice(60_000 / pieceMs / 50);
    const spread = Math.max(...estimated) - Math.min(...estimated);
    assert.ok(spread < 0.001, `${spread} of ${behind[0]}`);
    assert.equal(peer.messages("stopped").length, 0);
  });
}

for (const numbers of [[2], [2, 3]]) {
  Deno.test(`${numbers.length} of a live song go on when the server has started again, and its sender is back`, async () => {
    const store = new KeptInMemory();
    const before = await liveServer({ store });
    const first = await receivers(before, numbers);
    await speak(before, noise(4_000));
    const songs = ["live/mic"];
    await first.peers[0].send({ type: "queue", to: first.to, songs });
    await first.peers[0].next("start");
    await before.server.sweepFor(2_000);
    const server = new MemoryServer({ store });
    await server.hub.groups.load();
    const { peers } = await receivers({ server }, numbers);
    await server.sweepFor(4_000);
    const { peer } = await server.connectWelcomed({
      hello: { device: device(1), features: FEATURES },
    });
    await peer.send(LIVE);
    await peer.next("ready");
    await server.sweepFor(1_000);
    for (const it of peers) {
      assert.deepEqual(it.messages("start").map(({ song }) => song), songs);
    }
  });
}

Deno.test("a live song whose sender is not back in ten seconds after the start is passed over", async () => {
  const store = new KeptInMemory();
  const before = await liveServer({ store });
  const { peers: [first], to } = await receivers(before, [2]);
  await speak(before, noise(4_000));
  const songs = ["live/mic", "live/taken.wav"];
  await first.send({ type: "queue", to, songs });
  await first.next("start");
  await before.server.sweepFor(2_000);
  const server = new MemoryServer({ store });
  server.songs.add("live/taken.wav", wavFile(PHONE, noise(8_000)));
  await server.hub.groups.load();
  const { peers: [peer] } = await receivers({ server }, [2]);
  await server.sweepFor(9_000);
  assert.deepEqual(peer.messages("start"), []);
  await server.sweepFor(2_000);
  assert.equal((await peer.next("start")).song, "live/taken.wav");
});
