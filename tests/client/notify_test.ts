import assert from "node:assert/strict";
import { Notify } from "../../lib/client/notify.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";

/** Whether a promise is settled by now. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  promise.then(() => done = true);
  await settle();
  return done;
}

Deno.test("rung() waits for the next ring", async () => {
  const notify = new Notify();
  const notified = notify.notified();
  assert.equal(await isDone(notified), false);
  notify.notify();
  await notified;
});

Deno.test("rung() resolves once for any number of rings before", async () => {
  const notify = new Notify();
  notify.notify();
  notify.notify();
  await notify.notified();
  assert.equal(await isDone(notify.notified()), false);
});

Deno.test("rung() hears a ring that comes right after one was heard", async () => {
  const notify = new Notify();
  const first = notify.notified();
  notify.notify();
  notify.notify();
  await first;
  const second = notify.notified();
  assert.equal(await isDone(second), false);
  notify.notify();
  await second;
});

Deno.test("rungWithin() resolves at a ring, and leaves no sleeper behind", async () => {
  const [notify, clock] = [new Notify(), new FakeClock()];
  const notified = notify.notifiedWithin(1000, clock);
  await clock.advance(10);
  notify.notify();
  await notified;
  assert.equal(clock.now(), 10);
  assert.equal(await isDone(notify.notified()), false);
});

Deno.test("rungWithin() resolves when the time is over", async () => {
  const [notify, clock] = [new Notify(), new FakeClock()];
  const notified = notify.notifiedWithin(1000, clock);
  await clock.advance(999);
  assert.equal(await isDone(notified), false);
  await clock.advance(1);
  await notified;
});

Deno.test("rungWithin() resolves at once when it rang before", async () => {
  const [notify, clock] = [new Notify(), new FakeClock()];
  notify.notify();
  await notify.notifiedWithin(1000, clock);
  assert.equal(clock.now(), 0);
});

Deno.test("a ring after notifiedWithin() was over is heard by the next wait", async () => {
  const [notify, clock] = [new Notify(), new FakeClock()];
  const notified = notify.notifiedWithin(10, clock);
  await clock.advance(10);
  await notified;
  notify.notify();
  await notify.notified();
});
