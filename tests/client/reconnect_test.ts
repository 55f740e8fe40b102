import assert from "node:assert/strict";
import { Link } from "../../lib/client/link.ts";
import { Output } from "../../lib/client/output.ts";
import { songPlayback } from "../../lib/client/song_playback.ts";
import { OndacastError } from "../../lib/errors.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import fc from "../support/fast_check.ts";
import {
  IDENTITY,
  MemoryClient,
  type MemoryClientOptions,
  RawServer,
  WELCOME,
} from "../support/memory_client.ts";
import { noise, PHONE, TAGS, wavFile } from "../support/memory_songs.ts";
import { concat, dataFrame, messageFrame } from "../support/raw_peer.ts";
import { MemoryCache } from "../support/memory_cache.ts";
import { Recorder } from "../support/recording_sink.ts";

const GONE = new OndacastError("unreachable", "Cannot reach it");

/** A client under way with `a.wav`, ten seconds of it by default. */
function setUp(options: MemoryClientOptions & { seconds?: number } = {}) {
  const client = new MemoryClient({ realTime: true, ...options });
  const pcm = noise((options.seconds ?? 10) * 8000);
  client.server.songs.add("a.wav", wavFile(PHONE, pcm, TAGS));
  const playback = client.playback("a");
  const done = playback.run();
  done.catch(() => {});
  const { clock, recorder, server } = client;
  const cut = () => server.connections.at(-1)!.cut();
  return { client, clock, recorder, server, pcm, playback, done, cut };
}

Deno.test("a lost connection is replaced, and the song continues at the very next sample", async () => {
  const { clock, recorder, pcm, done, cut, server } = setUp({
    windowBytes: 8000,
  });
  await clock.advance(2000);
  cut();
  const summary = await clock.runUntil(done);
  assertBytes(recorder.pcm, pcm);
  assert.deepEqual([summary.reconnects, summary.underruns], [1, 0]);
  assert.equal(server.connections.length, 2);
});

