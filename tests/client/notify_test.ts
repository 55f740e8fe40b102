import assert from "node:assert/strict";
import { Bell } from "../../lib/client/notify.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";

/** Whether a promise is settled by now. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  promise.then(() => done = true);
  await settle();
  return done;
}

Deno.test("rung() waits for the next ring", async () => {
  const bell = new Bell();
  const rung = bell.rung();
  assert.equal(await isDone(rung), false);
  bell.ring();
  await rung;
});

Deno.test("rung() resolves once for any number of rings before", async () => {
  const bell = new Bell();
  bell.ring();
  bell.ring();
  await bell.rung();
  assert.equal(await isDone(bell.rung()), false);
});

Deno.test("rung() hears a ring that comes right after one was heard", async () => {
  const bell = new Bell();
  const first = bell.rung();
  bell.ring();
  bell.ring();
  await first;
  const second = bell.rung();
  assert.equal(await isDone(second), false);
  bell.ring();
  await second;
});

Deno.test("rungWithin() resolves at a ring, and leaves no sleeper behind", async () => {
  const [bell, clock] = [new Bell(), new FakeClock()];
  const rung = bell.rungWithin(1000, clock);
  await clock.advance(10);
  bell.ring();
  await rung;
  assert.equal(clock.now(), 10);
  assert.equal(await isDone(bell.rung()), false);
});

Deno.test("rungWithin() resolves when the time is over", async () => {
  const [bell, clock] = [new Bell(), new FakeClock()];
  const rung = bell.rungWithin(1000, clock);
  await clock.advance(999);
  assert.equal(await isDone(rung), false);
  await clock.advance(1);
  await rung;
});

Deno.test("rungWithin() resolves at once when it rang before", async () => {
  const [bell, clock] = [new Bell(), new FakeClock()];
  bell.ring();
  await bell.rungWithin(1000, clock);
  assert.equal(clock.now(), 0);
});

Deno.test("a ring after rungWithin() was over is heard by the next wait", async () => {
  const [bell, clock] = [new Bell(), new FakeClock()];
  const rung = bell.rungWithin(10, clock);
  await clock.advance(10);
  await rung;
  bell.ring();
  await bell.rung();
});
