import assert from "node:assert/strict";
import { applyGain } from "../../lib/audio/pcm.ts";
import { OndacastError } from "../../lib/errors.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { chunk, fmt, id3, riff } from "../audio/fixtures/riff.ts";
import { settle } from "../support/fake_clock.ts";
import fc from "../support/fast_check.ts";
import {
  MemoryClient,
  type MemoryClientOptions,
} from "../support/memory_client.ts";
import { CD, noise, PHONE, TAGS, wavFile } from "../support/memory_songs.ts";
import { concat } from "../support/raw_peer.ts";

/** A client of a server that has `a.wav`, ten seconds with tags behind. */
function setUp(options: MemoryClientOptions & { seconds?: number } = {}) {
  const client = new MemoryClient(options);
  const pcm = noise((options.seconds ?? 10) * 8000);
  client.server.songs.add("a.wav", wavFile(PHONE, pcm, TAGS));
  const { clock, recorder, server } = client;
  return { client, clock, recorder, server, pcm };
}

/** A song that plays, and its result. */
function begin(client: MemoryClient, song = "a", from?: number) {
  const playback = client.playback(song);
  const done = playback.run(from);
  done.catch(() => {});
  return { playback, done };
}

Deno.test("run() plays a song's PCM and nothing else, and resolves to a summary", async () => {
  for (const realTime of [true, false]) {
    const { client, recorder, pcm } = setUp({ realTime });
    assert.deepEqual(await client.play("A"), {
      song: "a.wav",
      seconds: 10,
      bytes: 80_000,
      underruns: 0,
      reconnects: 0,
      reason: "finished",
    });
    assertBytes(recorder.pcm, pcm);
  }
});

Deno.test("run() plays PCM that lies before its format, from any place", async () => {
  const pcm = [...noise(8000)];
  const phone = { channels: 1, rate: 8000, bits: 8 };
  const file = riff([chunk("data", pcm), fmt(phone)]);
  for (const from of [undefined, 0, 0.25]) {
    const client = new MemoryClient();
    client.server.songs.add("a.wav", Uint8Array.from([...id3(99), ...file]));
    await client.play("a", from);
    assertBytes(
      client.recorder.pcm,
      Uint8Array.from(pcm.slice((from ?? 0) * 8000)),
    );
  }
});

Deno.test("run() opens the player with the speakers of the song", async () => {
  const client = new MemoryClient();
  const four = { channels: 4, validBits: 16, channelMask: 0x107 };
  client.server.songs.add(
    "a.wav",
    riff([fmt(four), chunk("data", [...noise(80)])]),
  );
  await client.play("a");
  assert.equal(client.recorder.opened[0].channelMask, 0x107);
});

Deno.test("run() plays every bit as it is when connections bring bytes in any pieces", async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(sizes, async (sizes) => {
      let i = 0;
      const client = new MemoryClient({
        attempt: () => ({
          toClient: { readBytes: () => sizes[i++ % sizes.length] },
        }),
      });
      const pcm = noise(30_000);
      client.server.songs.add("cd.wav", wavFile(CD, pcm, TAGS));
      await client.play("cd");
      assertBytes(client.recorder.pcm, pcm);
    }),
    { numRuns: 30, examples: [[[1]]] },
  );
});

Deno.test("run() plays from the exact sample frame of a time", async () => {
  const { client, recorder, pcm } = setUp();
  for (const [from, frame] of [[0, 0], [2.5, 20_000], [9.99999, 80_000]]) {
    const before = recorder.pcm.length;
    await client.play("a", from);
    assertBytes(recorder.pcm.slice(before), pcm.slice(frame));
  }
});

Deno.test("run() writes at most 250 ms ahead, without a gap, on a window of 4 s", async () => {
  const { client, recorder, server } = setUp({
    realTime: true,
    windowBytes: 5000,
    seconds: 30,
  });
  await client.play("a");
  const startMs = recorder.writes[0].atMs;
  let written = 0;
  for (const { atMs, pcm } of recorder.writes) {
    const heard = (atMs - startMs) * 8;
    written += pcm.length;
    assert.ok(written - heard <= 2000 + 1, `too early at ${atMs} ms`);
  }
  const { written: sent } = server.connections[0].server.outgoing;
  assert.ok(sent > 240_000);
});

