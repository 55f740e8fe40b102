import assert from "node:assert/strict";
import { systemClock } from "../../../lib/io/clock/clock.ts";

Deno.test("sleep() does not end at once when it is to last longer than any timer", async () => {
  const over = new AbortController();
  let isAwake = false;
  const slept = systemClock.sleep(30 * 24 * 3_600_000, over.signal)
    .then(() => isAwake = true);
  await systemClock.sleep(5);
  assert.equal(isAwake, false);
  over.abort();
  await slept;
});
