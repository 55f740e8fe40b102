import assert from "node:assert/strict";
import { StepControl } from "../../lib/client/step_control.ts";

/** Ten milliseconds a chunk, as they are written. */
const CHUNK = 0.01;

/** A device whose error in the beginning and drift are known. */
function run(
  { lateUs, ppm, known, seconds }: {
    lateUs: number;
    ppm: number;
    known: boolean;
    seconds: number;
  },
) {
  const control = new StepControl();
  const ratios: number[] = [];
  for (let at = 0; at < seconds; at += CHUNK) {
    const drift = known ? ppm / 1e6 : at < 2 ? null : 0;
    const correction = control.correct(lateUs, CHUNK, drift);
    if (correction.is === "jump") return { lateUs, ratios, jumpsAt: at };
    ratios.push(correction.ratio);
    lateUs += (ppm - (correction.ratio - 1) * 1e6) * CHUNK;
  }
  return { lateUs, ratios, jumpsAt: null };
}

Deno.test("correct() removes an error of 1 ms within 2 s, and one of 9 ms within 5 s", () => {
  for (const [lateUs, seconds] of [[1_000, 2], [-9_000, 5]]) {
    const { lateUs: left } = run({ lateUs, ppm: 0, known: true, seconds });
    assert.ok(Math.abs(left) < 100, `${left}`);
  }
});

Deno.test("correct() holds a device whose drift is known, and learns another", () => {
  const known = run({ lateUs: 0, ppm: 100, known: true, seconds: 10 });
  assert.ok(Math.abs(known.lateUs) <= 10, `${known.lateUs}`);
  const learned = run({ lateUs: 0, ppm: 100, known: false, seconds: 30 });
  assert.ok(Math.abs(learned.lateUs) <= 20, `${learned.lateUs}`);
});

Deno.test("correct() never changes the rate by more than 0.3 %", () => {
  const { ratios } = run({ lateUs: 9_900, ppm: 500, known: true, seconds: 10 });
  assert.ok(ratios.every((it) => Math.abs(it - 1) <= 0.003 + 1e-9));
});

Deno.test("correct() jumps beyond 10 ms, but not because of one measurement", () => {
  const { jumpsAt } = run({ lateUs: 15_000, ppm: 0, known: true, seconds: 1 });
  assert.ok(jumpsAt !== null && jumpsAt > CHUNK && jumpsAt < 0.1);
  const control = new StepControl();
  control.correct(10, CHUNK, 0);
  assert.equal(control.correct(300_000, CHUNK, 0).is, "ratio");
  assert.equal(control.correct(10, CHUNK, 0).is, "ratio");
});
