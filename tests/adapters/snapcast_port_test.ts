import assert from "node:assert/strict";
import {
  MOST_WAITING_BYTES,
  Outbox,
} from "../../lib/adapters/snapcast/outbox.ts";
import { deviceKey } from "../../lib/model/presence.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { noise, wavFile } from "../support/memory_songs.ts";
import { transportPair } from "../support/memory_transport.ts";
import { concat } from "../support/raw_peer.ts";
import {
  SnapcastClient,
  SnapcastWorld,
  TYPE,
} from "../support/snapcast_world.ts";

const STEREO = {
  encoding: "s16le",
  rate: 48_000,
  channels: 2,
  bits: 16,
} as const;

Deno.test("a client is told its settings and the codec once, and is a device", async () => {
  using world = new SnapcastWorld();
  const client = await world.welcomed();
  const [settings, codec] = client.received;
  assert.deepEqual([settings.type, settings.refersTo], [TYPE.settings, 1]);
  assert.deepEqual(client.settings, [
    { bufferMs: 400, latency: 0, muted: false, volume: 100 },
  ]);
  assert.equal(codec.type, TYPE.codec);
  const [{ name, kind, receiving, unverified }] = world.online;
  assert.deepEqual([name, kind], ["the bath", "speaker"]);
  assert.deepEqual([receiving, unverified], [true, true]);
  client.close();
  await client.ended;
  assert.deepEqual(world.online, []);
});

Deno.test("an id is of a space of its own, whatever a client of ours names itself", async () => {
  using world = new SnapcastWorld();
  await world.welcomed("x");
  assert.notEqual(world.online[0].key, deviceKey("x"));
});

Deno.test("a second client with an id that is connected is refused, and one after the first is gone is not", async () => {
  using world = new SnapcastWorld();
  const first = await world.welcomed();
  const second = await world.welcomed();
  assert.match(
    (await second.ended).reason,
    /a client with its id is connected/,
  );
  assert.equal(first.isClosed, false);
  first.close();
  await first.ended;
  await world.welcomed();
  assert.equal(world.online.length, 1);
});

Deno.test("a client that was lost without a word may connect again soon", async () => {
  using world = new SnapcastWorld();
  const first = await world.welcomed();
  await world.server.clock.advance(5_000);
  await world.welcomed();
  assert.match((await first.ended).reason, /connected again/);
  assert.equal(world.online.length, 1);
});

Deno.test("a request for the time is answered with both clocks' difference", async () => {
  using world = new SnapcastWorld();
  const client = await world.welcomed();
  await world.server.clock.advance(3);
  await client.send(TYPE.time, new Uint8Array(8), 9);
  await world.server.clock.advance(0);
  const [{ refersTo, payload }] = client.of(TYPE.time);
  assert.equal(refersTo, 9);
  assert.equal(new DataView(payload.buffer).getInt32(4, true), 3000);
});

/** The sleeps that are begun on a clock from now on, in milliseconds. */
function sleepsOf(clock: FakeClock): number[] {
  const sleeps: number[] = [];
  const sleep = clock.sleep.bind(clock);
  clock.sleep = (ms, signal) => {
    sleeps.push(ms);
    return sleep(ms, signal);
  };
  return sleeps;
}

Deno.test("requests for the time in a row are answered without a pause between them", async () => {
  using world = new SnapcastWorld();
  const client = await world.welcomed();
  const sleeps = sleepsOf(world.server.clock);
  for (let i = 1; i <= 50; i++) {
    await client.send(TYPE.time, new Uint8Array(8), i);
    await settle();
    assert.equal(client.of(TYPE.time).length, i);
  }
  assert.deepEqual(sleeps, []);
});

