import assert from "node:assert/strict";
import { AdmissionControl } from "../../lib/host/admission_control.ts";
import { settle } from "../support/fake_clock.ts";

/** An admission control whose timers take as long as the test chooses. */
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
  const admission = new AdmissionControl(
    () => crowd.isCrowd,
    closing.signal,
    clock,
  );
  const inside: number[] = [];
  return {
    crowd,
    inside,
    /** A client connects. */
    come(client: number): void {
      const waiting = admission.enter();
      if (waiting) waiting.then(() => inside.push(client));
      else inside.push(client);
    },
    /** Fires the pending timer after this time. */
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

Deno.test("in a crowd each step admits twice as many, in order", async () => {
  const { come, inside, pass } = setUp(true);
  const all = Array.from({ length: 63 }, (_, i) => i + 1);
  for (const who of all) come(who);
  await settle();
  for (const [i, inAll] of [1, 3, 7, 15, 31, 47, 63].entries()) {
    assert.deepEqual(inside, all.slice(0, inAll));
    await pass(i % 2 === 0 ? 2 : 7);
  }
});

Deno.test("in a crowd a step admits half as many after an overload", async () => {
  const { come, inside, pass } = setUp(true);
  for (let who = 1; who <= 20; who++) come(who);
  await settle();
  for (let i = 0; i < 3; i++) await pass(7);
  assert.equal(inside.length, 15); // eight at once
  await pass(8);
  await pass(8);
  assert.equal(inside.length, 15);
  await pass(7);
  assert.equal(inside.length, 19);
});

Deno.test("in a crowd only one a second is admitted under overload", async () => {
  const { come, inside, pass } = setUp(true);
  for (let who = 1; who <= 20; who++) come(who);
  for (let i = 0; i < 9; i++) await pass(100);
  assert.deepEqual(inside, [1]);
  await pass(100);
  assert.deepEqual(inside, [1, 2]);
  await pass(7);
  await pass(7);
  assert.equal(inside.length, 8); // four at once
  for (let i = 0; i < 9; i++) await pass(100);
  assert.equal(inside.length, 8);
  await pass(100);
  assert.equal(inside.length, 9);
});

Deno.test("a newcomer does not overtake waiting clients once the crowd is over", async () => {
  const { come, crowd, inside, pass } = setUp(true);
  for (const who of [1, 2, 3]) come(who);
  crowd.isCrowd = false;
  come(4);
  await settle();
  assert.deepEqual(inside, [1]);
  for (let i = 0; i < 3; i++) await pass(2);
  come(5);
  assert.deepEqual(inside, [1, 2, 3, 4, 5]);
});

Deno.test("all are admitted when the server ends, under any load", async () => {
  const { come, inside, pass, closing } = setUp(true);
  for (const who of [1, 2, 3, 4]) come(who);
  await pass(50);
  assert.deepEqual(inside, [1]);
  closing.abort();
  await pass(50);
  assert.deepEqual(inside, [1, 2, 3, 4]);
});

Deno.test("a newcomer is admitted at once when thousands wait", async () => {
  const { come, inside } = setUp(true);
  for (let who = 1; who <= 4097; who++) come(who);
  await settle();
  assert.deepEqual(inside, [1]);
  for (const who of [4098, 4099]) come(who);
  assert.deepEqual(inside, [1, 4098, 4099]);
});
