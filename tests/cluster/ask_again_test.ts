import assert from "node:assert/strict";
import { askAgain } from "../../lib/cluster/ask_again.ts";
import { PeerError } from "../../lib/errors.ts";
import { FakeClock } from "../support/fake_clock.ts";

const refusal = (code: string) => new PeerError(code, "Cannot", false);

Deno.test("a song of which another server hears late is found", async () => {
  const clock = new FakeClock();
  let known = false;
  const asked = askAgain(
    () => known ? Promise.resolve(1) : Promise.reject(refusal("not-found")),
    clock,
  );
  await clock.advance(500);
  known = true;
  assert.equal(await clock.runUntil(asked, 200), 1);
});

Deno.test("a song that another server does not find within 2 s is not found", async () => {
  const clock = new FakeClock();
  let asked = 0;
  const over = assert.rejects(
    askAgain(() => {
      asked++;
      return Promise.reject(refusal("not-found"));
    }, clock),
    { code: "not-found" },
  );
  await clock.runUntil(over, 2_200);
  assert.equal(asked, 21);
});

Deno.test("other refusals are passed on at once", async () => {
  const clock = new FakeClock();
  const asked = askAgain(() => Promise.reject(refusal("busy")), clock);
  await assert.rejects(asked, { code: "busy" });
  assert.equal(clock.now(), 0);
});
