import assert from "node:assert/strict";
import { Output } from "../../lib/client/output.ts";
import { GIVE_UP_MS } from "../../lib/client/player_retry.ts";
import { songPlayback } from "../../lib/client/song_playback.ts";
import { OndacastError } from "../../lib/errors.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { MemoryClient } from "../support/memory_client.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";

const BUSY = new OndacastError("player-failed", "The device is busy");
const PCM = noise(160_000);

/** A song on a player that fails at once so many times, and then plays. */
function setUp(failures: number, how: "opening" | "playing" = "playing") {
  const client = new MemoryClient({ realTime: true });
  const { clock, link, recorder, server } = client;
  server.songs.add("a.wav", wavFile(PHONE, PCM));
  let left = failures;
  const output = new Output((format) => {
    if (left > 0 && how === "opening") {
      left--;
      return Promise.reject(BUSY);
    }
    const opened = recorder.open(format);
    if (left-- > 0) recorder.fail(BUSY);
    return opened;
  });
  const outlivesPlayer = true;
  const playback = songPlayback({ link, output, song: "a", outlivesPlayer });
  const reported: string[] = [];
  playback.listen({
    problem: (problem) =>
      reported.push(`${clock.now()} ${problem?.message ?? "well"}`),
  });
  const done = playback.run();
  done.catch(() => {});
  const doing = () => server.hub.presence.named("kitchen")[0].activity;
  return { client, clock, recorder, playback, reported, done, doing };
}

for (const how of ["opening", "playing"] as const) {
  Deno.test(`a song waits while its player fails in ${how}, and tries again after 5 s`, async () => {
    const { clock, recorder, reported, done, doing } = setUp(2, how);
    await clock.advance(1000);
    assert.equal(doing().problem, BUSY.message);
    assert.equal(doing().doing, "paused");
    await clock.advance(15_000);
    assert.deepEqual(reported, [
      `0 ${BUSY.message}`,
      `5000 ${BUSY.message}`,
      "14000 well",
    ]);
    assert.deepEqual([doing().doing, doing().problem], ["playing", undefined]);
    await clock.runUntil(done);
    assertBytes(recorder.pcm.slice(-PCM.length), PCM);
  });
}

Deno.test("a player that dies in mid-song is restarted, and the song continues", async () => {
  const { clock, recorder, reported, done } = setUp(0);
  await clock.advance(8000);
  recorder.fail(BUSY);
  await clock.advance(1000);
  const before = recorder.pcm.length;
  assert.ok(before < 8.3 * 8000, "it waits");
  await clock.runUntil(done);
  assertBytes(recorder.pcm.slice(before), PCM.subarray(8 * 8000));
  assert.deepEqual(reported, [`8000 ${BUSY.message}`, "17000 well"]);
});

Deno.test("keys are obeyed while the player fails", async () => {
  const { clock, recorder, playback, done } = setUp(1, "opening");
  await clock.advance(1000);
  playback.pause();
  playback.seek(10);
  await clock.advance(10_000);
  assert.equal(recorder.pcm.length, 0);
  playback.resume();
  await clock.advance(1000);
  assertBytes(recorder.pcm, PCM.subarray(80_000, 80_000 + recorder.pcm.length));
  playback.skip();
  await clock.runUntil(done, 0);
});

Deno.test("skip() ends the waiting for a player", async () => {
  const { clock, playback, done } = setUp(Infinity);
  await clock.advance(7000);
  playback.skip();
  await clock.runUntil(done, 0);
  assert.equal(playback.skipped, true);
});

Deno.test("skip() of what could not be heard leaves no problem behind", async () => {
  const { clock, playback, done, doing } = setUp(Infinity);
  await clock.advance(1000);
  assert.equal(doing().problem, BUSY.message);
  playback.skip();
  await clock.runUntil(done, 0);
  await clock.advance(1000);
  assert.deepEqual(doing(), { doing: "idle" });
});

Deno.test("a song is given up after ten minutes without a player", async () => {
  const { clock, done, doing } = setUp(Infinity);
  await clock.advance(GIVE_UP_MS - 1);
  assert.equal(doing().problem, BUSY.message);
  assert.equal(doing().position, 0, "each try begins where the last one did");
  await assert.rejects(clock.runUntil(done, 5001), { code: "player-failed" });
  await clock.advance(0);
  assert.equal(doing().doing, "idle");
});
