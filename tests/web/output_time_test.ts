import assert from "node:assert/strict";
import { type ContextTime, OutputTime } from "../../web/audio/output_time.ts";

const RATE = 48_000;
/** Of the device, by the page's clock. */
const DRIFT = 1e-4;

/** A context whose timestamps are as browsers have them. */
class Context implements ContextTime {
  readonly sampleRate = RATE;
  state = "running";
  nowMs = 1_000;
  lostMs = 0;
  /** How far timestamps are off, and swing. */
  wrongMs = 0;
  swingMs = 11;
  garbage = false;

  /** The true time of the context that leaves the device. */
  get leavingMs(): number {
    return (this.nowMs - 500) * (1 + DRIFT) - this.lostMs;
  }

  get currentTime(): number {
    return (this.leavingMs + 40) / 1000;
  }

  getOutputTimestamp() {
    if (this.garbage) return { contextTime: 1, performanceTime: this.nowMs };
    // In steps of 128 sample frames, for buffers of 10 ms.
    const phase = (this.nowMs / 10 * 0.37) % 1 - 0.5;
    const contextTime = (this.leavingMs + this.wrongMs + phase * this.swingMs) /
      1000;
    return { contextTime, performanceTime: this.nowMs };
  }
}

/** How far what it says is off, in ms, after some time of reports. */
function offAfter(context: Context, time: OutputTime, ms: number): number {
  let off = NaN;
  for (const endMs = context.nowMs + ms; context.nowMs < endMs;) {
    context.nowMs += 20;
    const heard = time.heard(0);
    if (heard) off = heard.frames * 1000 / RATE - context.leavingMs;
  }
  return off;
}

function begun() {
  const context = new Context();
  const time = new OutputTime(context);
  return { context, time };
}

Deno.test("OutputTime is exact though timestamps are not, and follows a device that drifts", () => {
  const { context, time } = begun();
  assert.ok(Math.abs(offAfter(context, time, 1_000)) < 1.5);
  for (let i = 0; i < 20; i++) {
    const off = offAfter(context, time, i < 1 ? 15_000 : 1_000);
    assert.ok(Math.abs(off) < 0.2, `${off} ms`);
  }
});

Deno.test("OutputTime is right again a second after its device has lost some", () => {
  const { context, time } = begun();
  offAfter(context, time, 10_000);
  context.lostMs = 40;
  const off = offAfter(context, time, 1_000);
  assert.ok(Math.abs(off) < 1.5, `${off} ms`);
});

Deno.test("OutputTime keeps up with a device that loses some milliseconds each second", () => {
  const { context, time } = begun();
  offAfter(context, time, 5_000);
  for (let i = 0; i < 20; i++) {
    context.lostMs += 4;
    const off = offAfter(context, time, 1_000);
    assert.ok(i < 5 || Math.abs(off) < 3, `${off} ms`);
  }
});

Deno.test("OutputTime stays exact while timestamps drift away after the device ran dry", () => {
  const { context, time } = begun();
  context.swingMs = 0.5;
  offAfter(context, time, 15_000);
  context.lostMs = 60;
  offAfter(context, time, 1_000);
  // As PulseAudio's did: 49 ms in three seconds, and back at once.
  for (let i = 0; i < 15; i++) {
    context.wrongMs -= 3.3;
    const off = offAfter(context, time, 200);
    assert.ok(Math.abs(off) < 0.6, `${off} ms, ${context.wrongMs} wrong`);
  }
  context.wrongMs = 0;
  const off = offAfter(context, time, 400);
  assert.ok(Math.abs(off) < 0.3, `${off} ms`);
});

Deno.test("OutputTime takes another lead of its device once it is steady for some seconds", () => {
  const { context, time } = begun();
  context.swingMs = 0.5;
  offAfter(context, time, 15_000);
  context.wrongMs = 30;
  const off = offAfter(context, time, 5_000) - 30;
  assert.ok(Math.abs(off) < 0.3, `${off} ms`);
});

Deno.test("OutputTime passes over a timestamp that is wrong", () => {
  const { context, time } = begun();
  offAfter(context, time, 10_000);
  context.garbage = true;
  const wrong = offAfter(context, time, 20);
  context.garbage = false;
  assert.ok(Math.abs(wrong) < 0.5, `${wrong} ms`);
});

Deno.test("OutputTime knows nothing while the context is suspended, nor right after", () => {
  const { context, time } = begun();
  offAfter(context, time, 10_000);
  context.state = "suspended";
  assert.equal(time.heard(0), null);
  context.nowMs += 5_000;
  context.lostMs += 5_000;
  context.state = "running";
  const off = offAfter(context, time, 1_000);
  assert.ok(Math.abs(off) < 1.5, `${off} ms`);
});
