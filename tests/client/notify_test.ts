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

Deno.test("notified() waits for the next notification", async () => {
  const notify = new Notify();
  const notified = notify.notified();
  assert.equal(await isDone(notified), false);
  notify.notify();
  await notified;
});

Deno.test("notified() resolves once for any number of notifications before", async () => {
  const notify = new Notify();
  notify.notify();
  notify.notify();
  await notify.notified();
  assert.equal(await isDone(notify.notified()), false);
});

Deno.test("notified() resolves for a notification right after another one", async () => {
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

Deno.test("notifiedWithin() resolves at a notification, and leaves no sleeper behind", async () => {
  const [notify, clock] = [new Notify(), new FakeClock()];
  const notified = notify.notifiedWithin(1000, clock);
  await clock.advance(10);
  notify.notify();
  await notified;
  assert.equal(clock.now(), 10);
  assert.equal(await isDone(notify.notified()), false);
});

Deno.test("notifiedWithin() resolves when the time is over", async () => {
  const [notify, clock] = [new Notify(), new FakeClock()];
  const notified = notify.notifiedWithin(1000, clock);
  await clock.advance(999);
  assert.equal(await isDone(notified), false);
  await clock.advance(1);
  await notified;
});

Deno.test("notifiedWithin() resolves at once when it was notified before", async () => {
  const [notify, clock] = [new Notify(), new FakeClock()];
  notify.notify();
  await notify.notifiedWithin(1000, clock);
  assert.equal(clock.now(), 0);
});

Deno.test("a notification after notifiedWithin() ends the next wait", async () => {
  const [notify, clock] = [new Notify(), new FakeClock()];
  const notified = notify.notifiedWithin(10, clock);
  await clock.advance(10);
  await notified;
  notify.notify();
  await notify.notified();
});
