import assert from "node:assert/strict";
import { RateLimit } from "../../lib/model/rate_limit.ts";
import fc from "../support/fast_check.ts";

const LIMITS = { burst: 100, perSecond: 1000 };

Deno.test("waitMs is 0 while no more than the burst is spent at once", () => {
  const pace = new RateLimit(LIMITS, 5000);
  pace.spend(100);
  assert.equal(pace.waitMs, 0);
  pace.spend(1);
  assert.equal(pace.waitMs, 1);
});

Deno.test("refill() never exceeds the burst, even after a long pause", () => {
  const pace = new RateLimit(LIMITS, 0);
  pace.refill(1e9);
  pace.spend(101);
  assert.equal(pace.waitMs, 1);
});

Deno.test("waitMs drops to 0 once that time has passed", () => {
  const pace = new RateLimit(LIMITS, 0);
  pace.spend(350);
  assert.equal(pace.waitMs, 250);
  pace.refill(249);
  assert.equal(pace.waitMs, 1);
  pace.refill(250);
  assert.equal(pace.waitMs, 0);
});

Deno.test("a client that waits for waitMs never spends more than the burst plus the rate", () => {
  fc.assert(fc.property(
    fc.array(
      fc.record({ cost: fc.nat(50), idleMs: fc.nat(20) }),
      { minLength: 1 },
    ),
    (steps) => {
      const pace = new RateLimit(LIMITS, 0);
      let nowMs = 0;
      let spent = 0;
      for (const { cost, idleMs } of steps) {
        nowMs += idleMs + pace.waitMs;
        pace.refill(nowMs);
        pace.spend(cost);
        spent += cost;
      }
      const most = LIMITS.burst + LIMITS.perSecond * nowMs / 1000;
      assert.ok(spent <= most + 50 + 1e-6, `${spent} of ${most}`);
    },
  ));
});
