import assert from "node:assert/strict";
import { assertBytes } from "../support/assert_bytes.ts";
import {
  PCM,
  SECONDS,
  SOURCES,
  type World,
} from "../support/playback_sources.ts";

/** Leads a song that has just begun to a moment. */
const MOMENTS: Record<string, (world: World) => Promise<void> | void> = {
  "before the first byte": () => {},
  "at the begin": ({ client }) => client.clock.advance(100),
  "while it plays": ({ client }) => client.clock.advance(13_000),
  "behind what was stored": ({ client }) => client.clock.advance(31_000),
  "while paused": async ({ client, playback }) => {
    await client.clock.advance(13_000);
    playback.pause();
    await client.clock.advance(1000);
  },
  "while paused before the first byte": ({ playback }) => playback.pause(),
  "while the server is away": async ({ client }) => {
    await client.clock.advance(13_000);
    client.server.connections.at(-1)?.cut();
    await client.clock.advance(1000);
  },
  "paused, and the server away": async ({ client, playback }) => {
    await client.clock.advance(13_000);
    playback.pause();
    client.server.connections.at(-1)?.cut();
    await client.clock.advance(1000);
  },
  "at the end": ({ client }) => client.clock.advance(SECONDS * 1000 - 350),
  "paused at the end": async ({ client, playback }) => {
    await client.clock.advance(SECONDS * 1000 - 350);
    playback.pause();
    await client.clock.advance(1000);
  },
};

/** Where each seek leads. */
const SEEKS: Record<string, (position: number) => number> = {
  "10 s on": (position) => position + 10,
  "10 s back": (position) => position - 10,
  "to the same place": (position) => position,
  "to half a minute": () => 30,
  "before the begin": () => -5,
  "to the end": () => SECONDS,
  "far beyond the end": () => 1e9,
};

/** Does something at each moment of each source, in worlds of their own. */
function eachCase(
  name: string,
  check: (
    world: World & { done: Promise<unknown>; source: string },
    label: string,
  ) => Promise<void>,
): void {
  for (const [source, begin] of Object.entries(SOURCES)) {
    Deno.test(`${name}: ${source}`, async () => {
      for (const [moment, lead] of Object.entries(MOMENTS)) {
        const world = begin();
        const done = world.playback.run();
        done.catch(() => {});
        await lead(world);
        await check({ ...world, done, source }, `${moment}:`);
      }
    });
  }
}

function heardLater({ client }: World, before: number): Uint8Array {
  return client.recorder.pcm.slice(before);
}

for (const [name, target] of Object.entries(SEEKS)) {
  eachCase(`seek() ${name}`, async (world, label) => {
    const { client, playback, done, source } = world;
    const { clock, recorder } = client;
    const before = recorder.pcm.length;
    const to = target(playback.state?.positionSeconds ?? 0);
    const could = playback.seek(to);
    assert.equal(could, source !== "plain stream", label);
    await clock.advance(500);
    playback.resume();
    await clock.runUntil(done);
    const byte = could
      ? Math.round(Math.min(Math.max(0, to), SECONDS) * 8000)
      : before;
    assertBytes(heardLater(world, before), PCM.subarray(byte), label);
  });
}

eachCase(
  "many seeks at once, the last of which counts",
  async (world, label) => {
    const { client, playback, done, source } = world;
    const before = client.recorder.pcm.length;
    for (const to of [50, 3, 59, 0, 41, 20]) playback.seek(to);
    playback.resume();
    await client.clock.runUntil(done);
    const byte = source === "plain stream" ? before : 20 * 8000;
    assertBytes(heardLater(world, before), PCM.subarray(byte), label);
  },
);

eachCase(
  "seeks while time passes, the last of which counts",
  async (world, label) => {
    const { client, playback, done, source } = world;
    if (source === "plain stream" || label.includes("end")) return;
    for (const to of [50, 3, 41, 20]) {
      playback.seek(to);
      await client.clock.advance(77);
    }
    const before = client.recorder.pcm.length;
    playback.seek(45);
    playback.resume();
    await client.clock.runUntil(done);
    assertBytes(heardLater(world, before), PCM.subarray(45 * 8000), label);
  },
);

eachCase(
  "pause() is silent until resume(), which loses and repeats nothing",
  async (world, label) => {
    const { client, playback, done } = world;
    playback.pause();
    const before = client.recorder.pcm.length;
    await client.clock.advance(20_000);
    assert.equal(client.recorder.pcm.length, before, label);
    playback.resume();
    playback.resume();
    await client.clock.runUntil(done);
    assertBytes(client.recorder.pcm, PCM, label);
  },
);

eachCase("skip() ends the song at once", async (world, label) => {
  const { client, playback, done } = world;
  const before = client.recorder.pcm.length;
  playback.skip();
  await client.clock.runUntil(done, 0);
  assert.equal(playback.skipped, true, label);
  assert.equal(client.recorder.pcm.length, before, label);
  playback.seek(3);
  playback.pause();
  playback.resume();
  playback.skip();
  await client.clock.advance(5000);
  assert.equal(client.recorder.pcm.length, before, `${label} it is over`);
});

eachCase(
  "volume holds from then on, within 0 and 100",
  async (world, label) => {
    const { client, playback, done } = world;
    playback.volume = 130;
    assert.equal(playback.volume, 100, label);
    playback.volume = -5;
    assert.equal(playback.volume, 0, label);
    const before = client.recorder.pcm.length;
    playback.resume();
    await client.clock.runUntil(done);
    const later = heardLater(world, before);
    assert.ok(later.every((byte) => byte === 0x80), label);
    assert.equal(before + later.length, PCM.length, label);
  },
);
