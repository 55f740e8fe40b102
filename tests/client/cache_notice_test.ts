import assert from "node:assert/strict";
import { songPlayback } from "../../lib/client/song_playback.ts";
import { findCached } from "../../lib/client/through_cache.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { settle } from "../support/fake_clock.ts";
import { MemoryCache } from "../support/memory_cache.ts";
import { MemoryClient } from "../support/memory_client.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";

const SECONDS = 40;
const PCM = noise(SECONDS * 8000);
const FILE = wavFile(PHONE, PCM);

/** A song under way from a cache that has so much of it. */
async function setUp(storedBytes = FILE.length) {
  const client = new MemoryClient({ realTime: true, windowBytes: 20_000 });
  const { clock, link, output, recorder, server } = client;
  server.songs.add("a.wav", FILE);
  const entry = server.songs.find("a.wav")!;
  const cache = new MemoryCache();
  cache.add({
    server: link.place,
    song: entry.name,
    etag: entry.etag,
    bytes: entry.bytes!,
    format: entry.format!,
  }, FILE.slice(0, storedBytes));
  const found = await clock.runUntil(findCached(cache, link, "a"));
  assert.ok(found);
  const playback = songPlayback({ link, output, cache, found, song: "a.wav" });
  const done = playback.run();
  done.catch(() => {});
  const seen = () => {
    const [row] = server.hub.online(undefined, 10).rows;
    const { doing, song, position } = row.state;
    return [doing, song, position === undefined ? "" : Math.round(position)]
      .filter((word) => word !== "" && word !== undefined).join(" ");
  };
  return { clock, server, recorder, playback, done, seen };
}

for (
  const [name, storedBytes] of [["whole", FILE.length], [
    "half",
    240_000,
  ]] as const
) {
  Deno.test(`a song of which the cache has the ${name} is reported like any other`, async () => {
    const { clock, playback, done, seen } = await setUp(storedBytes);
    await clock.advance(3000);
    assert.equal(seen(), "playing a.wav 3");
    playback.pause();
    await clock.advance(5000);
    assert.equal(seen(), "paused a.wav 3");
    playback.seek(20);
    playback.resume();
    await clock.advance(1000);
    assert.equal(seen(), "playing a.wav 21");
    await clock.runUntil(done);
    await settle();
    assert.equal(seen(), "idle");
  });
}

Deno.test("a skipped song of the cache is not reported as paused", async () => {
  const { clock, playback, done, seen } = await setUp();
  await clock.advance(3000);
  playback.skip();
  await clock.runUntil(done, 0);
  await settle();
  assert.equal(seen(), "idle");
});

Deno.test("a song of the cache is reported again after a reconnect", async () => {
  const { clock, server, recorder, done, seen } = await setUp();
  await clock.advance(3000);
  server.connections[0].cut();
  await clock.advance(2000);
  assert.equal(server.connections.length, 2);
  assert.equal(seen(), "playing a.wav 5");
  await clock.runUntil(done);
  assertBytes(recorder.pcm, PCM);
});

Deno.test("a song of the cache plays on when the server has another content after a reconnect", async () => {
  const { clock, server, recorder, done } = await setUp();
  await clock.advance(3000);
  server.songs.add("a.wav", wavFile(PHONE, noise(1000, 9)));
  server.connections[0].cut();
  await clock.runUntil(done);
  assertBytes(recorder.pcm, PCM);
});
