import assert from "node:assert/strict";
import { bytesPerSecond, type PcmFormat } from "../../lib/audio/format.ts";
import { applyGain } from "../../lib/audio/pcm.ts";
import { Output } from "../../lib/client/output.ts";
import { LEAD_SECONDS } from "../../lib/client/pacer.ts";
import { Pump } from "../../lib/client/pump.ts";
import { OndacastError } from "../../lib/errors.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import fc from "../support/fast_check.ts";
import { CD, noise, PHONE } from "../support/memory_songs.ts";
import { concat } from "../support/raw_peer.ts";
import { openLinearResampler } from "../support/linear_resampler.ts";
import { Recorder } from "../support/recording_sink.ts";

function setUp(options: { realTime?: boolean; capacity?: number } = {}) {
  const { realTime = true, capacity = 1 << 20 } = options;
  const clock = new FakeClock();
  const recorder = new Recorder(clock, { realTime });
  const seen = { used: 0, gaps: 0, gapsOver: 0, opened: [] as string[] };
  const pump = new Pump(new Output(recorder.open), clock, {
    used: (bytes) => seen.used += bytes,
    gap: () => seen.gaps++,
    gapOver: () => seen.gapsOver++,
    opened: (player) => seen.opened.push(player),
  });
  pump.widen(capacity);
  return { clock, recorder, pump, seen };
}

/** Begins, gives it all the PCM, and runs. */
function playing(format: PcmFormat, pcm: Uint8Array, realTime = true) {
  const world = setUp({ realTime, capacity: pcm.length });
  world.pump.begin(format, 0, pcm.length);
  world.pump.push(pcm);
  world.pump.complete();
  return { ...world, done: world.pump.run() };
}

Deno.test("run() writes all PCM, and reports what has left the buffer", async () => {
  for (const realTime of [true, false]) {
    const pcm = noise(40_000);
    const { clock, recorder, pump, seen, done } = playing(PHONE, pcm, realTime);
    await clock.runUntil(done);
    assertBytes(recorder.pcm, pcm);
    assert.equal(seen.used, pcm.length);
    assert.deepEqual(seen.opened, ["recorder"]);
    assert.equal(pump.writtenBytes, pcm.length);
    assert.equal(pump.underruns, 0);
  }
});

Deno.test("run() writes at most 250 ms ahead of the clock, and never lets the player run dry", async () => {
  const { clock, recorder, done } = playing(CD, noise(176_400 * 3));
  await clock.runUntil(done);
  let written = 0;
  for (const { atMs, pcm } of recorder.writes) {
    const heard = atMs / 1000 * 176_400;
    if (atMs > 0) assert.ok(written > heard, `dry at ${atMs} ms`);
    written += pcm.length;
    assert.ok(written - heard <= 0.25 * 176_400 + 4, `too early at ${atMs} ms`);
  }
});

for (const [format, keptBytes] of [[CD, 396], [PHONE, 0]] as const) {
  Deno.test(`begin() keeps ${keptBytes} of 399 bytes of CD audio before others of ${format.bits} bits`, async () => {
    const { pump, seen, recorder, clock } = setUp();
    const before = noise(399);
    const pcm = noise(2000, 2);
    pump.begin(CD, 0, 4000);
    pump.push(before);
    pump.begin(format, 0, 4000);
    assert.deepEqual([pump.bufferedBytes, seen.used], [
      keptBytes,
      before.length - keptBytes,
    ]);
    pump.push(pcm);
    pump.complete();
    await clock.runUntil(pump.run());
    assertBytes(recorder.pcm, concat([before.subarray(0, keptBytes), pcm]));
  });
}

Deno.test("run() writes without waiting to a sink that is not real-time", async () => {
  const { clock, done } = playing(CD, noise(176_400 * 3), false);
  await clock.runUntil(done);
  assert.equal(clock.now(), 0);
});

