import assert from "node:assert/strict";
import { HeardLine } from "../../lib/audio/heard_line.ts";
import { seededRandom } from "../support/seeded_random.ts";

const RATE = 48_000;
const PER_MS = RATE / 1000;

/** Adds reports of a device, 20 a second, and checks the line after each. */
function follow(
  line: HeardLine,
  { fromMs, toMs, framesAt, lateMs, check }: {
    fromMs: number;
    toMs: number;
    framesAt: (ms: number) => number;
    lateMs: () => number;
    check?: (ms: number, errorMs: number) => void;
  },
): void {
  for (let ms = fromMs; ms < toMs; ms += 50) {
    const readMs = ms + lateMs();
    line.add(framesAt(ms), readMs);
    const heard = line.at(readMs);
    if (heard !== null) check?.(ms, (heard - framesAt(readMs)) / PER_MS);
  }
}

Deno.test("at() follows a device whose rate is 100 ppm off, to 0.02 ms", () => {
  const line = new HeardLine(RATE);
  follow(line, {
    ...{ fromMs: 0, toMs: 60_000, lateMs: () => 0 },
    framesAt: (ms) => ms * PER_MS * 1.0001,
    check: (ms, errorMs) => {
      assert.ok(Math.abs(errorMs) < (ms < 4_000 ? 0.25 : 0.02), `${errorMs}`);
    },
  });
});

Deno.test("at() leaves out reports that the machine was too busy to read", () => {
  const random = seededRandom(1);
  const line = new HeardLine(RATE);
  follow(line, {
    ...{ fromMs: 0, toMs: 60_000, framesAt: (ms) => ms * PER_MS },
    lateMs: () => random() < 0.15 ? 40 * random() : 0.1 * random(),
    check: (ms, errorMs) => {
      assert.ok(Math.abs(errorMs) < (ms > 2_000 ? 0.3 : 5), `${errorMs}`);
    },
  });
});

Deno.test("at() is null until a player has reported five times", () => {
  const line = new HeardLine(RATE);
  for (let i = 0; i < 5; i++) {
    assert.equal(line.at(i), null);
    line.add(i, i);
  }
  assert.notEqual(line.at(5), null);
});

Deno.test("at() leaves out what a player reports before it knows", () => {
  // As PulseAudio does after it has begun, or has run dry.
  const early = [55, 6.3, -0.7, -0.8, 0.05, -0.2, -0.4, -0.3, -0.6, -1, -0.3];
  const line = new HeardLine(RATE);
  follow(line, {
    ...{ fromMs: 0, toMs: 5_000, lateMs: () => 0 },
    framesAt: (ms) => (ms + (early[ms / 50] ?? 0)) * PER_MS,
    check: (ms, errorMs) => {
      if (ms > 1_000) assert.ok(Math.abs(errorMs) < 0.3, `${errorMs} at ${ms}`);
    },
  });
});

Deno.test("at() takes a new line 0.3 s after the player has lost time", () => {
  const line = new HeardLine(RATE);
  follow(line, {
    ...{ fromMs: 0, toMs: 20_000, framesAt: (ms) => ms * PER_MS },
    lateMs: () => 0,
  });
  follow(line, {
    ...{ fromMs: 20_000, toMs: 25_000, lateMs: () => 0 },
    framesAt: (ms) => (ms - 100) * PER_MS,
    check: (ms, errorMs) => {
      if (ms >= 20_250) assert.ok(Math.abs(errorMs) < 0.01, `${errorMs}`);
    },
  });
});

Deno.test("at() follows a device that is 0.13 % fast, and one that becomes it, to 0.15 ms", () => {
  const random = seededRandom(1);
  const line = new HeardLine(RATE);
  const lateMs = () => 0.3 * random();
  const fastMs = (ms: number) => Math.max(0, ms - 20_000) * 0.0013;
  const meanLateMs = 0.15;
  follow(line, {
    ...{ fromMs: 0, toMs: 40_000, lateMs },
    framesAt: (ms) => (ms + fastMs(ms)) * PER_MS,
    check: (ms, errorMs) => {
      const isKnown = ms > 1_000 && ms < 20_000 || ms > 23_000;
      const off = Math.abs(errorMs + meanLateMs);
      if (isKnown) assert.ok(off < 0.15, `${off} at ${ms}`);
    },
  });
  assert.ok(Math.abs(line.drift! - 0.0013) < 3e-5, `${line.drift}`);
});

Deno.test("drift is kept when the player loses time, and null before 2 s", () => {
  const line = new HeardLine(RATE);
  const device = (lostMs: number) => (ms: number) =>
    (ms - lostMs) * PER_MS * 1.0005;
  follow(line, {
    ...{ fromMs: 0, toMs: 1_900, lateMs: () => 0, framesAt: device(0) },
  });
  assert.equal(line.drift, null);
  follow(line, {
    ...{ fromMs: 1_900, toMs: 10_000, lateMs: () => 0, framesAt: device(0) },
  });
  follow(line, {
    ...{ fromMs: 10_000, toMs: 10_600, lateMs: () => 0, framesAt: device(90) },
  });
  assert.ok(Math.abs(line.drift! - 0.0005) < 2e-5, `${line.drift}`);
});
