import assert from "node:assert/strict";
import { Doorway } from "../../lib/io/doorway.ts";
import { settle } from "../support/fake_clock.ts";

/** A doorway, and timers that take as long as a test says. */
function setUp(isCrowd: boolean) {
  const closing = new AbortController();
  let nowMs = 0;
  let turning = Promise.withResolvers<void>();
  const clock = {
    now: () => nowMs,
    sleep(ms: number, signal?: AbortSignal) {
      assert.equal(ms, 2);
      return signal?.aborted ? Promise.resolve() : turning.promise;
    },
  };
  const crowd = { isCrowd };
  const doorway = new Doorway(() => crowd.isCrowd, closing.signal, clock);
  const inside: number[] = [];
  return {
    crowd,
    inside,
    /** Somebody comes. */
    come(who: number): void {
      const waiting = doorway.enter();
      if (waiting) waiting.then(() => inside.push(who));
      else inside.push(who);
    },
    /** The timer takes so long. */
    async pass(ms: number): Promise<void> {
      nowMs += ms;
      const turned = turning;
      turning = Promise.withResolvers();
      turned.resolve();
      await settle();
    },
    closing,
  };
}

Deno.test("without a crowd a newcomer does not wait", () => {
  const { come, inside } = setUp(false);
  for (const who of [1, 2, 3]) come(who);
  assert.deepEqual(inside, [1, 2, 3]);
});

Deno.test("in a crowd newcomers come in one each 2 ms, in their order", async () => {
  const { come, inside, pass } = setUp(true);
  for (const who of [1, 2, 3, 4]) come(who);
  await settle();
  assert.deepEqual(inside, [1]);
  await pass(2);
  assert.deepEqual(inside, [1, 2]);
  await pass(7);
  assert.deepEqual(inside, [1, 2, 3]);
  await pass(2);
  come(5);
  assert.deepEqual(inside, [1, 2, 3, 4]);
  await pass(2);
  assert.deepEqual(inside, [1, 2, 3, 4, 5]);
});

Deno.test("in a crowd nobody comes in while there is too much to do, but one a second", async () => {
  const { come, inside, pass } = setUp(true);
  for (const who of [1, 2, 3]) come(who);
  for (let i = 0; i < 9; i++) await pass(100);
  assert.deepEqual(inside, [1]);
  await pass(100);
  assert.deepEqual(inside, [1, 2]);
  await pass(8);
  assert.deepEqual(inside, [1, 2]);
  await pass(7);
  assert.deepEqual(inside, [1, 2, 3]);
});

Deno.test("who comes when the crowd has gone does not overtake who waits", async () => {
  const { come, crowd, inside, pass } = setUp(true);
  for (const who of [1, 2, 3]) come(who);
  crowd.isCrowd = false;
  come(4);
  await settle();
  assert.deepEqual(inside, [1]);
  for (let i = 0; i < 4; i++) await pass(2);
  come(5);
  assert.deepEqual(inside, [1, 2, 3, 4, 5]);
});

Deno.test("all come in at the end, whatever there is to do", async () => {
  const { come, inside, pass, closing } = setUp(true);
  for (const who of [1, 2, 3, 4]) come(who);
  await pass(50);
  assert.deepEqual(inside, [1]);
  closing.abort();
  await pass(50);
  assert.deepEqual(inside, [1, 2, 3, 4]);
});

Deno.test("who comes when thousands wait is let in, to be refused or not", async () => {
  const { come, inside } = setUp(true);
  for (let who = 1; who <= 4097; who++) come(who);
  await settle();
  assert.deepEqual(inside, [1]);
  for (const who of [4098, 4099]) come(who);
  assert.deepEqual(inside, [1, 4098, 4099]);
});
