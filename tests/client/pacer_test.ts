import assert from "node:assert/strict";
import { LEAD_SECONDS, Pacer } from "../../lib/client/pacer.ts";
import fc from "../support/fast_check.ts";

const LEAD_BYTES = 8000 * LEAD_SECONDS;

Deno.test("due() is less than a quarter of a second at first, and stays so until something is written", () => {
  const pacer = new Pacer(8000);
  assert.ok(LEAD_SECONDS < 0.25);
  assert.equal(pacer.due(0), LEAD_BYTES);
  assert.equal(pacer.due(99_999), LEAD_BYTES);
  assert.equal(pacer.isDry(99_999), false);
});

Deno.test("due() grows by what is heard", () => {
  const pacer = new Pacer(8000);
  pacer.wrote(LEAD_BYTES, 1000);
  const table: [nowMs: number, due: number, unheard: number][] = [
    [1000, 0, 1600],
    [1001, 8, 1592],
    [1100, 800, 800],
    [1200, 1600, 0],
    [9000, 1600, 0], // dry: no more than at the start
  ];
  for (const [nowMs, due, unheard] of table) {
    assert.equal(pacer.due(nowMs), due);
    assert.equal(pacer.unheard(nowMs), unheard);
  }
});

Deno.test("isDry() is true when all that was written has been heard", () => {
  const pacer = new Pacer(8000);
  pacer.wrote(800, 0);
  assert.equal(pacer.isDry(99), false);
  assert.equal(pacer.isDry(100), true);
  pacer.wrote(800, 5000); // plays on from now
  assert.equal(pacer.isDry(5099), false);
  assert.equal(pacer.unheard(5050), 400);
  assert.equal(pacer.isDry(5100), true);
});

Deno.test("msUntilDue() is the time until that many bytes are due", () => {
  const pacer = new Pacer(8000);
  assert.equal(pacer.msUntilDue(LEAD_BYTES, 0), 0);
  pacer.wrote(LEAD_BYTES, 0);
  assert.equal(pacer.msUntilDue(800, 0), 100);
  assert.equal(pacer.msUntilDue(800, 40), 60);
  assert.equal(pacer.msUntilDue(800, 500), 0);
});

Deno.test("writing what is due is never more than a quarter of a second ahead", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1000, max: 2_000_000 }),
    fc.array(fc.double({ min: 0, max: 3000, noNaN: true }), { maxLength: 50 }),
    (bytesPerSecond, waits) => {
      const pacer = new Pacer(bytesPerSecond);
      let [now, heard, written] = [0, 0, 0];
      for (const wait of waits) {
        now += wait;
        heard = Math.min(written, heard + wait * bytesPerSecond / 1000);
        const due = Math.max(0, pacer.due(now));
        pacer.wrote(due, now);
        written += due;
        const ahead = (written - heard) / bytesPerSecond;
        assert.ok(ahead <= LEAD_SECONDS + 1e-6, `${ahead} s`);
        assert.ok(ahead >= LEAD_SECONDS - 2 / bytesPerSecond - 1e-6);
      }
    },
  ));
});

Deno.test("dropped() discards what was not heard, and the lead is due again", () => {
  const pacer = new Pacer(1000, 1, 0.6);
  assert.equal(pacer.due(0), 600);
  pacer.wrote(600, 0);
  pacer.dropped(200);
  assert.equal(pacer.unheard(200), 0);
  assert.equal(pacer.isDry(200), false);
  assert.equal(pacer.due(300), 600);
  pacer.wrote(600, 300);
  assert.equal(pacer.unheard(400), 500);
});