Deno.test("a client of 0.34 with a password is welcomed, and its requests are answered by their ids", async () => {
  using world = new SnapcastWorld();
  const client = world.connect();
  const hello = {
    Arch: "x86_64",
    Auth: { param: "YTpi", scheme: "Basic" },
    ClientName: "Snapclient",
    HostName: "the bath",
    ID: "bath",
    Instance: 1,
    MAC: "02:fc:00:00:00:01",
    OS: "Debian GNU/Linux 13 (trixie)",
    SnapStreamProtocolVersion: 2,
    Version: "0.34.0",
  };
  await client.json(TYPE.hello, hello, 1);
  await world.server.clock.advance(0);
  const first = client.received.map(({ type, refersTo }) => [type, refersTo]);
  assert.deepEqual(first, [[TYPE.settings, 1], [TYPE.codec, 0]]);
  assert.ok(!JSON.stringify(world.online).includes("YTpi"));
  for (let id = 2; id <= 51; id++) {
    await client.send(TYPE.time, new Uint8Array(8), id);
  }
  await world.server.clock.advance(0);
  const ids = client.of(TYPE.time).map(({ refersTo }) => refersTo);
  assert.deepEqual(ids, Array.from({ length: 50 }, (_, i) => i + 2));
});

Deno.test("bytes that make no message are read no faster than messages", async () => {
  using world = new SnapcastWorld();
  const client = await world.welcomed();
  const sleeps = sleepsOf(world.server.clock);
  for (let i = 0; i < 200; i++) {
    await client.write(new Uint8Array(1));
    await settle();
  }
  assert.ok(sleeps.some((ms) => ms > 0));
});

Deno.test("rooms that rest are looked after twice a second, and begin in time", async () => {
  using world = new SnapcastWorld();
  world.server.songs.add("a.wav", wavFile(STEREO, noise(48_000 * 4 * 20)));
  const client = await world.welcomed();
  const { clock } = world.server;
  const beginsAfterRest = async (act: () => Promise<void>) => {
    for (let second = 0; second < 75; second += 1) {
      await client.send(TYPE.time, new Uint8Array(8));
      await world.pass(1_000);
    }
    const sleeps = sleepsOf(clock);
    await world.pass(10_000);
    assert.ok(sleeps.length <= 21, `${sleeps.length} sleeps in 10 s`);
    const before = client.sound.length;
    const chunks = client.of(TYPE.chunk).length;
    const fromUs = clock.now() * 1000;
    await act();
    await world.pass(1_500);
    const [{ atUs }] = client.sound.slice(before);
    // Its player opens, and finds its place, before anything is lost.
    assert.ok(atUs - fromUs > 900_000, `${atUs - fromUs} us`);
    assert.ok(atUs - fromUs < 1_100_000, `${atUs - fromUs} us`);
    const silence = client.of(TYPE.chunk).slice(chunks)
      .findIndex(({ payload }) => payload.subarray(12).some((it) => it !== 0));
    assert.ok(silence > 20, `${silence} chunks`);
  };
  const to = "the bath";
  await beginsAfterRest(() =>
    world.ask({ type: "cast", song: "a.wav", to: [to] })
  );
  await world.ask({ type: "control", to, action: "pause" });
  await beginsAfterRest(() =>
    world.ask({ type: "control", to, action: "resume" })
  );
  const [{ state }] = world.online.filter((it) => it.unverified);
  assert.equal(state.underruns, 0);
});

Deno.test("a cast song is heard sample by sample at its times, and ends", async () => {
  using world = new SnapcastWorld();
  const pcm = noise(48_000 * 4);
  world.server.songs.add("a.wav", wavFile(STEREO, pcm));
  const client = await world.welcomed();
  const sending = world.ask({ type: "cast", song: "a.wav", to: ["the bath"] });
  await sending;
  await world.pass(800);
  assert.equal(
    world.online.find((it) => it.unverified)!.state.doing,
    "playing",
  );
  await world.pass(2500);
  const { sound } = client;
  const gaps = sound.slice(1).map(({ atUs }, i) => atUs - sound[i].atUs);
  assert.ok(gaps.every((it) => Math.abs(it - 20_000) <= 1), `${gaps}`);
  const heard = sound.flatMap(({ samples }) => [...samples]);
  const wanted = new Int16Array(pcm.buffer, pcm.byteOffset, pcm.length / 2);
  const first = heard.findIndex((it) => it !== 0);
  assert.ok(Math.abs(heard.length - first - wanted.length) < 2 * 960);
  const [{ state }] = world.online.filter((it) => it.unverified);
  assert.equal(state.doing, "waiting");
});

