import assert from "node:assert/strict";
import { acceptAll } from "../../lib/io/accept_all.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";

/** Accepts 1, 2, 3 … as far as they have come, and says who was served. */
function setUp(comes: number) {
  const clock = new FakeClock();
  const closing = new AbortController();
  const served: number[] = [];
  const listener = {
    last: 0,
    failures: 0,
    accept(): Promise<number> {
      if (this.failures-- > 0) {
        return Promise.reject(new Error("no more files"));
      }
      if (this.last < comes) return Promise.resolve(++this.last);
      return new Promise((_, reject) => {
        closing.signal.addEventListener("abort", () => reject(new Error()));
      });
    },
  };
  const begin = () =>
    acceptAll(
      listener,
      (conn) => served.push(conn),
      closing.signal,
      clock,
    );
  return { clock, closing, served, listener, begin };
}

Deno.test("acceptAll() hands on all who have come at once, until the signal", async () => {
  const { closing, served, begin } = setUp(4);
  const accepting = begin();
  await settle();
  assert.deepEqual(served, [1, 2, 3, 4]);
  closing.abort();
  await accepting;
});

Deno.test("acceptAll() tries again where it could not accept", async () => {
  const { clock, closing, served, listener, begin } = setUp(2);
  listener.failures = 3;
  const accepting = begin();
  await clock.advance(299);
  assert.deepEqual(served, []);
  await clock.advance(1);
  assert.deepEqual(served, [1, 2]);
  closing.abort();
  await accepting;
});
