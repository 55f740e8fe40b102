/**
 * The clock of one of several machines in a test, which is off and drifts.
 *
 * @module
 */

import { FakeClock } from "./fake_clock.ts";

export class SkewedClock extends FakeClock {
  readonly #true: FakeClock;
  readonly #aheadMs: number;
  readonly #pace: number;
  #stoppedMs: number | null = null;

  /** @param ppm How much faster it runs. */
  constructor(
    { base, hours, ppm }: { base: FakeClock; hours: number; ppm: number },
  ) {
    super();
    this.#true = base;
    this.#aheadMs = hours * 3_600_000;
    this.#pace = 1 + ppm / 1e6;
  }

  override now(): number {
    return this.#stoppedMs ?? this.#aheadMs + this.#true.now() * this.#pace;
  }

  /** The machine dies: nothing that sleeps goes on. */
  stop(): void {
    this.#stoppedMs ??= this.now();
  }

  override async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await this.#slept(ms, signal);
    if (this.#stoppedMs !== null) await new Promise(() => {});
  }

  #slept(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#true.sleep(ms / this.#pace, signal);
  }

  override advance(ms: number): Promise<void> {
    return this.#true.advance(ms);
  }
}
