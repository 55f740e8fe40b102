import assert from "node:assert/strict";
import { applyGain } from "../../lib/audio/pcm.ts";
import { Output } from "../../lib/client/output.ts";
import { Receiver } from "../../lib/client/receiver.ts";
import type { AudioSink } from "../../lib/ports/client.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { MemoryClient } from "../support/memory_client.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";
import { settle } from "../support/fake_clock.ts";

const ONE = noise(8000, 1);
const TWO = noise(8000, 2);

/** A receiver that waits, and a client that may cast to it. */
async function setUp(skills?: Partial<AudioSink>) {
  const client = new MemoryClient({ realTime: skills !== undefined });
  const { clock, link, recorder, server } = client;
  const output = new Output(async (format) => ({
    ...await recorder.open(format),
    ...skills,
  }));
  server.songs.add("one.wav", wavFile(PHONE, ONE));
  server.songs.add("two.wav", wavFile(PHONE, TWO));
  const reported: string[] = [];
  const reasons: string[] = [];
  const volumes: (number | string)[] = [];
  let stirred = () => {};
  const receiver = new Receiver({
    link,
    output,
    gainOf: (song) => Promise.resolve(song === "quiet.wav" ? 0.5 : 1),
    listener: {
      waiting: () => {},
      start: (_, { song }) => reported.push(`start ${song}`),
      volume: (percent, muted) => volumes.push(muted ? "muted" : percent),
      end: ({ song, reason }, skipped) => {
        reasons.push(reason);
        reported.push(`end ${song}${skipped ? ", skipped" : ""}`);
        stirred();
      },
      problem: ({ code }) => {
        reported.push(`problem ${code}`);
        stirred();
      },
    },
  });
  receiver.run().catch(() => {});
  await settle();
  const { peer } = await server.connectWelcomed({
    hello: { name: "other", device: "other" },
  });
  return {
    ...{ client, clock, output, peer, receiver, recorder, server, reported },
    ...{ reasons, volumes },
    cast: (song: string) => peer.send({ type: "cast", song, to: ["kitchen"] }),
    /** Resolves at the next end or problem. */
    news: () => {
      const news = Promise.withResolvers<void>();
      stirred = news.resolve;
      return news.promise;
    },
    /** Has something done within the next end or problem. */
    atNews: (act: () => void) => stirred = act,
    seen: () =>
      server.hub.presence.named("kitchen").map(({ activity, receiving }) =>
        `${activity.doing} ${receiving}`
      ).join(),
  };
}

Deno.test("play() plays a song of its own choice, and then waits again", async () => {
  const { clock, receiver, recorder, reported, news, seen } = await setUp();
  assert.equal(seen(), "waiting true");
  const end = news();
  receiver.play("one");
  await clock.runUntil(end);
  await settle();
  assertBytes(recorder.pcm, ONE);
  assert.deepEqual(reported, ["start one.wav", "end one.wav"]);
  assert.equal(receiver.playing, null);
  assert.equal(seen(), "waiting true");
});

Deno.test("a song that is cast has its gain from the first sample on, and no other", async () => {
  const { clock, recorder, news, cast, server } = await setUp();
  server.songs.add("quiet.wav", wavFile(PHONE, TWO));
  const quiet = TWO.slice();
  applyGain(PHONE, quiet, 0.5);
  for (const [song, pcm] of [["quiet", quiet], ["one", ONE]] as const) {
    const end = news();
    await cast(song);
    await clock.runUntil(end);
    assertBytes(recorder.pcm.slice(-pcm.length), pcm);
  }
});

Deno.test("the end of a song says why, and the volume that others set is reported", async () => {
  const { clock, peer, recorder, reasons, volumes, cast, news } = await setUp();
  const end = news();
  await cast("one");
  await clock.runUntil(end);
  const hold = Promise.withResolvers<void>();
  recorder.hold = hold.promise;
  await cast("one");
  await settle();
  await cast("two");
  await settle();
  const control = (action: string, value?: number) =>
    peer.send({ type: "control", to: ["kitchen"], action, value });
  await control("volume", 40);
  await control("volume", 40);
  await settle();
  await control("stop");
  await settle();
  hold.resolve();
  await settle();
  assert.deepEqual(reasons, ["finished", "replaced", "stopped"]);
  assert.deepEqual(volumes, [40]);
});

Deno.test("play() begins at the given time", async () => {
  const { clock, receiver, recorder, news } = await setUp();
  const end = news();
  receiver.play("one", 0.5);
  await clock.runUntil(end);
  assertBytes(recorder.pcm, ONE.subarray(4000));
});

