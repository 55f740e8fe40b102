import assert from "node:assert/strict";
import { NullSink } from "../../../lib/io/sinks/file_sinks.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { CD, noise } from "../../support/memory_songs.ts";

Deno.test("NullSink.end() resolves when all PCM would have been played", async () => {
  const clock = new FakeClock();
  const sink = new NullSink(CD, true, clock);
  await sink.write(noise(176_400));
  await clock.advance(200);
  await sink.write(noise(17_640));
  await clock.runUntil(sink.end());
  assert.equal(clock.now(), 1_100);
});

Deno.test("NullSink.end() resolves at once when it plays as fast as possible", async () => {
  const clock = new FakeClock();
  const sink = new NullSink(CD, false, clock);
  await sink.write(noise(176_400));
  await sink.end();
  assert.equal(clock.now(), 0);
});