Deno.test("songs in a row follow without a gap, and the queue ends", async () => {
  using world = new SnapcastWorld();
  const parts = [noise(48_000 * 4 * 2, 1), noise(48_000 * 4 * 2, 2)];
  parts.forEach((pcm, i) =>
    world.server.songs.add(`${i}.wav`, wavFile(STEREO, pcm))
  );
  const client = await world.welcomed();
  const songs = ["0.wav", "1.wav"];
  await world.ask({ type: "queue", to: ["the bath"], songs });
  await world.pass(6000);
  const { sound } = client;
  const gaps = sound.slice(1).map(({ atUs }, i) => atUs - sound[i].atUs);
  assert.ok(gaps.every((it) => Math.abs(it - 20_000) <= 1), `${gaps}`);
  const heard = sound.flatMap(({ samples }) => [...samples]);
  const inner = heard.slice(heard.findIndex((it) => it !== 0));
  assert.ok(Math.abs(inner.length / 2 - 4 * 48_000) < 2 * 960);
  // No chunk has a stretch of silence where one song gives way to the other.
  const middle = inner.slice(2 * 95_000, 2 * 97_000);
  assert.ok(middle.filter((it) => it === 0).length < 50);
  const [{ state }] = world.online.filter((it) => it.unverified);
  assert.equal(state.doing, "waiting");
});

Deno.test("an album of 44,100 Hz is heard as one piece, and its next song may be replaced", async () => {
  using world = new SnapcastWorld();
  const cd = { ...STEREO, rate: 44_100 };
  const parts = [2.3, 1.7, 1.1].map((seconds, i) =>
    noise(4 * Math.floor(44_100 * seconds), i + 1)
  );
  const add = (name: string, ...pcm: Uint8Array[]) =>
    world.server.songs.add(name, wavFile(cd, concat(pcm)));
  parts.forEach((pcm, i) => add(`${i}.wav`, pcm));
  world.server.songs.add("1.wav", wavFile(STEREO, parts[1]));
  add("album.wav", parts[0], parts[2]);
  const client = await world.welcomed();
  const heard = async (songs: string[], edit?: Record<string, unknown>) => {
    const before = client.sound.length;
    await world.ask({ type: "queue", to: ["the bath"], songs });
    await world.pass(1000);
    if (edit) await world.ask({ type: "edit", group, ...edit });
    await world.pass(5000);
    const samples = client.sound.slice(before)
      .flatMap(({ samples }) => [...samples]);
    const first = samples.findIndex((it) => it !== 0);
    return samples.slice(first, samples.findLastIndex((it) => it !== 0));
  };
  const group = world.online[0].key;
  const edit = { action: "remove", entries: [2] };
  const row = await heard(["0.wav", "1.wav", "2.wav"], edit);
  assert.equal(world.port.conversions.size, 0);
  const album = await heard(["album.wav"]);
  assert.ok(row.length > 2 * 48_000 * 3.3);
  assert.equal(row.length, album.length);
  assert.equal(row.findIndex((it, i) => it !== album[i]), -1);
});

Deno.test("pause, seek and stop are heard within 0.6 s", async () => {
  using world = new SnapcastWorld();
  world.server.songs.add("a.wav", wavFile(STEREO, noise(48_000 * 4 * 20)));
  const client = await world.welcomed();
  await world.ask({ type: "cast", song: "a.wav", to: ["the bath"] });
  await world.pass(2000);
  const { clock } = world.server;
  const control = async (action: string, value?: number) => {
    const atUs = clock.now() * 1000;
    const to = "the bath";
    const before = client.sound.length;
    await world.ask({ type: "control", to, action, value });
    await world.pass(1500);
    return { atUs, since: client.sound.slice(before) };
  };
  const pause = await control("pause");
  assert.ok(pause.since.every(({ atUs }) => atUs - pause.atUs < 600_000));
  const resume = await control("resume");
  assert.ok(resume.since[0].atUs - resume.atUs < 600_000);
  await control("seek", 10);
  const { position } = world.online.find((it) => it.unverified)!.state;
  assert.ok(position! > 10.5 && position! < 11.6, `${position}`);
  const stop = await control("stop");
  assert.ok(stop.since.every(({ atUs }) => atUs - stop.atUs < 600_000));
});