Deno.test("run() waits for a slow sink", async () => {
  const pcm = noise(600_000);
  const { recorder, seen, clock, done } = playing(CD, pcm, false);
  const gate = Promise.withResolvers<void>();
  recorder.hold = gate.promise;
  await settle();
  assert.equal(recorder.writes.length, 1);
  assert.equal(seen.used, recorder.writes[0].pcm.length);
  recorder.hold = null;
  gate.resolve();
  await clock.runUntil(done);
  assertBytes(recorder.pcm, pcm);
});

Deno.test("run() writes whole sample frames, however the PCM comes in", async () => {
  const pcm = noise(6 * 5000);
  const format: PcmFormat = { ...CD, encoding: "s24le", bits: 24 };
  const sizes = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(sizes, fc.boolean(), async (sizes, realTime) => {
      const { clock, recorder, pump } = setUp({ realTime });
      pump.begin(format, 0, pcm.length);
      const done = pump.run();
      for (let at = 0, i = 0; at < pcm.length; i++) {
        const piece = pcm.subarray(at, at + sizes[i % sizes.length]);
        pump.push(piece);
        at += piece.length;
        await settle();
      }
      pump.complete();
      await clock.runUntil(done);
      assertBytes(recorder.pcm, pcm);
      assert.deepEqual(
        recorder.writes.map(({ pcm }) => pcm.length % 6).filter(Boolean),
        [],
      );
    }),
    { numRuns: 30 },
  );
});

Deno.test("run() applies the gain to every sample, however the PCM comes in", async () => {
  const pcm = noise(4 * 2000);
  const quiet = pcm.slice();
  applyGain(CD, quiet, 0.5);
  const { clock, recorder, pump } = setUp({ realTime: false });
  pump.gain = 0.5;
  pump.begin(CD, 0, pcm.length);
  const done = pump.run();
  for (let at = 0; at < pcm.length; at += 333) {
    pump.push(pcm.subarray(at, at + 333));
    await settle();
  }
  pump.complete();
  await clock.runUntil(done);
  assertBytes(recorder.pcm, quiet);
});

Deno.test("run() drops what is less than a sample frame at the end", async () => {
  const { clock, recorder, done } = playing(CD, noise(403));
  await clock.runUntil(done);
  assertBytes(recorder.pcm, noise(403).slice(0, 400));
});

Deno.test("run() resolves when there is no PCM at all", async () => {
  const { clock, recorder, done } = playing(CD, noise(0));
  await clock.runUntil(done);
  assert.equal(recorder.pcm.length, 0);
});

Deno.test("run() plays a file of any rate, a sample frame a second too", async () => {
  for (const rate of [1, 3, 5, 9, 768_000]) {
    const pcm = noise(20);
    const { clock, recorder, done } = playing({ ...PHONE, rate }, pcm);
    const { push } = recorder.writes;
    recorder.writes.push = (write) => {
      // Else it would write nothing for ever, and no clock could go on.
      if (recorder.writes.length > 1000) throw new Error("writes nothing");
      return push.call(recorder.writes, write);
    };
    await clock.runUntil(done);
    assertBytes(recorder.pcm, pcm);
  }
});

Deno.test("pause() and resume() lose and repeat nothing, whenever they come", async () => {
  const pcm = noise(8000 * 3);
  const pauses = fc.array(
    fc.tuple(fc.nat(700), fc.nat(2000)),
    { maxLength: 8 },
  );
  await fc.assert(
    fc.asyncProperty(pauses, async (pauses) => {
      const { clock, recorder, pump, done } = playing(PHONE, pcm);
      for (const [playMs, pauseMs] of pauses) {
        await clock.advance(playMs);
        pump.pause();
        const before = recorder.writes.length;
        await clock.advance(pauseMs);
        assert.equal(recorder.writes.length, before, "written while paused");
        pump.resume();
      }
      await clock.runUntil(done);
      assertBytes(recorder.pcm, pcm);
      assert.equal(pump.underruns, 0);
    }),
    { numRuns: 40 },
  );
});