Deno.test("wherever connections are cut, the song comes to the sample", async () => {
  const cuts = fc.array(fc.integer({ min: 400, max: 60_000 }), {
    minLength: 1,
    maxLength: 6,
  });
  const window = fc.constantFrom(300, 5000, 1 << 20);
  await fc.assert(
    fc.asyncProperty(
      cuts,
      window,
      fc.boolean(),
      async (cuts, windowBytes, realTime) => {
        // The welcome takes 600 bytes or so: the first one must come through,
        // as nothing is tried again before the song has begun.
        const { clock, recorder, pcm, done } = setUp({
          realTime,
          windowBytes,
          attempt: (number) =>
            number < cuts.length
              ? {
                toClient: {
                  cutAfterBytes: cuts[number] + (number === 0 ? 2000 : 0),
                },
              }
              : {},
        });
        const summary = await clock.runUntil(done);
        assertBytes(recorder.pcm, pcm);
        assert.ok(summary.reconnects <= cuts.length);
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("a second connection that is cut at any byte of its first 2,000 does no harm", async () => {
  for (let cutAfterBytes = 1; cutAfterBytes < 2000; cutAfterBytes += 13) {
    const { clock, recorder, pcm, done } = setUp({
      realTime: false,
      attempt: (number) =>
        [{ toClient: { cutAfterBytes: 20_000 } }, {
          toClient: { cutAfterBytes },
        }][
          number
        ] ?? {},
    });
    await clock.runUntil(done, 70_000);
    assertBytes(recorder.pcm, pcm, `cut at ${cutAfterBytes}:`);
  }
});

Deno.test("the buffer plays on while the server is away, and one gap is heard if that is too long", async () => {
  const table: [attempts: number, awaySeconds: number, gaps: number][] = [
    [3, 3.75, 0],
    [4, 7.75, 1],
  ];
  for (const [attempts, awaySeconds, gaps] of table) {
    const { clock, recorder, pcm, done, cut } = setUp({
      attempt: (number) => number > 0 && number <= attempts ? GONE : {},
      windowBytes: 1000,
    });
    await clock.advance(1000);
    cut();
    await clock.advance(2500); // of the four seconds in the buffer
    assert.ok(recorder.pcm.length >= 3500 * 8);
    const { underruns } = await clock.runUntil(done);
    assert.equal(underruns, gaps, `away for ${awaySeconds} s`);
    assertBytes(recorder.pcm, pcm);
  }
});

Deno.test("others see what is heard of a full buffer after each reconnect, before more is requested", async () => {
  const { clock, recorder, pcm, playback, done, cut, server } = setUp({
    seconds: 30,
    windowBytes: 30_000,
  });
  const seen = () => server.hub.presence.page({}, clock.now()).rows[0]?.state;
  await clock.advance(500);
  playback.pause();
  for (let i = 0; i < 3; i++) {
    cut();
    await clock.advance(2000);
    assert.equal(seen()?.doing, "paused", `cut ${i + 1} times`);
  }
  playback.resume();
  await clock.advance(1000);
  assert.equal(seen().doing, "playing");
  const { positionSeconds } = playback.state!;
  assert.ok(Math.abs(seen().position! - positionSeconds) < 0.3);
  await clock.runUntil(done);
  assertBytes(recorder.pcm, pcm);
});

Deno.test("skip() while a full buffer is played is seen by others", async () => {
  const { clock, playback, done, cut, server } = setUp({
    seconds: 30,
    windowBytes: 30_000,
  });
  await clock.advance(500);
  playback.pause();
  for (let i = 0; i < 3; i++) {
    cut();
    await clock.advance(2000);
  }
  playback.skip();
  await clock.runUntil(done, 0);
  await clock.advance(1000);
  const [{ activity }] = server.hub.presence.named("kitchen");
  assert.deepEqual(activity, { doing: "idle" });
});

Deno.test("a song that was received whole is played to its end without the server", async () => {
  const { clock, recorder, pcm, done, cut, server } = setUp();
  await clock.advance(1000);
  cut();
  assert.equal((await clock.runUntil(done)).reconnects, 0);
  assertBytes(recorder.pcm, pcm);
  assert.equal(server.connections.length, 1);
});

Deno.test("seek() after the song was received whole and the server lost asks again", async () => {
  const { clock, recorder, pcm, playback, done, cut } = setUp();
  await clock.advance(1000);
  cut();
  await clock.advance(1000);
  const before = recorder.pcm.length;
  playback.seek(8);
  await clock.runUntil(done, 60_000);
  assertBytes(recorder.pcm.slice(before), pcm.slice(64_000));
});

Deno.test("seek() while the server is away continues there once it is back, on one connection", async () => {
  for (const ms of [0, 100, 260]) {
    const { clock, recorder, pcm, playback, done, cut, server } = setUp({
      windowBytes: 8000,
      attempt: (number) => number === 1 ? GONE : {},
    });
    await clock.advance(1000);
    cut();
    await clock.advance(ms);
    const before = recorder.pcm.length;
    playback.seek(6);
    playback.seek(8);
    const { reconnects } = await clock.runUntil(done);
    assertBytes(recorder.pcm.slice(before), pcm.slice(64_000));
    assert.equal(server.connections.length, 2, `${ms} ms`);
    assert.equal(reconnects, 1, `${ms} ms`);
  }
});

Deno.test("pause() while the server is away stays paused once it is back", async () => {
  const { clock, recorder, pcm, playback, done, cut } = setUp({
    windowBytes: 8000,
  });
  await clock.advance(1000);
  cut();
  playback.pause();
  const before = recorder.pcm.length;
  await clock.advance(10_000);
  assert.equal(recorder.pcm.length, before);
  playback.resume();
  await clock.runUntil(done);
  assertBytes(recorder.pcm, pcm);
});

Deno.test("a song that changed while the server was away goes on at the same second", async () => {
  const { clock, recorder, pcm, done, cut, server } = setUp({
    windowBytes: 8000,
  });
  await clock.advance(1000);
  const other = noise(60_000, 5);
  server.songs.add("a.wav", wavFile(PHONE, other));
  cut();
  await clock.runUntil(done);
  const { length } = recorder.pcm;
  const before = recorder.pcm.findIndex((byte, i) => byte !== pcm[i]);
  assertBytes(recorder.pcm.slice(before), other.slice(before - length));
  const repeated = length - other.length;
  assert.ok(repeated >= 0 && repeated <= PHONE.rate / 5, `${repeated} bytes`);
});

Deno.test("a server that stays away for a minute ends the song", async () => {
  const { clock, done, cut } = setUp({
    windowBytes: 8000,
    attempt: (number) => number > 0 ? GONE : {},
  });
  await clock.advance(1000);
  cut();
  await assert.rejects(clock.runUntil(done), { code: "unreachable" });
  assert.ok(clock.now() > 56_000 && clock.now() < 66_000);
});

Deno.test("skip() while the server is away leaves the next song alone", async () => {
  const { client, clock, recorder, playback, done, cut, server } = setUp({
    windowBytes: 8000,
  });
  const other = noise(40_000, 7);
  server.songs.add("b.wav", wavFile(PHONE, other));
  await clock.advance(1000);
  cut();
  await settle();
  playback.skip();
  await clock.runUntil(done);
  const before = recorder.pcm.length;
  const summary = await client.play("b");
  assertBytes(recorder.pcm.slice(before), other);
  assert.equal(summary.bytes, other.length);
});

Deno.test("replaced ends the song, without another connection", async () => {
  const { client, clock, done, server } = setUp({ windowBytes: 8000 });
  await clock.advance(1000);
  await server.connectWelcomed({ hello: { device: IDENTITY.device } });
  await assert.rejects(clock.runUntil(done), { code: "replaced" });
  await clock.advance(60_000);
  assert.equal(server.connections.length, 2); // the test's own is one
  assert.equal(client.link.reconnects, 0);
});

Deno.test("a server that cannot be reached at the start is an error at once", async () => {
  const { clock, done } = setUp({ attempt: () => GONE });
  await assert.rejects(clock.runUntil(done), { code: "unreachable" });
  assert.equal(clock.now(), 0);
});

/** A playback from a server in the test's hands, whose song has begun. */
async function rawSetUp(
  windowBytes = 1000,
  bytes = 100_000,
  first: Record<string, unknown> = {},
) {
  const clock = new FakeClock();
  const server = new RawServer(clock);
  const recorder = new Recorder(clock, { realTime: true });
  const playback = songPlayback({
    link: new Link({
      connector: server.connector,
      clock,
      identity: IDENTITY,
      windowBytes,
      signal: new AbortController().signal,
    }),
    output: new Output(recorder.open),
    song: "a",
  });
  const done = playback.run();
  done.catch(() => {});
  await settle();
  const start = {
    type: "start",
    stream: 1,
    song: "a.wav",
    etag: "v1",
    offset: 44,
    bytes,
    format: { ...PHONE, dataOffset: 44, dataBytes: bytes },
    from: 0,
  };
  /** Answers hello and play of the latest connection. */
  const answer = async (fields: Record<string, unknown> = {}) => {
    const { peer } = server;
    await peer.send({ ...WELCOME, re: (await peer.next("hello")).id });
    const play = await peer.next("play");
    await peer.send({ ...start, ...fields, re: play.id });
    return play;
  };
  await answer(first);
  return { clock, server, recorder, playback, done, answer };
}

Deno.test("data beyond the window ends the song with bad-frame", async () => {
  const { clock, server, playback, done } = await rawSetUp();
  playback.pause();
  await settle();
  // 1,000 at first, then up to 4 s once the format is known.
  await server.peer.write(dataFrame(new Uint8Array(32_000)));
  await settle();
  assert.equal(playback.state?.bufferedSeconds, 4);
  await server.peer.write(dataFrame(new Uint8Array(1)));
  await assert.rejects(clock.runUntil(done), { code: "bad-frame" });
});

Deno.test("messages and codes of a newer server are ignored while a song plays", async () => {
  const { clock, server, recorder, done } = await rawSetUp(1000, 8000);
  const pcm = noise(8000);
  await server.peer.write(concat([
    messageFrame({ type: "lyrics", text: "la" }),
    dataFrame(pcm),
    messageFrame({ type: "error", code: "too-loud", message: "x" }),
    messageFrame({ type: "end", stream: 1, mood: "sad" }),
    dataFrame(new Uint8Array(0)),
  ]));
  await clock.runUntil(done);
  assertBytes(recorder.pcm, pcm);
});

for (const [dueMs, firstMs, heardFrom] of [[2000, 2000, 0], [-1000, 0, 8000]]) {
  Deno.test(`a stream whose first sample is due ${dueMs} ms after it began is heard from ${heardFrom} on`, async () => {
    const aheadUs = 5e6; // The server's clock is ahead of the client's.
    const { clock, server, recorder, done } = await rawSetUp(1000, 16_000, {
      at: dueMs * 1000 + aheadUs,
    });
    const { peer } = server;
    const pcm = noise(16_000);
    await peer.write(concat([
      dataFrame(pcm),
      messageFrame({ type: "end", stream: 1 }),
      dataFrame(new Uint8Array(0)),
    ]));
    for (let pings = 0; pings < 3; pings++) {
      const { id, time } = await peer.next("ping");
      const nowUs = clock.now() * 1000 + aheadUs;
      const pong = { type: "pong", time, received: nowUs, sent: nowUs };
      await peer.send({ ...pong, re: id });
    }
    await clock.runUntil(done);
    assert.equal(recorder.writes[0].atMs, firstMs);
    assertBytes(recorder.pcm, pcm.subarray(heardFrom));
  });
}

Deno.test("a stream that ends too early is lost", async () => {
  const { clock, server, done } = await rawSetUp();
  await server.peer.write(concat([
    dataFrame(noise(4000)),
    dataFrame(new Uint8Array(0)),
  ]));
  await assert.rejects(clock.runUntil(done), { code: "lost" });
});

Deno.test("a fatal error of an unknown code ends the song with it", async () => {
  const { clock, server, done } = await rawSetUp();
  await server.peer.send({
    type: "error",
    code: "too-loud",
    message: "x",
    fatal: true,
  });
  await assert.rejects(clock.runUntil(done), { code: "too-loud" });
  assert.equal(server.peers.length, 1);
});

Deno.test("a server with another content after a reconnect ends the song as changed", async () => {
  for (const other of [{ etag: "v2" }, { offset: 3044 }, { offset: 44 }]) {
    const { clock, server, done, answer } = await rawSetUp();
    await server.peer.write(dataFrame(noise(4000)));
    await settle();
    server.peer.transport.close();
    await clock.advance(300);
    const play = await answer({ offset: 4044, ...other });
    assert.deepEqual([play.offset, play.etag], [4044, "v1"]);
    await assert.rejects(clock.runUntil(done), { code: "changed" });
  }
});

Deno.test("the half copy of a song that changed meanwhile is deleted at the reconnect", async () => {
  const client = new MemoryClient({ realTime: true, windowBytes: 8000 });
  const { clock, link, output, server } = client;
  server.songs.add("a.wav", wavFile(PHONE, noise(10 * 8000)));
  const cache = new MemoryCache();
  const playback = songPlayback({ link, output, cache, song: "a.wav" });
  const done = playback.run();
  done.catch(() => {});
  await clock.advance(2000);
  server.connections.at(-1)!.cut();
  server.songs.add("a.wav", wavFile(PHONE, noise(10 * 8000, 5)));
  await clock.advance(2000);
  assert.equal(server.connections.length, 2);
  playback.skip();
  await clock.runUntil(done, 0);
  assert.deepEqual(await cache.list(), []);
});
