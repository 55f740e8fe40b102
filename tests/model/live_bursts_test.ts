import assert from "node:assert/strict";
import { LiveBursts } from "../../lib/model/live_bursts.ts";

const RATE_HZ = 48_000;

/** How uneven a sender is after 30 s, by when it sends what it has. */
function unevenMs(sendsAt: (ms: number) => boolean): number {
  const bursts = new LiveBursts(RATE_HZ);
  for (let ms = 20; ms <= 30_000; ms += 20) {
    if (sendsAt(ms)) bursts.came(ms / 1000 * RATE_HZ, ms * 1000);
  }
  return Math.round(bursts.unevenUs(0) / 1000);
}

for (
  const [name, sendsAt, ms] of [
    ["each 20 ms", () => true, 20],
    ["each second", (ms: number) => ms % 1_000 === 0, 1_000],
    ["each two seconds", (ms: number) => ms % 2_000 === 0, 2_000],
    ["each 2.5 s", (ms: number) => ms % 2_500 === 0, 2_000],
    ["always, but for one pause", (ms: number) => ms < 24e3 || ms > 26e3, 20],
    ["evenly again", (ms: number) => ms > 10_000 || ms % 1_000 === 0, 20],
  ] as const
) {
  Deno.test(`unevenUs() is ${ms} ms of a sender that sends ${name}`, () => {
    assert.equal(unevenMs(sendsAt), ms);
  });
}

Deno.test("unevenUs() is 0 before anything has come", () => {
  assert.equal(new LiveBursts(RATE_HZ).unevenUs(0), 0);
});
