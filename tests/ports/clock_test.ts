import assert from "node:assert/strict";
import { systemClock } from "../../lib/io/clock/clock.ts";
import type { Clock } from "../../lib/ports/common.ts";
import { FakeClock } from "../support/fake_clock.ts";

/** Each clock, and how a test waits for something by it. */
const CLOCKS: Record<
  string,
  () => { clock: Clock; wait<T>(done: Promise<T>): Promise<T> }
> = {
  "of the system": () => ({ clock: systemClock, wait: (done) => done }),
  "of tests": () => {
    const clock = new FakeClock();
    return { clock, wait: (done) => clock.runUntil(done) };
  },
};
/** Longer than any test runs. */
const NEVER_MS = 1e6;

for (const [which, make] of Object.entries(CLOCKS)) {
  Deno.test(`the clock ${which}: sleep() takes its time by now()`, async () => {
    const { clock, wait } = make();
    const beganMs = clock.now();
    await wait(clock.sleep(20));
    // Timers of the system have whole milliseconds.
    assert(clock.now() - beganMs >= 19);
  });

  Deno.test(`the clock ${which}: the shorter of two sleeps ends first`, async () => {
    const { clock, wait } = make();
    const ended: string[] = [];
    const sleep = async (ms: number, name: string) => {
      await clock.sleep(ms);
      ended.push(name);
    };
    await wait(Promise.all([sleep(40, "long"), sleep(5, "short")]));
    assert.deepEqual(ended, ["short", "long"]);
  });

  Deno.test(`the clock ${which}: sleep() ends at once when aborted, before or meanwhile, and rejects never`, async () => {
    const { clock } = make();
    await clock.sleep(NEVER_MS, AbortSignal.abort(new Error("before")));
    const over = new AbortController();
    const sleep = clock.sleep(NEVER_MS, over.signal);
    over.abort(new Error("meanwhile"));
    await sleep;
  });

  Deno.test(`the clock ${which}: sleep(0) lets everything that waits for promises alone go first`, async () => {
    const { clock, wait } = make();
    const order: string[] = [];
    const sleep = clock.sleep(0).then(() => order.push("slept"));
    for (let i = 0; i < 100; i++) await null;
    order.push("promises");
    await wait(sleep);
    assert.deepEqual(order, ["promises", "slept"]);
  });
}