Deno.test("play() replaces a song that was cast, and a cast replaces it", async () => {
  const { clock, receiver, recorder, reported, news, cast } = await setUp();
  const hold = Promise.withResolvers<void>();
  recorder.hold = hold.promise;
  await cast("one");
  await settle();
  assert.deepEqual(reported, ["start one.wav"]);
  receiver.play("two");
  await settle();
  await cast("one");
  await settle();
  const end = news();
  recorder.hold = null;
  hold.resolve();
  await clock.runUntil(end);
  await settle();
  assert.equal(reported.at(-1), "end one.wav");
  assertBytes(recorder.pcm.slice(-ONE.length), ONE);
});

Deno.test("a song that is replaced ends before the next begins, and only once", async () => {
  const { clock, reported, cast } = await setUp({});
  for (const song of ["one", "two", "one", "two"]) await cast(song);
  await clock.advance(300);
  await cast("one");
  await clock.advance(300);
  assert.equal(reported.at(-1), "start one.wav");
  const starts = reported.flatMap((what, i) =>
    what.startsWith("start") ? [i] : []
  );
  for (const start of starts.slice(1)) {
    assert.match(reported[start - 1], /^end .*, skipped$/, reported.join("; "));
  }
  const ends = reported.filter((what) => what.startsWith("end"));
  assert.equal(ends.length, 4);
});

Deno.test("a song that begins when the previous one ends continues in the same output", async () => {
  const { client: { clock }, receiver, recorder, ...world } = await setUp();
  const { atNews, news, reported } = world;
  const second = Promise.withResolvers<void>();
  atNews(() => {
    news().then(second.resolve);
    receiver.play("two");
  });
  receiver.play("one");
  await clock.runUntil(second.promise);
  assert.deepEqual(reported.filter((line) => line.startsWith("end")), [
    "end one.wav",
    "end two.wav",
  ]);
  const between = recorder.events.slice(0, recorder.events.lastIndexOf("end"));
  assert.deepEqual(between, ["open"]);
  assertBytes(recorder.pcm, new Uint8Array([...ONE, ...TWO]));
});

Deno.test("a sink that stores PCM is cut when a song is replaced, not when one follows", async () => {
  let cuts = 0;
  const skills = { realTime: false, cut: () => void cuts++ };
  const { clock, receiver, recorder, news, cast } = await setUp(skills);
  const whole = news();
  await cast("one");
  await clock.runUntil(whole);
  await settle();
  const hold = Promise.withResolvers<void>();
  recorder.hold = hold.promise;
  await cast("two");
  await settle();
  assert.equal(cuts, 0);
  receiver.play("one");
  assert.equal(cuts, 1);
  const end = news();
  recorder.hold = null;
  hold.resolve();
  await clock.runUntil(end);
  assert.deepEqual(recorder.events.slice(0, 5), [
    ...["open", "end", "open", "end", "open"],
  ]);
});

Deno.test("play() reports a song that cannot be played, and waits", async () => {
  const { clock, receiver, recorder, reported, news, cast } = await setUp();
  const problem = news();
  receiver.play("three");
  await clock.runUntil(problem);
  assert.deepEqual(reported, ["problem not-found"]);
  await settle();
  const end = news();
  await cast("two");
  await clock.runUntil(end);
  assertBytes(recorder.pcm, TWO);
});

Deno.test("a song that is cast while the one before ends is played", async () => {
  const { clock, output, receiver, recorder, news, cast } = await setUp();
  const ending = Promise.withResolvers<void>();
  const end = output.end.bind(output);
  output.end = async () => {
    await end();
    if (recorder.opened.length > 0) await ending.promise;
  };
  const one = news();
  receiver.play("one");
  await clock.runUntil(one);
  await settle();
  const two = news();
  await cast("two");
  await settle();
  ending.resolve();
  await clock.runUntil(two);
  assertBytes(recorder.pcm.slice(-TWO.length), TWO);
});

Deno.test("receiving = false keeps casts away, and lets its own song play on", async () => {
  const { clock, peer, receiver, recorder, news, seen } = await setUp();
  const hold = Promise.withResolvers<void>();
  recorder.hold = hold.promise;
  receiver.play("one");
  await settle();
  receiver.receiving = false;
  await settle();
  assert.equal(seen(), "playing false");
  await peer.send({ type: "cast", song: "two", to: ["kitchen"], id: 1 });
  assert.equal((await peer.next("error")).code, "not-receiving");
  const end = news();
  hold.resolve();
  await clock.runUntil(end);
  await settle();
  assertBytes(recorder.pcm, ONE);
  assert.equal(seen(), "idle false");
});

Deno.test("volume holds for the songs that follow, too", async () => {
  const { clock, receiver, recorder, news } = await setUp();
  receiver.volume = 0;
  const end = news();
  receiver.play("one");
  await clock.runUntil(end);
  assert.ok(recorder.pcm.every((byte) => byte === 0x80));
});