Deno.test("pause() before the start holds all back", async () => {
  const { clock, recorder, pump } = setUp();
  pump.pause();
  const done = pump.run();
  pump.begin(PHONE, 0, 100);
  pump.push(noise(100));
  pump.complete();
  await clock.advance(5000);
  assert.deepEqual(recorder.writes, []);
  pump.resume();
  await clock.runUntil(done);
  assertBytes(recorder.pcm, noise(100));
});

Deno.test("underruns counts each gap once, and half a second is buffered before it continues", async () => {
  const { clock, recorder, pump, seen } = setUp();
  pump.begin(PHONE, 0, 1 << 20);
  const done = pump.run();
  pump.push(noise(8000)); // a second
  await clock.advance(999);
  assert.equal(pump.underruns, 0);
  await clock.advance(5000);
  assert.deepEqual([pump.underruns, seen.gaps], [1, 1]);
  pump.push(noise(3999, 2));
  await clock.advance(1000);
  assert.equal(recorder.pcm.length, 8000);
  pump.push(noise(1, 3));
  await clock.advance(0);
  assert.ok(recorder.pcm.length > 8000);
  await clock.advance(5000);
  assert.deepEqual([pump.underruns, seen.gaps], [2, 2]);
  pump.push(noise(10, 4)); // the end needs no half second
  pump.complete();
  await clock.runUntil(done);
  assertBytes(
    recorder.pcm,
    concat([noise(8000), noise(3999, 2), noise(1, 3), noise(10, 4)]),
  );
});

Deno.test("a gap is over once PCM is written, also after a pause or a seek in it", async () => {
  const acts: ((pump: Pump) => void)[] = [
    () => {},
    (pump) => (pump.pause(), pump.resume()),
    (pump) => (pump.clear(), pump.begin(PHONE, 0, 80_000)),
  ];
  for (const act of acts) {
    const { clock, pump, seen } = setUp();
    pump.begin(PHONE, 0, 80_000);
    const done = pump.run();
    pump.push(noise(8000));
    await clock.advance(5000);
    assert.deepEqual([seen.gaps, seen.gapsOver], [1, 0]);
    act(pump);
    await clock.advance(1000);
    assert.deepEqual([seen.gaps, seen.gapsOver], [1, 0]);
    pump.push(noise(8000));
    pump.complete();
    await clock.runUntil(done);
    assert.deepEqual([seen.gaps, seen.gapsOver], [1, 1]);
  }
});

Deno.test("underruns does not count the wait before the first PCM, nor the end", async () => {
  const { clock, pump } = setUp();
  pump.begin(PHONE, 0, 8000);
  const done = pump.run();
  await clock.advance(10_000);
  pump.push(noise(8000));
  pump.complete();
  await clock.runUntil(done);
  await clock.advance(10_000);
  assert.equal(pump.underruns, 0);
});

Deno.test("underruns does not count a pause", async () => {
  const { clock, pump } = setUp();
  pump.begin(PHONE, 0, 80_000);
  const done = pump.run();
  pump.push(noise(4000));
  await clock.advance(200);
  pump.pause();
  await clock.advance(10_000);
  pump.resume();
  await clock.advance(0);
  pump.push(noise(4000));
  pump.complete();
  await clock.runUntil(done);
  assert.equal(pump.underruns, 0);
});

Deno.test("clear() and begin() go on from another place, with no gap counted for the wait", async () => {
  const { clock, recorder, pump } = setUp();
  pump.begin(PHONE, 0, 80_000);
  const done = pump.run();
  pump.push(noise(40_000));
  await clock.advance(1000);
  const written = pump.writtenBytes;
  assert.equal(pump.clear(), 40_000 - written);
  assert.equal(pump.bufferedBytes, 0);
  await clock.advance(700); // the answer to a seek is on its way
  pump.begin(PHONE, 16_000, 80_000);
  pump.push(noise(800, 2));
  pump.complete();
  await clock.runUntil(done);
  assertBytes(
    recorder.pcm,
    concat([noise(40_000).slice(0, written), noise(800, 2)]),
  );
  assert.equal(pump.underruns, 0);
  await clock.advance(1000);
  assert.equal(pump.heardBytes, 16_800);
});

