import assert from "node:assert/strict";
import { ConvertedLive } from "../../lib/adapters/snapcast/converted_live.ts";
import { MOST_WAITING_BYTES } from "../../lib/adapters/snapcast/outbox.ts";
import { openResampler } from "../../lib/io/sinks/open_resampler.ts";
import { LiveSong } from "../../lib/server/live/live_song.ts";
import { settle } from "../support/fake_clock.ts";
import { noise, PHONE } from "../support/memory_songs.ts";
import { dataFrame, type RawPeer } from "../support/raw_peer.ts";
import { ControlWorld } from "../support/snapcast_app.ts";
import { type SnapcastClient, TYPE } from "../support/snapcast_world.ts";

/** Sends 50 ms of PHONE. */
const PIECE = dataFrame(noise(400));

/** Live songs in the rooms of Snapcast's clients. */
class LiveWorld extends ControlWorld {
  readonly #senders: RawPeer[] = [];

  async send(name: string): Promise<void> {
    const number = String(this.#senders.length).padStart(2, "0");
    const { peer } = await this.server.connectWelcomed({
      hello: {
        device: `00000000-0000-4000-8000-0000000001${number}`,
        features: ["tags", "groups", "live"],
      },
    });
    await peer.send({ type: "live", name, format: PHONE });
    await peer.next("ready");
    this.#senders.push(peer);
  }

  async speak(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 50) {
      for (const it of this.#senders) await it.write(PIECE);
      await this.pass(50);
    }
  }

  async play(name: string, to: string): Promise<void> {
    await this.ask({ type: "queue", to: [to], songs: [`live/${name}`] });
  }
}

/** Chunks with sound that come in a second of a live song: each of 20 ms. */
async function heardInASecond(world: LiveWorld, client: SnapcastClient) {
  const before = client.sound.length;
  await world.speak(1_000);
  return client.sound.length - before;
}

Deno.test("a client that reads nothing of a live song is sent a bounded part of it, and others hear all", async () => {
  using world = new LiveWorld();
  await world.send("mic");
  const bath = await world.welcomed("bath");
  const deaf = await world.welcomed("deaf", {
    toClient: { capacityBytes: 1_000 },
  });
  deaf.pause();
  for (const to of ["the bath", "the deaf"]) await world.play("mic", to);
  await world.speak(8_000);
  const heard = await heardInASecond(world, bath);
  // Chunks of 20 ms come by a timer of 30 ms.
  assert.ok(heard >= 45, `${heard}`);
  assert.equal(world.port.conversions.size, 1);
  assert.ok(deaf.receivedBytes <= 1_000 + MOST_WAITING_BYTES);
  deaf.close();
  bath.close();
  await world.pass(100);
  assert.equal(world.port.conversions.size, 0);
});

Deno.test("twins, floods and apps that call without end leave a room its live song", async () => {
  using world = new LiveWorld();
  await world.send("mic");
  const bath = await world.welcomed("bath");
  await world.play("mic", "the bath");
  await world.speak(1_500);
  const flooder = await world.welcomed("flooder");
  for (let i = 0; i < 500; i++) {
    await flooder.json(TYPE.info, { volume: i % 100, muted: i % 2 === 0 });
  }
  const apps = Array.from({ length: 4 }, () => world.app({ reads: false }));
  const call = JSON.stringify({
    ...{ jsonrpc: "2.0", id: 1, method: "Group.SetName" },
    params: { id: "bath", name: "x".repeat(50_000) },
  });
  for (const app of apps) {
    for (let i = 0; i < 50; i++) app.write(call).catch(() => {});
  }
  for (let i = 0; i < 5; i++) {
    const twin = await world.welcomed("bath");
    assert.match((await twin.ended).reason, /its id is connected/);
  }
  const heard = await heardInASecond(world, bath);
  // Chunks of 20 ms come by a timer of 30 ms.
  assert.ok(heard >= 45, `${heard}`);
  assert.equal(bath.isClosed, false);
});

Deno.test("a client that floods is gone soon after it has left, and its id is free", async () => {
  using world = new LiveWorld();
  const flooder = await world.welcomed("flooder");
  const silence = new Uint8Array(26 * 100_000);
  flooder.write(silence).catch(() => {});
  flooder.close();
  await world.pass(12_000);
  const { reason } = await flooder.ended;
  assert.equal(reason, "it sends too many messages");
  assert.deepEqual(world.online, []);
  await world.welcomed("flooder");
  assert.equal(world.online.length, 1);
});

Deno.test("a client that is connected is known to apps by its id, however many come and go", async () => {
  using world = new LiveWorld();
  await world.welcomed("bath");
  const [{ key }] = world.online;
  for (let i = 0; i < 4_200; i++) {
    const guest = await world.welcomed(`guest ${i}`);
    guest.close();
    await guest.ended;
  }
  assert.equal(world.port.factsOf(key)?.id, "bath");
});

Deno.test("an app pauses a live song and joins it anew, and is told no length of it", async () => {
  using world = new LiveWorld();
  await world.send("mic");
  const bath = await world.welcomed("bath");
  const app = world.app();
  await world.play("mic", "the bath");
  await world.speak(1_500);
  const { server } = await app.call("Server.GetStatus");
  const [{ id, properties: { canSeek, metadata } }] = server.streams;
  assert.equal(canSeek, false);
  assert.equal(metadata.duration, undefined);
  const control = (command: string) =>
    app.call("Stream.Control", { id, command, params: {} });
  await control("pause");
  assert.equal(await heardInASecond(world, bath), 0);
  await control("play");
  await world.speak(1_000);
  assert.ok(await heardInASecond(world, bath) >= 45);
});

Deno.test("64 live songs in 64 rooms are converted once each, and forgotten with their rooms", async () => {
  using world = new LiveWorld({ maxClients: 1000 });
  const clients: SnapcastClient[] = [];
  for (let i = 0; i < 64; i++) {
    await world.send(`mic ${i}`);
    clients.push(await world.welcomed(`room ${i}`));
    await world.play(`mic ${i}`, `the room ${i}`);
  }
  await world.speak(1_500);
  assert.equal(world.port.conversions.size, 64);
  for (const it of clients) assert.ok(it.sound.length > 20);
  for (const it of clients) it.close();
  await world.pass(100);
  assert.equal(world.port.conversions.size, 0);
});

Deno.test("a live song of a low rate is converted in small steps, and one of an impossible rate fails", async () => {
  const format = { ...PHONE, rate: 100 };
  const song = new LiveSong("live/low", format);
  song.append(noise(200), 0);
  let most = 0;
  const measured: typeof openResampler = async (options) => {
    const resampler = await openResampler(options);
    const process = resampler.process.bind(resampler);
    resampler.process = (samples) => {
      const made = process(samples);
      most = Math.max(most, made.length);
      return made;
    };
    return resampler;
  };
  const low = new ConvertedLive(song.open(), measured, settle);
  await low.want(0);
  assert.equal(low.song.failure, null);
  assert.ok(most > 0 && most <= 2 * 5_000, `${most}`);
  const one = new LiveSong("live/one", { ...PHONE, rate: 1 });
  one.append(noise(2), 0);
  const failed = new ConvertedLive(one.open(), openResampler, settle);
  await failed.want(0);
  assert.notEqual(failed.song.failure, null);
});
