import assert from "node:assert/strict";
import { ConvertedLive } from "../../lib/adapters/snapcast/converted_live.ts";
import { ConvertedSongs } from "../../lib/adapters/snapcast/converted_songs.ts";
import type { PcmFormat } from "../../lib/audio/format.ts";
import { openResampler } from "../../lib/io/sinks/open_resampler.ts";
import { LiveSong } from "../../lib/server/live/live_song.ts";
import { MemorySongs, noise, wavFile } from "../support/memory_songs.ts";
import { dataFrame, type RawPeer } from "../support/raw_peer.ts";
import {
  type SnapcastClient,
  SnapcastWorld,
  TYPE,
} from "../support/snapcast_world.ts";

const STEREO: PcmFormat = {
  encoding: "s16le",
  rate: 48_000,
  channels: 2,
  bits: 16,
};
const STEP_MS = 20;
const END = dataFrame(new Uint8Array(0));

/** Rooms of Snapcast clients, and senders whose PCM comes as time passes. */
class LiveWorld extends SnapcastWorld {
  readonly #speakers = new Set<Speaker>();

  /** A sender, as its device. */
  async sender(name: string, format = STEREO, number = 7): Promise<Speaker> {
    const { peer, client } = await this.server.connectWelcomed({
      hello: {
        device: `00000000-0000-4000-8000-00000000000${number}`,
        features: ["tags", "groups", "live"],
      },
    });
    await peer.send({ type: "live", name, format });
    await peer.next("ready");
    const speaker = new Speaker(this, peer, client, format);
    this.#speakers.add(speaker);
    return speaker;
  }

  /** All senders speak meanwhile. */
  async speak(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      for (const it of this.#speakers) await it.say();
      await this.pass(STEP_MS);
    }
  }

  async play(name: string, to: string[]): Promise<void> {
    await this.ask({ type: "queue", to, songs: [name] });
  }
}

/** Noise that tells its place. */
class Speaker {
  /** When each sample frame came, in microseconds. */
  readonly #cameUs: number[] = [];
  /** How fast its clock is. */
  ppm = 0;
  isSilent = false;
  /** It sends what it has gathered for this long. */
  burstMs = STEP_MS;
  #gatheredMs = 0;
  #frames = 0;
  #due = 0;

  constructor(
    readonly world: LiveWorld,
    readonly peer: RawPeer,
    readonly client: { close(): void },
    readonly format: PcmFormat,
  ) {}

