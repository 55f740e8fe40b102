import assert from "node:assert/strict";
import { setDeadline } from "../../../lib/io/clock/deadline.ts";
import { FakeClock, settle } from "../../support/fake_clock.ts";

function setUp() {
  const clock = new FakeClock();
  let late = 0;
  const met = setDeadline(clock, 5_000, () => late++);
  return { clock, met, late: () => late };
}

Deno.test("setDeadline() calls back once, when the time is over", async () => {
  const { clock, late } = setUp();
  await clock.advance(4_999);
  assert.equal(late(), 0);
  await clock.advance(1);
  assert.equal(late(), 1);
  await clock.advance(60_000);
  assert.equal(late(), 1);
});

Deno.test("setDeadline() does not call back once ended", async () => {
  const { clock, met, late } = setUp();
  await clock.advance(4_000);
  met();
  met();
  await clock.advance(60_000);
  assert.equal(late(), 0);
});

Deno.test("setDeadline() restarts after a suspension", async () => {
  const { clock, late } = setUp();
  await settle();
  await clock.standStill(24_000);
  assert.equal(late(), 0);
  await clock.advance(4_999);
  assert.equal(late(), 0);
  await clock.advance(1);
  assert.equal(late(), 1);
});