Deno.test("a player that can discard PCM does so at a seek and a skip, not at a song's end", async () => {
  let drops = 0;
  const { clock, receiver, recorder, reported, news } = await setUp({
    leadSeconds: 0.6,
    drop: () => drops++,
  });
  const playback = receiver.play("one", 0);
  await clock.advance(100);
  assert.equal(recorder.pcm.length, 0.7 * 8000, "it is written far ahead");
  playback.seek(0.2);
  assert.equal(drops, 1);
  await clock.advance(100);
  assert.equal(playback.state?.positionSeconds, 0.3);
  const end = news();
  await clock.runUntil(end);
  assert.equal(drops, 1);
  receiver.play("two", 0);
  await clock.advance(100);
  assert.equal(drops, 1, "the end of the song before was still to be heard");
  receiver.play("one", 0);
  await clock.advance(100);
  assert.equal(drops, 2);
  receiver.playing!.skip();
  assert.equal(drops, 3);
  await clock.advance(1000);
  assert.equal(reported.at(-1), "end one.wav, skipped");
});

Deno.test("a player with a volume of its own is turned down at once, and gets the PCM unchanged", async () => {
  const gains: number[] = [];
  const { clock, receiver, recorder } = await setUp({
    setGain: (gain) => gains.push(gain),
  });
  receiver.volume = 40;
  receiver.play("one", 0);
  await clock.advance(300);
  assert.equal(gains.at(-1), 0.4);
  receiver.volume = 30;
  assert.equal(gains.at(-1), 0.3);
  await clock.advance(300);
  assertBytes(recorder.pcm, ONE.subarray(0, recorder.pcm.length));
});

Deno.test("problem is reported to others while a song plays, and with each that follows", async () => {
  const { receiver, server, news, clock, cast, seen } = await setUp({
    leadSeconds: 0.1,
  });
  const problem = () =>
    server.hub.presence.named("kitchen")[0].activity.problem;
  await cast("one");
  await clock.advance(100);
  assert.equal(problem(), undefined);
  receiver.problem = "waiting for a tap";
  await settle();
  assert.equal(problem(), "waiting for a tap");
  assert.equal(seen(), "paused true", "it would be reckoned on");
  receiver.play("two");
  await clock.advance(100);
  assert.equal(problem(), "waiting for a tap");
  receiver.problem = null;
  await settle();
  assert.equal(problem(), undefined);
  assert.equal(seen(), "playing true");
  await clock.runUntil(news());
});

Deno.test("a receiver's volume is known to others while nothing plays, also after a reconnect", async () => {
  const { clock, peer, receiver, server } = await setUp();
  const reported = () =>
    server.hub.presence.named("kitchen").map(({ activity }) => activity);
  assert.deepEqual(reported(), [{ doing: "waiting" }]);
  receiver.volume = 70;
  await settle();
  assert.deepEqual(reported(), [{ doing: "waiting", volume: 70 }]);
  const to = ["kitchen"];
  await peer.send({ type: "control", action: "volume", to, value: 40 });
  await settle();
  assert.equal(receiver.volume, 40);
  server.connections[0].cut();
  await clock.advance(1000);
  await settle();
  assert.deepEqual(reported(), [{ doing: "waiting", volume: 40 }]);
});

Deno.test("a receiver that is paused in the last half second of a song is paused for others", async () => {
  const { clock, peer, receiver, news, seen, cast } = await setUp({
    leadSeconds: 0.1,
  });
  const control = async (action: string, value?: number) => {
    await peer.send({ type: "control", action, to: ["kitchen"], value });
    await settle();
  };
  await cast("one");
  await clock.advance(600);
  await control("pause");
  await clock.advance(5000);
  await control("volume", 40);
  assert.equal(receiver.playing?.state?.paused, true);
  assert.equal(seen(), "paused true");
  await control("resume");
  assert.equal(seen(), "playing true");
  await clock.runUntil(news());
  await settle();
  assert.equal(seen(), "waiting true");
});

Deno.test("a device that stands still is paused for others while it holds the end of a song", async () => {
  const client = new MemoryClient({ realTime: true });
  const { clock, link, recorder, server } = client;
  const ended = Promise.withResolvers<void>();
  const device = {
    now: () => Math.min(clock.now(), 900),
    sleep: clock.sleep.bind(clock),
  };
  const output = new Output(async (format) => ({
    ...await recorder.open(format),
    leadSeconds: 0.5,
    end: () => ended.promise,
  }), device);
  server.songs.add("one.wav", wavFile(PHONE, ONE));
  const receiver = new Receiver({
    link,
    output,
    listener: { waiting() {}, start() {}, end() {}, problem() {} },
  });
  receiver.run().catch(() => {});
  await settle();
  const seen = () => server.hub.presence.named("kitchen")[0].activity.doing;
  receiver.play("one");
  await clock.advance(2000);
  assert.equal(seen(), "waiting");
  receiver.playing!.pause();
  await settle();
  assert.equal(seen(), "paused");
  receiver.playing!.resume();
  ended.resolve();
  await settle();
  assert.equal(seen(), "waiting");
  client.interrupt();
});
