import assert from "node:assert/strict";
import { msUntil } from "../../lib/client/server_time.ts";
import { FakeClock } from "../support/fake_clock.ts";

type Asked = Parameters<typeof msUntil>[0];

/** A server whose clock shows 5 s when this one shows 0. */
function server(clock: FakeClock, tripsMs: number[]) {
  let trip = 0;
  return {
    request: async () => {
      const ms = tripsMs[trip++];
      await clock.sleep(ms / 2);
      const received = (clock.now() + 5000) * 1000;
      await clock.sleep(ms / 2);
      return { type: "pong", received, sent: received };
    },
  } as unknown as Asked;
}

for (
  const [what, tripsMs, atUs, expectedMs] of [
    ["a time to come", [10, 10, 10], 7_000_000, 1970],
    ["a time that is past", [10, 10, 10], 4_000_000, -1030],
    ["a server that takes long", [10, 600, 10], 7_000_000, 1380],
    ["a server that takes too long", [10, 5000, 10], 7_000_000, null],
  ] as const
) {
  Deno.test(`msUntil() is exact with ${what}`, async () => {
    const clock = new FakeClock();
    const session = server(clock, [...tripsMs]);
    const ms = await clock.runUntil(msUntil(session, clock, atUs));
    assert.equal(ms, expectedMs);
  });
}

Deno.test("msUntil() is null with a server without a clock, or one that is lost", async () => {
  const clock = new FakeClock();
  for (
    const request of [
      () => Promise.resolve({ type: "pong", time: 1 }),
      () => Promise.reject(new Error("lost")),
    ]
  ) {
    const session = { request } as unknown as Asked;
    assert.equal(await clock.runUntil(msUntil(session, clock, 1)), null);
  }
});