Deno.test("run() has no more under way and in the buffer than its window", async () => {
  const { client, clock } = setUp({
    realTime: true,
    windowBytes: 5000,
    seconds: 60,
  });
  const { playback, done } = begin(client);
  playback.pause();
  await clock.advance(5000);
  // 5,000 bytes at first, 4 s once the format is known; the header counts.
  const { bufferedSeconds } = playback.state!;
  assert.ok(bufferedSeconds > 3 && bufferedSeconds <= 4, `${bufferedSeconds}`);
  playback.skip();
  await clock.runUntil(done);
});

Deno.test("run() rejects with the server's error when there is no such song, and the link can still be used", async () => {
  const { client, recorder, pcm } = setUp();
  await assert.rejects(client.play("nothing"), { code: "not-found" });
  await client.play("a");
  assertBytes(recorder.pcm, pcm);
});

Deno.test("run() plays one song after the other on one connection and one player", async () => {
  const { client, recorder, server, pcm } = setUp({ realTime: true });
  const other = noise(16_000, 7);
  server.songs.add("b.wav", wavFile(PHONE, other));
  await client.play("a");
  await client.play("b");
  assertBytes(recorder.pcm, concat([pcm, other]));
  assert.equal(server.connections.length, 1);
  assert.deepEqual(recorder.events, ["open"]);
});

Deno.test("started is called once, with the player's name", async () => {
  const { client, clock } = setUp({ realTime: true });
  const playback = client.playback("a");
  const seen: string[] = [];
  playback.listen({
    started: ({ song }, player) => seen.push(`${song} on ${player}`),
  });
  assert.equal(playback.state, null);
  await clock.runUntil(playback.run());
  assert.deepEqual(seen, ["a.wav on recorder"]);
});

Deno.test("state has what is heard by now", async () => {
  const { client, clock } = setUp({ realTime: true });
  const { playback, done } = begin(client);
  await clock.advance(3000);
  const state = playback.state!;
  assert.ok(Math.abs(state.positionSeconds - 3) < 0.001);
  assert.equal(state.lengthSeconds, 10);
  assert.equal(state.song, "a.wav");
  assert.equal(state.paused, false);
  playback.seek(7);
  await clock.advance(1000);
  assert.ok(Math.abs(playback.state!.positionSeconds - 7.75) <= 0.26);
  await clock.runUntil(done);
});

Deno.test("pause() and resume() lose and repeat nothing, however long they last", async () => {
  const pauses = fc.array(fc.tuple(fc.nat(1500), fc.nat(30_000)), {
    maxLength: 5,
  });
  await fc.assert(
    fc.asyncProperty(pauses, async (pauses) => {
      const { client, clock, recorder, pcm } = setUp({
        realTime: true,
        windowBytes: 3000,
      });
      const { playback, done } = begin(client);
      for (const [playMs, pauseMs] of pauses) {
        await clock.advance(playMs);
        playback.pause();
        const before = recorder.pcm.length;
        await clock.advance(pauseMs);
        assert.equal(recorder.pcm.length, before);
        playback.resume();
      }
      const { underruns } = await clock.runUntil(done);
      assertBytes(recorder.pcm, pcm);
      assert.equal(underruns, 0);
    }),
    { numRuns: 20 },
  );
});

Deno.test("seek() continues at the exact sample frame, and nothing else is written", async () => {
  const { client, clock, recorder, pcm } = setUp({ realTime: true });
  const { playback, done } = begin(client);
  let expected = new Uint8Array(0);
  let from = 0;
  let before = 0;
  for (const seconds of [5, 0.12345, 9, -3, 3.3333]) {
    await clock.advance(700);
    const written = recorder.pcm.length - before;
    expected = concat([expected, pcm.slice(from, from + written)]);
    before = recorder.pcm.length;
    playback.seek(seconds);
    from = Math.round(Math.max(0, seconds) * 8000);
  }
  await clock.runUntil(done);
  assertBytes(recorder.pcm, concat([expected, pcm.slice(from)]));
});

