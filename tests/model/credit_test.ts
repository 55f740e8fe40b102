import assert from "node:assert/strict";
import { Allowance, Credit } from "../../lib/model/credit.ts";
import { settle } from "../support/fake_clock.ts";
import fc from "../support/fast_check.ts";

Deno.test("Credit.some() resolves immediately when there is credit", async () => {
  const credit = new Credit(7);
  await credit.some();
  assert.equal(credit.bytes, 7);
});

Deno.test("Credit.some() waits until there is credit", async () => {
  const credit = new Credit(0);
  let isOver = false;
  credit.some().then(() => isOver = true);
  credit.grant(0);
  await settle();
  assert.equal(isOver, false);
  credit.grant(5);
  await settle();
  assert.equal(isOver, true);
  assert.equal(credit.bytes, 5);
});

Deno.test("Credit.whenSome() calls back once, immediately when there is credit", () => {
  const credit = new Credit(1);
  let calls = 0;
  const callback = () => void calls++;
  credit.whenSome(callback);
  assert.equal(calls, 1);
  credit.spend(1);
  credit.whenSome(callback);
  assert.equal(calls, 1);
  credit.grant(1);
  credit.grant(1);
  assert.equal(calls, 2);
});

Deno.test("Credit.whenSome() can be called again from its callback", () => {
  const credit = new Credit(0);
  const taken: number[] = [];
  const take = () => {
    taken.push(credit.bytes);
    credit.spend(credit.bytes);
    credit.whenSome(take);
  };
  credit.whenSome(take);
  for (const bytes of [3, 4]) credit.grant(bytes);
  assert.deepEqual(taken, [3, 4]);
});

Deno.test("Credit.wake() ends a wait without credit", async () => {
  const credit = new Credit(0);
  const some = credit.some();
  credit.wake();
  await some;
  assert.equal(credit.bytes, 0);
  credit.wake(); // no effect without a waiter
});

Deno.test("Credit.spend() throws when there is less credit", () => {
  const credit = new Credit(10);
  credit.spend(4);
  assert.throws(() => credit.spend(7), { name: "RangeError" });
  assert.equal(credit.bytes, 6);
  credit.spend(6);
  assert.equal(credit.bytes, 0);
});

Deno.test("Credit.grant() stays exact when the total exceeds 2^53 - 1", () => {
  const credit = new Credit(Number.MAX_SAFE_INTEGER);
  credit.grant(Number.MAX_SAFE_INTEGER);
  assert.equal(credit.bytes, Number.MAX_SAFE_INTEGER);
  credit.spend(1);
  assert.equal(credit.bytes, Number.MAX_SAFE_INTEGER - 1);
});

Deno.test("Credit is the sum of grants minus what was spent", () => {
  const steps = fc.array(fc.tuple(fc.nat(1000), fc.nat(1000)));
  fc.assert(fc.property(fc.nat(5000), steps, (window, steps) => {
    const credit = new Credit(window);
    let [granted, spent] = [window, 0];
    for (const [grant, wanted] of steps) {
      credit.grant(grant);
      granted += grant;
      const spend = Math.min(wanted, credit.bytes);
      credit.spend(spend);
      spent += spend;
      assert.equal(credit.bytes, granted - spent);
    }
  }));
});

Deno.test("Allowance.used() grants a quarter of the window at a time", () => {
  const allowance = new Allowance(1000);
  const table: [used: number, granted: number][] = [
    [249, 0],
    [1, 250],
    [0, 0],
    [250, 250],
    [100, 0],
    [1000, 1100],
    [249, 0],
  ];
  for (const [used, granted] of table) {
    assert.equal(allowance.used(used), granted);
  }
});

Deno.test("Allowance.used() grants every byte when the window is tiny", () => {
  for (const window of [0, 1, 2, 3, 4]) {
    assert.equal(new Allowance(window).used(1), 1);
  }
});

Deno.test("Allowance.widen() grants the difference, and never shrinks the window", () => {
  const allowance = new Allowance(1000);
  assert.equal(allowance.widen(900), 0);
  assert.equal(allowance.windowBytes, 1000);
  assert.equal(allowance.widen(1500), 500);
  assert.equal(allowance.windowBytes, 1500);
  assert.equal(allowance.used(300), 0);
  assert.equal(allowance.used(75), 375);
});

Deno.test("a sender and a receiver never stall and never exceed the window", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 4000 }),
    fc.array(fc.tuple(fc.integer({ min: 1, max: 900 }), fc.nat(900)), {
      maxLength: 300,
    }),
    (window, steps) => {
      const [credit, allowance] = [new Credit(window), new Allowance(window)];
      let buffered = 0;
      for (const [send, take] of steps) {
        const sent = Math.min(send, credit.bytes);
        credit.spend(sent);
        buffered += sent;
        assert.ok(buffered <= window);
        const taken = Math.min(take, buffered);
        buffered -= taken;
        credit.grant(allowance.used(taken));
        // A receiver whose buffer is empty must be sent more.
        assert.ok(buffered > 0 || credit.bytes > 0);
      }
    },
  ));
});
