import assert from "node:assert/strict";
import { LevelLaw } from "../../lib/model/level_law.ts";

/**
 * Plays what a sender sends in pieces.
 *
 * @returns The least and most in the buffer, of the last pieces of a minute each.
 */
function play(
  options: { ppm: number; minutes: number; pieceMs: number; jitterMs?: number },
) {
  const { ppm, minutes, pieceMs, jitterMs = 0 } = options;
  const law = new LevelLaw();
  const ratios: number[] = [];
  let level = 0.3;
  let dueMs = 0;
  const minutesSeen: { least: number; most: number }[] = [];
  for (let minute = 0; minute < minutes; minute++) {
    let [least, most] = [Infinity, -Infinity];
    for (let i = 0; i < 600; i++) {
      const nowMs = (minute * 600 + i) * 100;
      const late = jitterMs * ((i * 7919) % 10) / 10;
      while (dueMs + late <= nowMs) {
        level += pieceMs / 1000;
        dueMs += pieceMs / (1 + ppm / 1e6);
      }
      law.note(level, nowMs);
      level -= 0.1 * law.ratio;
      least = Math.min(least, level);
      most = Math.max(most, level);
    }
    minutesSeen.push({ least, most });
    ratios.push(law.ratio);
  }
  return { ratios, minutesSeen };
}

for (const ppm of [100, -100, 400, -400]) {
  for (const pieceMs of [20, 100, 250]) {
    Deno.test(`a buffer of pieces of ${pieceMs} ms at ${ppm} ppm stays as full as it was for two hours`, () => {
      const { ratios, minutesSeen } = play({
        ...{ ppm, pieceMs, minutes: 120, jitterMs: 40 },
      });
      const [first] = minutesSeen;
      // Whether a piece comes before or after a read changes over the minutes.
      const near = 0.05 + pieceMs / 1000;
      for (const { least, most } of minutesSeen) {
        assert.ok(least > 0, `${least}`);
        assert.ok(Math.abs(least - first.least) < near, `${least}`);
        assert.ok(Math.abs(most - first.most) < near, `${most}`);
      }
      const off = ratios.reduce((sum, it) => sum + it - 1, 0) / ratios.length;
      assert.ok(Math.abs(off * 1e6 - ppm) < 20, `${off}`);
    });
  }
}

for (const seconds of [0.05, 0.4]) {
  Deno.test(`${seconds} s at first become 0.3 s, without another pitch`, () => {
    const law = new LevelLaw();
    let level = seconds;
    for (let ms = 0; ms < 1_200_000; ms += 100) {
      law.note(level, ms);
      assert.ok(Math.abs(law.ratio - 1) < 1.001e-3);
      level += 0.1 - 0.1 * law.ratio;
    }
    assert.ok(Math.abs(level - 0.3) < 0.01, `${level}`);
  });
}

Deno.test("what was not needed at first, or after a gap, is skipped once", () => {
  const law = new LevelLaw();
  const pass = (seconds: number, fromMs: number) => {
    let skipped = 0;
    for (let ms = 0; ms <= 30_000; ms += 100) {
      skipped += law.note(seconds - skipped, fromMs + ms);
    }
    return Number(skipped.toFixed(6));
  };
  assert.equal(pass(0.9, 0), 0.6);
  assert.equal(pass(0.5, 40_000), 0);
  law.ranDry();
  assert.equal(pass(0.9, 80_000), 0.5);
});

Deno.test("after each gap more is kept, up to 0.7 s", () => {
  const law = new LevelLaw();
  for (const kept of [0.4, 0.5, 0.6, 0.7, 0.7]) {
    law.ranDry();
    for (let ms = 0; ms <= 20_000; ms += 100) law.note(kept, ms);
    assert.ok(Math.abs(law.ratio - 1) < 1e-9, `${law.ratio}`);
  }
});

Deno.test("what a player that stalls has gathered is skipped where a correction would take minutes", () => {
  const law = new LevelLaw();
  let skipped = 0;
  const stay = (seconds: number, fromMs: number) => {
    for (let ms = 0; ms < 20_000; ms += 100) {
      skipped += law.note(seconds - skipped, fromMs + ms);
    }
  };
  stay(0.3, 0);
  stay(0.5, 20_000);
  assert.equal(skipped, 0);
  stay(0.6, 40_000);
  assert.equal(skipped.toFixed(6), "0.300000");
});