Deno.test("seek() writes whole sample frames before and after, whatever pieces come", async () => {
  const client = new MemoryClient({
    attempt: () => ({ toClient: { readBytes: () => 777 } }),
  });
  const pcm = noise(40_000);
  client.server.songs.add("cd.wav", wavFile(CD, pcm));
  const { playback, done } = begin(client, "cd");
  const { recorder, clock } = client;
  while (recorder.writes.length === 0) await settle();
  playback.seek(0.1);
  await clock.runUntil(done);
  for (const { pcm } of recorder.writes) assert.equal(pcm.length % 4, 0);
  assertBytes(recorder.pcm.slice(-(pcm.length - 17_640)), pcm.slice(17_640));
});

Deno.test("seek() to the end or beyond ends the song", async () => {
  for (const seconds of [10, 1000, Infinity]) {
    const { client, clock, recorder } = setUp({ realTime: true });
    const { playback, done } = begin(client);
    await clock.advance(1000);
    const before = recorder.pcm.length;
    playback.seek(seconds);
    await clock.runUntil(done);
    assert.equal(recorder.pcm.length, before);
    assert.ok(clock.now() < 2000);
  }
});

Deno.test("seek() while paused stays paused, at the new place", async () => {
  const { client, clock, recorder, pcm } = setUp({ realTime: true });
  const { playback, done } = begin(client);
  await clock.advance(1000);
  playback.pause();
  const before = recorder.pcm.length;
  playback.seek(5);
  await clock.advance(5000);
  assert.equal(recorder.pcm.length, before);
  playback.resume();
  await clock.runUntil(done);
  assertBytes(recorder.pcm.slice(before), pcm.slice(40_000));
});

Deno.test("seek() is seen in the state at once, before the server has answered", async () => {
  const { client, clock } = setUp({ realTime: true });
  const { playback, done } = begin(client);
  await clock.advance(1000);
  for (const [seconds, place] of [[7, 7], [2, 2], [-3, 0], [99, 10], [5, 5]]) {
    playback.seek(seconds);
    assert.equal(playback.state?.positionSeconds, place);
  }
  // What the player has of the place before is heard first.
  for (let i = 0; i < 7; i++) await clock.advance(100);
  assert.equal(playback.state?.positionSeconds, 5.5);
  await clock.runUntil(done);
});

Deno.test("a hundred seeks lose no credit: the song plays on without a stall", async () => {
  for (const pieces of [1 << 16, 100]) {
    const { client, clock, recorder, pcm } = setUp({
      realTime: true,
      windowBytes: 1000,
      attempt: () => ({ toClient: { readBytes: () => pieces } }),
    });
    const { playback, done } = begin(client);
    await clock.advance(100);
    for (let i = 0; i < 100; i++) {
      playback.seek(i % 10);
      if (i % 3 > 0) await clock.advance(i % 3 * 37);
    }
    const before = recorder.pcm.length;
    playback.seek(1);
    const { underruns } = await clock.runUntil(done, 12_000);
    assertBytes(recorder.pcm.slice(before), pcm.slice(8000));
    assert.equal(underruns, 0);
  }
});

Deno.test("seek() counts no gap while the server's answer is on its way", async () => {
  const { client, clock, server } = setUp({ realTime: true });
  const { playback, done } = begin(client);
  await clock.advance(1000);
  const { incoming } = server.connections[0].client;
  incoming.held = true;
  playback.seek(5);
  await clock.advance(800);
  incoming.held = false;
  assert.equal((await clock.runUntil(done)).underruns, 0);
});

Deno.test("a stall on the way is one gap, and no byte is lost", async () => {
  const { client, clock, server, recorder, pcm } = setUp({
    realTime: true,
    windowBytes: 8000,
    seconds: 20,
  });
  const { done, playback } = begin(client);
  await clock.advance(1000);
  const { incoming } = server.connections[0].client;
  incoming.held = true;
  await clock.advance(7000);
  incoming.held = false;
  await clock.advance(1000);
  const [{ state }] = server.hub.presence.page({}, clock.now()).rows;
  const { positionSeconds } = playback.state!;
  assert.ok(
    Math.abs(state.position! - positionSeconds) < 0.3,
    `${state.position} is seen, ${positionSeconds} heard`,
  );
  assert.equal((await clock.runUntil(done)).underruns, 1);
  assertBytes(recorder.pcm, pcm);
});

