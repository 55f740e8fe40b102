import assert from "node:assert/strict";
import { LivePace } from "../../lib/model/live_pace.ts";
import { LiveRate } from "../../lib/model/live_rate.ts";
import { seededRandom } from "../support/seeded_random.ts";

const HOUR_MS = 3_600_000;
const STEP_MS = 50;
const RATE_HZ = 48_000;

for (const ppm of [-100, 0, 100]) {
  Deno.test(`lateUs() follows a sender of ${ppm} ppm for an hour, however late its pieces are`, () => {
    const rate = new LiveRate(RATE_HZ);
    const random = seededRandom(ppm + 1000);
    let worstUs = 0;
    for (let ms = 0; ms < HOUR_MS; ms += STEP_MS) {
      const frames = Math.floor(ms / 1000 * RATE_HZ * (1 + ppm / 1e6));
      const late = random() ** 4 * 30;
      const nowUs = (ms + late) * 1000;
      rate.came(frames, nowUs);
      const trueUs = ms * 1000 * -ppm / 1e6;
      if (ms < 60_000) continue;
      worstUs = Math.max(worstUs, Math.abs(rate.lateUs(nowUs)! - trueUs));
    }
    assert.ok(worstUs < 500, `${worstUs} us`);
  });

  Deno.test(`grant() lets a sender of ${ppm} ppm send for an hour without a wait`, () => {
    const pace = new LivePace(RATE_HZ, 0);
    let credit = RATE_HZ * pace.windowSeconds;
    let sent = 0;
    for (let ms = 0; ms < 3 * HOUR_MS; ms += STEP_MS) {
      const frames = Math.floor(ms / 1000 * RATE_HZ * (1 + ppm / 1e6)) - sent;
      sent += frames;
      credit -= frames;
      assert.ok(credit >= 0, `${ms} ms`);
      pace.came(frames);
      credit += pace.grant(ms);
      assert.ok(credit <= RATE_HZ * pace.windowSeconds, `${ms} ms`);
    }
  });
}

Deno.test("grant() gives a sender that takes all the pace of the clock, for an hour", () => {
  const pace = new LivePace(RATE_HZ, 0);
  let sent = 2 * RATE_HZ;
  pace.came(sent);
  for (let ms = STEP_MS; ms <= HOUR_MS; ms += STEP_MS) {
    const frames = pace.grant(ms);
    sent += frames;
    pace.came(frames);
  }
  assert.equal(sent, (HOUR_MS / 1000 + 2) * RATE_HZ);
});

Deno.test("lateUs() stays while nothing comes", () => {
  const rate = new LiveRate(1_000);
  for (let ms = 0; ms < 20_000; ms += 50) rate.came(ms, ms * 1001);
  const lateUs = rate.lateUs(20_020_000);
  assert.ok(lateUs! > 19_000, `${lateUs}`);
  assert.equal(rate.lateUs(30_000_000), lateUs);
});

Deno.test("lateUs() begins anew when a sender has stood still", () => {
  const rate = new LiveRate(1_000);
  for (let ms = 0; ms < 20_000; ms += 50) rate.came(ms, ms * 1000);
  for (let ms = 20_000; ms < 25_000; ms += 50) {
    rate.came(ms, (ms + 3_000) * 1000);
  }
  assert.equal(rate.lateUs(28_000_000), 3_000_000);
});

for (const [pace, least] of [[0.97, 0.7], [0.9, 0.4], [0.5, 0.1]]) {
  Deno.test(`lateUs() lets a sender at ${pace} of its rate be heard for ${least} of the time or more`, () => {
    const rate = new LiveRate(1_000);
    let heard = 0;
    for (let ms = 0; ms < 120_000; ms += 20) {
      rate.came(ms * pace, ms * 1000);
      const trueUs = ms * 1000 * (1 - pace);
      // What a player has 0.45 s ahead has come.
      if (trueUs - rate.lateUs(ms * 1000)! < 450_000) heard += 20;
    }
    assert.ok(heard / 120_000 >= least, `${heard / 120_000}`);
  });
}

Deno.test("lateUs() stays while a sender that stood still catches up", () => {
  const rate = new LiveRate(1_000);
  for (let ms = 0; ms < 20_000; ms += 50) rate.came(ms, ms * 1000);
  for (let ms = 20_000; ms < 30_000; ms += 50) {
    const lateMs = Math.max(0, 3_000 - (ms - 20_000));
    rate.came(ms, (ms + lateMs) * 1000);
    assert.ok(rate.lateUs((ms + lateMs) * 1000)! < 1_000, `${ms}`);
  }
});
