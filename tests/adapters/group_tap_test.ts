import assert from "node:assert/strict";
import { GroupTap, TAP_FORMAT } from "../../lib/adapters/tap/group_tap.ts";
import type { LiveFeed } from "../../lib/ports/server.ts";
import { findDevices } from "../../lib/server/groups/targets.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { settle } from "../support/fake_clock.ts";
import { openLinearResampler } from "../support/linear_resampler.ts";
import { MemoryServer } from "../support/memory_server.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";
import { concat, type RawPeer } from "../support/raw_peer.ts";

/** 192 bytes a millisecond. */
const BYTES_A_MS = 192;
const HEAD_BYTES = 44;
const A = noise(400 * BYTES_A_MS);
const B = noise(1_000 * BYTES_A_MS, 2);

/** A device of a server, and a tap of its group. */
async function setUp() {
  const server = new MemoryServer();
  server.songs.add("a.wav", wavFile(TAP_FORMAT, A));
  server.songs.add("b.wav", wavFile(TAP_FORMAT, B));
  server.songs.add("phone.wav", wavFile(PHONE, new Uint8Array(8_000)));
  const { peer } = await server.connectWelcomed({
    hello: { features: ["groups"], receive: true, window: 1 << 24 },
  });
  const { groups, presence } = server.hub;
  const find = () => groups.group(findDevices(groups, presence, "kitchen")[0]);
  const openResampler = openLinearResampler;
  const tap = new GroupTap("kitchen", {
    ...{ find, clock: server.clock, openResampler },
  });
  const song = tap.open();
  return { server, peer, tap, song, live: song.live! };
}

/** Has time pass, and takes what is heard meanwhile. */
async function hear(
  { server, live }: { server: MemoryServer; live: LiveFeed },
  ms: number,
): Promise<Uint8Array> {
  const heard: Uint8Array[] = [];
  let at = Math.max(HEAD_BYTES, live.edge);
  for (let passed = 0; passed < ms; passed += 50) {
    await server.clock.advance(50);
    if (passed % 500 === 0) server.hub.sweep();
    for (let i = 0; i < 8; i++) await settle();
    heard.push(live.slice(at, live.edge).slice());
    at = live.edge;
  }
  return concat(heard);
}

async function command(peer: RawPeer, message: Record<string, unknown>) {
  await peer.send({ to: "kitchen", ...message });
  for (let i = 0; i < 8; i++) await settle();
}

/** The bytes from the first that is no silence to the last. */
function loud(pcm: Uint8Array): Uint8Array {
  const from = pcm.findIndex((it) => it !== 0);
  return from < 0
    ? new Uint8Array(0)
    : pcm.subarray(from, pcm.findLastIndex((it) => it !== 0) + 1);
}

Deno.test("a tap of a silent group is silence as time passes", async () => {
  const it = await setUp();
  const pcm = await hear(it, 1_000);
  assert.equal(pcm.length, 1_000 * BYTES_A_MS);
  assert.ok(pcm.every((byte) => byte === 0));
});

Deno.test("a tap has the songs of a group from their first sample to their last, without a gap", async () => {
  const it = await setUp();
  await command(it.peer, { type: "queue", songs: ["a.wav", "b.wav"] });
  const pcm = await hear(it, 2_500);
  assertBytes(loud(pcm), loud(concat([A, B])));
  const ms = pcm.length / BYTES_A_MS;
  assert.ok(Math.abs(ms - 2_500) <= 100, `${ms}`);
});

Deno.test("a tap has the end of a song that its device has heard before the line says so", async () => {
  const it = await setUp();
  await command(it.peer, { type: "queue", songs: ["b.wav"] });
  const { stream } = await it.peer.next("start");
  const before = await hear(it, 1_000);
  assert.ok(loud(before).length < loud(B).length);
  const state = { type: "state", stream, volume: 100, underruns: 0 };
  await command(it.peer, { ...state, position: 1, playing: false });
  const pcm = concat([before, await hear(it, 500)]);
  assertBytes(loud(pcm), loud(B));
});

Deno.test("a tap is silent while its group is paused, and goes on at the sample", async () => {
  const it = await setUp();
  await command(it.peer, { type: "queue", songs: ["b.wav"] });
  const before = loud(await hear(it, 800));
  const control = { type: "control" };
  await command(it.peer, { ...control, action: "pause" });
  await hear(it, 100);
  const paused = await hear(it, 1_000);
  assert.equal(paused.length, 1_000 * BYTES_A_MS);
  assert.equal(loud(paused).length, 0);
  await command(it.peer, { ...control, action: "resume" });
  const after = loud(await hear(it, 1_500));
  const rest = loud(B);
  assertBytes(before, rest.subarray(0, before.length));
  assertBytes(after, rest.subarray(-after.length));
  const lacking = rest.length - before.length - after.length;
  assert.ok(lacking <= 100 * BYTES_A_MS, `${lacking}`);
});

Deno.test("a tap goes on at the place of a seek", async () => {
  const it = await setUp();
  await command(it.peer, { type: "queue", songs: ["b.wav"] });
  await hear(it, 500);
  await command(it.peer, { type: "control", action: "seek", value: 0.8 });
  const pcm = loud(await hear(it, 800));
  const rest = loud(B.subarray(800 * BYTES_A_MS));
  assertBytes(pcm.subarray(-rest.length), rest);
});

Deno.test("a tap begins where the group is", async () => {
  const it = await setUp();
  it.song.close();
  await it.server.clock.advance(100);
  await command(it.peer, { type: "queue", songs: ["a.wav", "b.wav"] });
  await it.server.sweepFor(1_500);
  const song = it.tap.open();
  const pcm = loud(await hear({ ...it, live: song.live! }, 1_500));
  assertBytes(pcm, loud(B).subarray(-pcm.length));
  assert.ok(pcm.length > 100 * BYTES_A_MS, `${pcm.length}`);
});

Deno.test("a tap converts what has another layout, in its length", async () => {
  const it = await setUp();
  await command(it.peer, { type: "queue", songs: ["phone.wav"] });
  const pcm = loud(await hear(it, 2_000));
  const ms = pcm.length / BYTES_A_MS;
  assert.ok(Math.abs(ms - 1_000) < 2, `${ms}`);
});

Deno.test("a tap reads nothing while nobody listens", async () => {
  const it = await setUp();
  it.song.close();
  it.song.close();
  await it.server.clock.advance(100);
  const { edge } = it.live;
  await it.server.clock.advance(1_000);
  assert.equal(it.live.edge, edge);
  assert.notEqual(it.tap.open().live, it.live);
});

Deno.test("a tap of a group that is not there is refused; one that leaves is silent", async () => {
  const it = await setUp();
  it.server.connections[0].client.close();
  await it.server.clock.advance(10);
  assert.equal((await hear(it, 1_000)).length, 1_000 * BYTES_A_MS);
  assert.throws(() => it.tap.open(), { code: "not-found" });
});