Deno.test("skip() ends the song, and data still in transit is not heard in the next", async () => {
  const { client, clock, server, recorder } = setUp({ realTime: true });
  const other = noise(16_000, 7);
  server.songs.add("b.wav", wavFile(PHONE, other));
  const { playback, done } = begin(client);
  await clock.advance(1000);
  server.connections[0].client.incoming.held = true;
  playback.skip();
  await clock.runUntil(done);
  assert.equal(playback.skipped, true);
  const before = recorder.pcm.length;
  const next = begin(client, "b");
  await clock.advance(100);
  server.connections[0].client.incoming.held = false;
  await clock.runUntil(next.done);
  assertBytes(recorder.pcm.slice(before), other);
});

Deno.test("seek() and skip() at once leave the next song alone", async () => {
  const { client, clock, server, recorder } = setUp({ realTime: true });
  const other = noise(16_000, 7);
  server.songs.add("b.wav", wavFile(PHONE, other));
  const { playback, done } = begin(client);
  await clock.advance(1000);
  server.connections[0].client.incoming.held = true;
  playback.seek(5);
  playback.skip();
  await clock.runUntil(done);
  const before = recorder.pcm.length;
  const next = begin(client, "b");
  await clock.advance(100);
  server.connections[0].client.incoming.held = false;
  const summary = await clock.runUntil(next.done);
  assertBytes(recorder.pcm.slice(before), other);
  assert.equal(summary.bytes, other.length);
});

Deno.test("volume turns the PCM down, and stays within 0 to 100", async () => {
  const { client, clock, recorder } = setUp();
  const playback = client.playback("a");
  for (const [set, is] of [[150, 100], [-5, 0], [0, 0]]) {
    playback.volume = set;
    assert.equal(playback.volume, is);
  }
  await clock.runUntil(playback.run());
  assertBytes(recorder.pcm, new Uint8Array(80_000).fill(0x80));
});

Deno.test("run() applies the gain of a song and the volume together", async () => {
  const { client, clock, recorder } = setUp();
  const pcm = noise(80_000);
  const playback = client.playback("a");
  playback.gain = 0.5;
  playback.volume = 50;
  await clock.runUntil(playback.run());
  applyGain(PHONE, pcm, 0.25);
  assertBytes(recorder.pcm, pcm);
});

Deno.test("run() rejects with interrupted at once, and accepts no further data", async () => {
  const { client, clock, recorder } = setUp({ realTime: true });
  const { done } = begin(client);
  await clock.advance(1000);
  client.interrupt();
  await assert.rejects(done, { code: "interrupted" });
  const before = recorder.pcm.length;
  await clock.advance(5000);
  assert.equal(recorder.pcm.length, before);
});

Deno.test("run() rejects with player-failed when the player dies", async () => {
  const { client, clock, recorder } = setUp({ realTime: true });
  const { done } = begin(client);
  await clock.advance(1000);
  recorder.fail(new OndacastError("player-failed", "Cannot play"));
  await assert.rejects(clock.runUntil(done), { code: "player-failed" });
});

Deno.test("a song that changes while it plays rejects with changed, and can be played again", async () => {
  const { client, clock, server, recorder } = setUp({
    realTime: true,
    windowBytes: 1000,
    seconds: 20,
  });
  const { done } = begin(client);
  await clock.advance(2000);
  const other = noise(8000, 5);
  server.songs.add("a.wav", wavFile(PHONE, other));
  await assert.rejects(clock.runUntil(done), { code: "changed" });
  const before = recorder.pcm.length;
  await client.play("a");
  assertBytes(recorder.pcm.slice(before), other);
});

Deno.test("seek() in a song that has changed goes on in its new content", async () => {
  const { client, clock, server, recorder } = setUp({ realTime: true });
  const { playback, done } = begin(client);
  await clock.advance(1000);
  const other = noise(5 * PHONE.rate, 5);
  server.songs.add("a.wav", wavFile(PHONE, other));
  playback.seek(3);
  await clock.runUntil(done);
  assertBytes(recorder.pcm.slice(-2 * PHONE.rate), other.slice(3 * PHONE.rate));
});

Deno.test("a new playback has no state and plays nothing by itself", async () => {
  const { client, clock, recorder, server } = setUp();
  const playback = client.playback("a");
  playback.seek(5);
  playback.pause();
  await clock.advance(1000);
  assert.equal(playback.state, null);
  assert.deepEqual(recorder.events, []);
  assert.equal(server.connections.length, 0);
});