Deno.test("heardBytes is what the player has played, by the clock", async () => {
  const { clock, pump, done } = playing(PHONE, noise(24_000));
  for (const ms of [0, 100, 150, 1000]) {
    await clock.advance(ms);
    assert.ok(Math.abs(pump.heardBytes - clock.now() * 8) <= 1);
  }
  await clock.runUntil(done);
  await clock.advance(250);
  assert.equal(pump.heardBytes, 24_000);
});

Deno.test("level is that of what was written last, whatever has come since", async () => {
  const { clock, pump } = setUp();
  pump.begin(PHONE, 0, 1 << 20);
  const done = pump.run();
  pump.push(new Uint8Array(2400).fill(0xC0));
  await clock.advance(150); // all of it is written
  assert.equal(pump.bufferedBytes, 0);
  assert.equal(pump.level, 0.5);
  pump.push(new Uint8Array(3000).fill(0x80));
  assert.equal(pump.level, 0.5);
  pump.stop();
  await done;
});

Deno.test("level is the peak of what was written last, and 0 while paused", async () => {
  const pcm = new Uint8Array(8000).fill(0x80);
  pcm[7999] = 0xC0;
  const { clock, pump, done } = playing(PHONE, pcm);
  await clock.advance(0);
  assert.equal(pump.level, 0);
  await clock.runUntil(done);
  assert.equal(pump.level, 0.5);
  pump.pause();
  assert.equal(pump.level, 0);
});

Deno.test("stop() ends it at once, with what is left in the buffer", async () => {
  for (const paused of [true, false]) {
    const { clock, recorder, pump, done } = playing(PHONE, noise(80_000));
    await clock.advance(1000);
    if (paused) pump.pause();
    pump.stop();
    await settle();
    await done;
    assert.ok(recorder.pcm.length <= 10_000);
  }
});

Deno.test("run() rejects when the player fails, even while it waits", async () => {
  for (const ms of [0, 1050, 20_000]) {
    const { clock, recorder, pump } = setUp();
    pump.begin(PHONE, 0, 80_000);
    pump.push(noise(16_000));
    const done = pump.run();
    done.catch(() => {});
    await clock.advance(ms);
    recorder.fail(new OndacastError("player-failed", "Cannot play"));
    await assert.rejects(clock.runUntil(done, 1000), { code: "player-failed" });
  }
});

Deno.test("run() rejects when a write fails", async () => {
  const { clock, recorder, pump } = setUp();
  recorder.hold = Promise.reject(new OndacastError("output-failed", "full"));
  recorder.hold.catch(() => {});
  pump.begin(PHONE, 0, 80_000);
  pump.push(noise(100));
  pump.complete();
  const done = pump.run();
  done.catch(() => {});
  await assert.rejects(clock.runUntil(done), { code: "output-failed" });
});

Deno.test("run() gathers a quarter of a second before a song begins", async () => {
  const { clock, recorder, pump } = setUp();
  pump.begin(PHONE, 0, 80_000);
  const quarter = bytesPerSecond(PHONE) / 4;
  pump.push(noise(quarter - 2));
  const done = pump.run();
  await clock.advance(1000);
  assert.equal(recorder.pcm.length, 0);
  pump.push(noise(2));
  await clock.advance(1);
  assert.equal(recorder.pcm.length, bytesPerSecond(PHONE) * LEAD_SECONDS);
  pump.complete();
  await clock.runUntil(done);
  assert.equal(pump.underruns, 0);
});

Deno.test("push() throws bad-frame when more comes than the buffer has room for", () => {
  const { pump } = setUp({ capacity: 100 });
  pump.begin(PHONE, 0, 100);
  pump.push(noise(60));
  assert.equal(pump.room, 40);
  assert.throws(() => pump.push(noise(41)), { code: "bad-frame" });
});

