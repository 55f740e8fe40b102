import assert from "node:assert/strict";
import { BURST, ClockSync, nextBurstMs } from "../../lib/model/clock_sync.ts";
import fc from "../support/fast_check.ts";
import { seededRandom } from "../support/seeded_random.ts";

Deno.test("ClockSync is within 0.1 ms of a known offset on a network with jitter", () => {
  const seeds = fc.integer({ min: 0, max: 1e9 });
  const offsets = fc.integer({ min: -1e12, max: 1e12 });
  fc.assert(fc.property(seeds, offsets, (seed, offsetUs) => {
    const machine = new Machine(seed, offsetUs);
    machine.run(20);
    assert.ok(machine.errorUs <= 100, `${machine.errorUs} us`);
    assert.ok(machine.sync.estimate!.rttUs >= 2_000);
    machine.run(60);
    assert.ok(machine.errorUs <= 100, `${machine.errorUs} us`);
  }));
});

Deno.test("ClockSync begins anew when the machine has slept, without the pings of before", () => {
  const machine = new Machine(1, 5_000_000);
  machine.run(30);
  const waiting = machine.pong(machine.ping());
  machine.sleep(60_000_000);
  assert.equal(machine.checkClocks(), true);
  assert.equal(machine.checkClocks(), false);
  assert.equal(machine.sync.estimate, null);
  const wallUs = waiting.wallUs + 60_000_000;
  machine.sync.add({ ...waiting, wallUs });
  assert.equal(machine.sync.estimate, null);
  machine.run(20);
  assert.ok(machine.errorUs <= 100);
});

Deno.test("ClockSync detects a sleep from a pong alone", () => {
  const machine = new Machine(2, 5_000_000);
  machine.run(30);
  const asleep = machine.ping();
  machine.sleep(200_000);
  machine.sync.add(machine.pong(asleep));
  assert.equal(machine.sync.estimate, null);
});

Deno.test("ClockSync begins anew with another clock of the server", () => {
  const machine = new Machine(3, 5_000_000);
  machine.run(30);
  machine.offsetUs = -7_000_000_000;
  machine.clock = "b";
  machine.run(1);
  assert.ok(machine.errorUs <= 100_000);
  machine.run(19);
  assert.ok(machine.errorUs <= 100);
});

Deno.test("ClockSync remembers sixty round trips, and uses the five shortest", () => {
  const sync = new ClockSync();
  for (let i = 0; i < 65; i++) {
    // The first five are the shortest, with another offset.
    const rttUs = i < 5 ? 10 : 1_000 + i * 2;
    const sentUs = i * 10_000;
    const receivedUs = sentUs + rttUs / 2 + (i < 5 ? 0 : 100);
    sync.add({
      ...{ sentUs, receivedUs, answeredUs: receivedUs },
      ...{ returnedUs: sentUs + rttUs, wallUs: sentUs + rttUs, clock: "a" },
    });
    if (i === 63) assert.ok(sync.estimate!.offsetUs < 100);
  }
  assert.deepEqual(sync.estimate, { offsetUs: 100, rttUs: 1_014 });
});

Deno.test("ClockSync ignores impossible times", () => {
  const sync = new ClockSync();
  const trip = { sentUs: 0, returnedUs: 10, wallUs: 10, clock: "a" };
  for (
    const [receivedUs, answeredUs] of [[5, 4], [5, 16], [NaN, 5], [
      -Infinity,
      5,
    ]]
  ) sync.add({ ...trip, receivedUs, answeredUs });
  assert.equal(sync.estimate, null);
});

Deno.test("nextBurstMs() is a second for 20 s, then five", () => {
  let ms = 0;
  for (let bursts = 1; bursts <= 20; bursts++) ms += nextBurstMs(bursts);
  assert.equal(ms, 24_000);
  assert.equal(nextBurstMs(1_000_000), 5_000);
});

/** A machine whose clock is off by a known time, on a network with jitter. */
class Machine {
  readonly sync = new ClockSync();
  readonly #random: () => number;
  #nowUs = 1_000_000;
  #wallAheadUs = 1.7e15;
  clock = "a";

  constructor(seed: number, public offsetUs: number) {
    this.#random = seededRandom(seed);
  }

  get errorUs(): number {
    return Math.abs(this.sync.estimate!.offsetUs - this.offsetUs);
  }

  run(bursts: number): void {
    for (let burst = 1; burst <= bursts; burst++) {
      for (let i = 0; i < BURST; i++) this.sync.add(this.pong(this.ping()));
      this.checkClocks();
      this.#nowUs += nextBurstMs(burst) * 1_000;
    }
  }

  ping(): { sentUs: number; receivedUs: number } {
    const sentUs = this.#nowUs;
    this.#nowUs += this.#delayUs();
    return { sentUs, receivedUs: this.#nowUs + this.offsetUs };
  }

  pong(ping: { sentUs: number; receivedUs: number }) {
    this.#nowUs += 50;
    const answeredUs = this.#nowUs + this.offsetUs;
    this.#nowUs += this.#delayUs();
    const returnedUs = this.#nowUs;
    const wallUs = returnedUs + this.#wallAheadUs;
    return { ...ping, answeredUs, returnedUs, wallUs, clock: this.clock };
  }

  /** The monotonic clock stands still meanwhile. */
  sleep(us: number): void {
    this.#wallAheadUs += us;
    this.offsetUs += us;
  }

  checkClocks(): boolean {
    return this.sync.checkClocks(this.#nowUs, this.#nowUs + this.#wallAheadUs);
  }

  /** One way: 1 ms, a queue of 0.2 ms on average, at times one of 30 ms. */
  #delayUs(): number {
    const queueUs = this.#random() < 0.1 ? 30_000 : 200;
    return 1_000 - queueUs * Math.log(1 - this.#random());
  }
}