Deno.test("volume and mute reach the client, and its own volume the others", async () => {
  using world = new SnapcastWorld();
  const client = await world.welcomed();
  const to = "the bath";
  await world.ask({ type: "control", to, action: "volume", value: 30 });
  await world.ask({ type: "control", to, action: "mute", value: true });
  assert.deepEqual(
    client.settings.slice(1).map(({ volume, muted }) => [volume, muted]),
    [[30, false], [30, true]],
  );
  await client.json(TYPE.info, { volume: 55, muted: false });
  await world.pass(10);
  const [{ state }] = world.online.filter((it) => it.unverified);
  assert.equal(state.volume, 55);
});

Deno.test("the last of many volumes set while a client reads nothing reaches it once it reads again", async () => {
  using world = new SnapcastWorld();
  world.server.songs.add("a.wav", wavFile(STEREO, noise(48_000 * 4 * 20)));
  const capacityBytes = 4_000;
  const client = await world.welcomed("bath", { toClient: { capacityBytes } });
  const to = "the bath";
  await world.ask({ type: "cast", song: "a.wav", to: [to] });
  client.pause();
  await world.pass(4_000);
  for (let value = 0; value < 60; value++) {
    await world.ask({ type: "control", to, action: "volume", value });
  }
  client.resume();
  await world.pass(500);
  assert.equal(client.settings.at(-1)!.volume, 59);
});

Deno.test("what a client plays goes on when it connects again", async () => {
  using world = new SnapcastWorld();
  world.server.songs.add("a.wav", wavFile(STEREO, noise(48_000 * 4 * 20)));
  const first = await world.welcomed();
  await world.ask({ type: "cast", song: "a.wav", to: ["the bath"] });
  await world.pass(1000);
  first.close();
  await first.ended;
  await world.pass(500);
  const second = await world.welcomed();
  await world.pass(1500);
  assert.ok(second.sound.length > 20);
});

Deno.test("a client that breaks the protocol is disconnected, and the others play on", async () => {
  using world = new SnapcastWorld();
  const other = await world.welcomed("other");
  const long = new Uint8Array(5000);
  const breaks: [(client: SnapcastClient) => Promise<void>, RegExp][] = [
    [(it) => it.send(TYPE.time, new Uint8Array(8)), /hello first/],
    [(it) => it.send(TYPE.hello, new Uint8Array(2)), /JSON/],
    [(it) => it.json(TYPE.hello, {}), /id of 1 to 256/],
    [(it) => it.json(TYPE.hello, { ID: "x".repeat(257) }), /id of 1 to 256/],
    [(it) => it.send(99, long), /5000 bytes/],
  ];
  for (const [act, reason] of breaks) {
    const client = world.connect();
    await act(client);
    assert.match((await client.ended).reason, reason);
  }
  const silent = world.connect();
  await world.pass(5_100);
  assert.match((await silent.ended).reason, /no hello for 5 s/);
  assert.equal(other.isClosed, false);
  const foreign = world.connect({ clientAddress: "203.0.113.1:5" });
  assert.equal((await foreign.ended).reason, "No");
});

Deno.test("what waits for a client that reads nothing is bounded", async () => {
  const clock = new FakeClock();
  const { server } = transportPair(clock, { toClient: { capacityBytes: 100 } });
  const outbox = new Outbox(server, () => {});
  let sent = 0;
  while (outbox.send(new Uint8Array(4000))) sent += 4000;
  assert.ok(sent <= MOST_WAITING_BYTES && sent > MOST_WAITING_BYTES - 4000);
  await settle();
  assert.equal(outbox.send(new Uint8Array(4000)), false);
});

Deno.test("a name that cannot be shown is replaced", async () => {
  using world = new SnapcastWorld();
  const client = world.connect();
  await client.json(TYPE.hello, { ID: "x", HostName: "\u202Eevil" });
  await world.server.clock.advance(0);
  assert.equal(world.online[0].name, "Snapcast client");
});