  async say(): Promise<void> {
    if (this.isSilent) return;
    this.#due += STEP_MS / 1000 * this.format.rate * (1 + this.ppm / 1e6);
    this.#gatheredMs += STEP_MS;
    if (this.#gatheredMs < this.burstMs) return;
    this.#gatheredMs = 0;
    const frames = Math.floor(this.#due) - this.#frames;
    const nowUs = this.world.server.clock.now() * 1000;
    const samples = new Int16Array(2 * frames);
    for (let i = 0; i < frames; i++) {
      this.#cameUs[this.#frames + i] = nowUs;
      samples[2 * i] = low(this.#frames + i);
      samples[2 * i + 1] = high(this.#frames + i);
    }
    this.#frames += frames;
    await this.peer.write(dataFrame(new Uint8Array(samples.buffer)));
  }

  async end(): Promise<void> {
    this.isSilent = true;
    await this.peer.write(END);
  }

  /** What a room hears: each sample frame of the song with its latency, in ms. */
  heardBy({ sound }: SnapcastClient): { frame: number; lateMs: number }[] {
    return sound.flatMap(({ atUs, samples }) =>
      Array.from({ length: samples.length / 2 }, (_, i) => {
        const frame = frameOf(samples[2 * i], samples[2 * i + 1]);
        const us = atUs + i / 48_000 * 1e6;
        return { frame, lateMs: (us - this.#cameUs[frame]) / 1000 };
      }).filter(({ frame }) => frame >= 0)
    );
  }
}

/** A sample frame as its number, one above so that it is no silence. */
const low = (frame: number) => ((frame + 1) & 0x7fff) - 0x4000;
const high = (frame: number) => ((frame + 1) >> 15) + 1;
const frameOf = (left: number, right: number) =>
  right === 0 ? -1 : (right - 1) * 0x8000 + left + 0x4000 - 1;

function assertWithoutGap(heard: { frame: number }[], slips = 0): void {
  const steps = heard.slice(1).map(({ frame }, i) => frame - heard[i].frame);
  const others = steps.filter((it) => it !== 1);
  assert.ok(others.every((it) => it === 0 || it === 2), `${others}`);
  assert.ok(others.length <= slips, `${others.length} slips`);
}

Deno.test("a live song is heard by a room sample by sample, and ends with its sender", async () => {
  using world = new LiveWorld();
  const speaker = await world.sender("mic");
  const client = await world.welcomed();
  await world.speak(500);
  await world.play("live/mic", ["the bath"]);
  await world.speak(3_000);
  await speaker.end();
  const [{ state }] = world.online.filter((it) => it.unverified);
  assert.equal(state.underruns, 0);
  await world.pass(3_000);
  const heard = speaker.heardBy(client);
  assertWithoutGap(heard);
  assert.ok(heard.length > 2 * 48_000);
  const late = heard.slice(0, 96_000).map(({ lateMs }) => lateMs);
  assert.ok(Math.min(...late) > 500 && Math.max(...late) < 600);
  const [rested] = world.online.filter((it) => it.unverified);
  assert.equal(rested.state.doing, "waiting");
  assert.equal(world.port.conversions.size, 0);
});

Deno.test("rooms of a group hear a live song together, by one conversion, late ones from then on", async () => {
  using world = new LiveWorld();
  const speaker = await world.sender("mic");
  const [bath, attic] = [
    await world.welcomed("bath"),
    await world.welcomed("attic"),
  ];
  await world.speak(500);
  await world.play("live/mic", ["the bath", "the attic"]);
  await world.speak(2_500);
  const late = await world.welcomed("late");
  const devices = ["the bath", "the attic", "the late"];
  await world.ask({ type: "group", devices });
  await world.speak(3_000);
  assert.equal(world.port.conversions.size, 1);
  const when = (client: SnapcastClient) =>
    new Map(speaker.heardBy(client).map((it) => [it.frame, it.lateMs]));
  const [first, second, third] = [bath, attic, late].map(when);
  assert.ok(first.size > 3.5 * 48_000, `${first.size}`);
  assert.ok(third.size > 1.5 * 48_000, `${third.size}`);
  for (const other of [second, third]) {
    const apart = [...other].filter(([frame]) => first.has(frame))
      .map(([frame, lateMs]) => Math.abs(lateMs - first.get(frame)!));
    assert.ok(apart.length > 1.4 * 48_000);
    const [most] = apart.toSorted((a, b) => b - a);
    assert.ok(most < 0.03, `${most} ms`);
  }
  for (const client of [bath, attic, late]) {
    assertWithoutGap(speaker.heardBy(client));
  }
});

for (const ppm of [200, -200]) {
  Deno.test(`a sender that is ${ppm} ppm fast is followed without a gap, alone and in a group`, async () => {
    using world = new LiveWorld();
    const speaker = await world.sender("mic");
    speaker.ppm = ppm;
    const clients = [];
    for (const id of ["bath", "attic", "alone"]) {
      clients.push(await world.welcomed(id));
    }
    await world.speak(500);
    await world.play("live/mic", ["the bath", "the attic"]);
    await world.play("live/mic", ["the alone"]);
    for (let second = 0; second < 24; second++) {
      await world.speak(1_000);
      for (const it of clients) await it.send(TYPE.time, new Uint8Array(8));
    }
    // One for each sample frame that the sender is ahead by.
    const slips = 48_000 * 12 * 200e-6;
    for (const client of clients) {
      // Nothing came while rooms were asked to play; the rate is known after 10 s.
      const heard = speaker.heardBy(client).slice(12 * 48_000);
      assert.ok(heard.length > 10 * 48_000);
      assertWithoutGap(heard, 3 * slips);
      const late = (from: number) =>
        heard.slice(from, from + 48_000).reduce(
          (sum, it) => sum + it.lateMs,
          0,
        ) / 48_000;
      const moved = late(heard.length - 48_000) - late(0);
      assert.ok(Math.abs(moved) < 3, `${moved} ms`);
    }
    const states = world.online.filter((it) => it.unverified);
    assert.deepEqual(states.map(({ state }) => state.underruns), [0, 0, 0]);
  });
}

Deno.test("a sender of bursts is heard without a gap after some of them, alone and in a group", async () => {
  using world = new LiveWorld();
  const speaker = await world.sender("mic");
  const clients = [];
  for (const id of ["bath", "attic", "alone"]) {
    clients.push(await world.welcomed(id));
  }
  await world.speak(500);
  await world.play("live/mic", ["the bath", "the attic"]);
  await world.play("live/mic", ["the alone"]);
  await world.speak(1_000);
  speaker.burstMs = 1_800;
  for (let burst = 0; burst < 12; burst++) {
    await world.speak(speaker.burstMs);
    for (const it of clients) await it.send(TYPE.time, new Uint8Array(8));
  }
  for (const client of clients) {
    const heard = speaker.heardBy(client).slice(-10 * 48_000);
    assert.equal(heard.length, 10 * 48_000);
    assertWithoutGap(heard, 100);
    const { lateMs } = heard.at(-1)!;
    assert.ok(lateMs < 2_700, `${lateMs} ms`);
  }
});

Deno.test("as much as a sender may send at once is converted, however late", async () => {
  const live = new LiveSong("live/a", STEREO);
  const pause = () => Promise.resolve();
  const converted = new ConvertedLive(live.open(), openResampler, pause);
  const frames = 2 * STEREO.rate;
  const pcm = noise(4 * frames);
  live.append(new Uint8Array(4), 0);
  await converted.want(0);
  live.append(pcm, 0);
  await converted.want(1);
  const heard = new Int16Array(2 * frames);
  assert.equal(converted.read(heard, 1), frames);
  assert.deepEqual(new Uint8Array(heard.buffer), pcm);
});

Deno.test("a live song of another rate is converted as the same song that is there as a whole", async () => {
  for (const rate of [44_100, 8_000, 96_000]) {
    const format = { ...STEREO, rate };
    const pcm = noise(4 * Math.floor(rate * 1.7));
    const pause = () => Promise.resolve();
    const whole = new ConvertedSongs(rate, openResampler, pause);
    const songs = new MemorySongs();
    whole.add(await songs.open(songs.add("a.wav", wavFile(format, pcm))));
    const live = new LiveSong("live/a", format);
    const converted = new ConvertedLive(live.open(), openResampler, pause);
    const heard: number[] = [];
    const take = async () => {
      await converted.want(0);
      const piece = new Int16Array(2 * 1000);
      while (heard.length / 2 < whole.madeFrames) {
        const frames = converted.read(piece, heard.length / 2);
        if (frames === null) return;
        heard.push(...piece.subarray(0, 2 * frames));
      }
    };
    const bytes = 4 * Math.floor(rate / 21) + 2;
    for (let at = 0; at < pcm.length; at += bytes) {
      live.append(pcm.subarray(at, at + bytes), at / 4 / rate * 1e6);
      await take();
    }
    live.end();
    await take();
    const wanted = new Int16Array(2 * whole.madeFrames);
    for (const [i, second] of [0, 48_000].entries()) {
      await whole.want(second);
      whole.read(wanted.subarray(96_000 * i), second);
    }
    const at = wanted.findIndex((it, i) => it !== heard[i]);
    assert.equal(at, -1, `${rate} Hz`);
  }
});

Deno.test("a sender that loses its connection is silence until it is back, and is over after 10 s", async () => {
  using world = new LiveWorld();
  const speaker = await world.sender("mic");
  const client = await world.welcomed();
  await world.speak(500);
  await world.play("live/mic", ["the bath"]);
  await world.speak(2_000);
  speaker.isSilent = true;
  speaker.client.close();
  await world.pass(3_000);
  const before = client.sound.length;
  const back = await world.sender("mic");
  await world.speak(2_000);
  assert.ok(client.sound.length > before + 50);
  back.isSilent = true;
  back.client.close();
  await world.pass(11_500);
  const [{ state }] = world.online.filter((it) => it.unverified);
  assert.deepEqual([state.doing, state.underruns], ["waiting", undefined]);
  assert.equal(world.port.conversions.size, 0);
});

Deno.test("a live song is heard though its sender begins later, alone and behind another song", async () => {
  using world = new LiveWorld();
  const speaker = await world.sender("mic");
  speaker.isSilent = true;
  const [client, attic] = [
    await world.welcomed(),
    await world.welcomed("attic"),
  ];
  world.server.songs.add("a.wav", wavFile(STEREO, new Uint8Array(400_000)));
  const songs = ["a.wav", "live/mic"];
  await world.ask({ type: "queue", to: ["the bath"], songs });
  await world.ask({
    ...{ type: "queue", to: ["the attic"], songs: ["live/mic"] },
  });
  await world.speak(6_000);
  speaker.isSilent = false;
  await world.speak(3_000);
  for (const it of [client, attic]) {
    const heard = speaker.heardBy(it);
    assert.ok(heard.length > 2 * 48_000, `${heard.length}`);
    assert.ok(heard.at(-1)!.lateMs < 650, `${heard.at(-1)!.lateMs} ms`);
  }
});