/** As `playing()`, with a delay of the start. */
function playingIn(delay: Promise<number | null>, realTime = true) {
  const pcm = noise(8000);
  const world = setUp({ realTime, capacity: pcm.length });
  world.pump.begin(PHONE, 0, pcm.length);
  world.pump.startIn(delay);
  world.pump.push(pcm);
  world.pump.complete();
  return { ...world, pcm, done: world.pump.run() };
}

Deno.test("startIn() holds the first PCM back until it is due", async () => {
  const delay = Promise.withResolvers<number | null>();
  const { clock, recorder, pump, pcm, done } = playingIn(delay.promise);
  await clock.advance(300);
  assert.equal(recorder.writes.length, 0);
  delay.resolve(500);
  await clock.runUntil(done);
  assert.equal(recorder.writes[0].atMs, 800);
  assertBytes(recorder.pcm, pcm);
  assert.equal(pump.underruns, 0);
});

Deno.test("startIn() skips what was due before, also all of it", async () => {
  for (const [lateMs, heardFrom] of [[250, 2000], [5000, 8000]]) {
    const { clock, recorder, pump, seen, pcm, done } = playingIn(
      Promise.resolve(-lateMs),
    );
    await clock.runUntil(done);
    assertBytes(recorder.pcm, pcm.subarray(heardFrom));
    assert.equal(seen.used, pcm.length);
    assert.equal(pump.writtenBytes, pcm.length - heardFrom);
  }
});

Deno.test("startIn() skips late PCM that comes later, too", async () => {
  const { clock, recorder, pump } = setUp();
  const pcm = noise(8000);
  pump.begin(PHONE, 0, pcm.length);
  pump.startIn(Promise.resolve(-500));
  const done = pump.run();
  for (let at = 0; at < pcm.length; at += 1001) {
    await settle();
    pump.push(pcm.subarray(at, at + 1001));
  }
  pump.complete();
  await clock.runUntil(done);
  assertBytes(recorder.pcm, pcm.subarray(4000));
});

Deno.test("startIn() changes nothing without a time, with a sink that is not real-time, when it is hardly late, and after a pause", async () => {
  for (
    const [delay, realTime, pauses] of [
      [null, true, false],
      [9000, false, false],
      [-500, false, false],
      [-50, true, false],
      [9000, true, true],
    ] as const
  ) {
    const { clock, recorder, pump, pcm, done } = playingIn(
      Promise.resolve(delay),
      realTime,
    );
    if (pauses) pump.pause();
    await settle();
    if (pauses) pump.resume();
    await clock.runUntil(done);
    assert.equal(recorder.writes[0].atMs, 0);
    assertBytes(recorder.pcm, pcm);
  }
});

for (const ppm of [100, -100]) {
  Deno.test(`an hour of live sound at ${ppm} ppm has no gap, and comes no later`, async () => {
    const clock = new FakeClock();
    const recorder = new Recorder(clock, { realTime: true });
    const output = new Output(recorder.open, null, openLinearResampler);
    let gaps = 0;
    const pump = new Pump(output, clock, {
      used() {},
      gap: () => gaps++,
      gapOver() {},
      opened() {},
    });
    const second = 1_000;
    pump.begin({ ...PHONE, rate: second }, 0, 4 * second);
    const done = pump.run();
    const pieceMs = 100;
    const piece = new Uint8Array(second * pieceMs / 1000);
    const levels: number[] = [];
    for (let i = 0; i < 3600_000 / pieceMs; i++) {
      pump.push(piece);
      pump.keepUp();
      await clock.advance(pieceMs / (1 + ppm / 1e6));
      if (i === 100 || i % 6000 === 5999) levels.push(pump.bufferedBytes);
      recorder.writes.length = 0;
    }
    assert.equal(gaps, 0);
    assert.equal(pump.underruns, 0);
    const spread = Math.max(...levels) - Math.min(...levels);
    assert.ok(spread <= 0.11 * second, `${levels}`);
    pump.stop();
    await clock.runUntil(done);
  });
}
