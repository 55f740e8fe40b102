/**
 * The server's clock, kept by pings over all connections, so that the times of a
 * group's line are known here.
 *
 * @module
 */

import {
  BURST,
  type ClockEstimate,
  ClockSync,
  nextBurstMs,
  toServerUs,
} from "../model/clock_sync.ts";
import type { Clock } from "../ports/common.ts";
import { hasFeature } from "../wire/features.ts";
import type { ClientSession } from "./client_session.ts";
import type { Link } from "./link.ts";
import { Notify } from "./notify.ts";

/** Pings after a welcome, and after the machine has slept. */
const FIRST_PINGS = 8;
/** How often the clocks of the machine are compared. */
const CHECK_MS = 1_000;

/**
 * One of the server's clocks: a restart of the server begins another. What was
 * known of the former one still holds.
 */
export interface ServerClockRun {
  readonly name: string;
  /** Null: no ping was answered yet. */
  estimate: ClockEstimate | null;
}

/** Keeps the clock of a link's server. */
export class ServerClock {
  readonly #clock: Clock;
  readonly #wallMs: () => number;
  readonly #sync = new ClockSync();
  readonly #stirred = new Notify();
  #current: ServerClockRun | null = null;
  #isActive = false;
  /** Called with each estimate. */
  #listener: () => void = () => {};

  /** @param wallMs The wall clock, which goes on while the machine sleeps. */
  constructor(link: Pick<Link, "clock" | "listen">, wallMs: () => number) {
    this.#clock = link.clock;
    this.#wallMs = wallMs;
    link.listen({
      greeted: (session, welcome) => {
        if (hasFeature(welcome, "groups")) this.#keep(session, welcome.clock);
      },
    });
  }

  /** The present clock of the server; null: none was met yet. */
  get current(): ServerClockRun | null {
    return this.#current;
  }

  /** The mean round trip, in microseconds; null: not known yet. */
  get rttUs(): number | null {
    return this.#current?.estimate?.rttUs ?? null;
  }

  /**
   * Whether the device is in a group of several, as far as it knows, so that pings
   * go on: also while nothing plays, and the next song is in step at once.
   */
  set active(active: boolean) {
    if (active === this.#isActive) return;
    this.#isActive = active;
    this.#stirred.notify();
  }

  /** Sets what is called with each estimate. */
  listen(listener: () => void): void {
    this.#listener = listener;
  }

  async #keep(session: ClientSession, name: string): Promise<void> {
    if (this.#current?.name !== name) {
      this.#current = { name, estimate: null };
    }
    const run = this.#current;
    session.over.addEventListener("abort", () => this.#stirred.notify());
    await this.#burst(session, run, FIRST_PINGS);
    for (let bursts = 0; session.failure === null;) {
      if (!this.#isActive) {
        bursts = 0;
        await this.#stirred.notified();
        continue;
      }
      await this.#burst(session, run, BURST);
      await this.#rest(session, run, nextBurstMs(++bursts));
    }
  }

  /** Waits for the next burst, and looks whether the machine has slept. */
  async #rest(session: ClientSession, run: ServerClockRun, ms: number) {
    for (let rest = ms; rest > 0 && !session.over.aborted; rest -= CHECK_MS) {
      await this.#clock.sleep(Math.min(rest, CHECK_MS), session.over);
      const nowUs = this.#clock.now() * 1000;
      if (!this.#sync.checkClocks(nowUs, this.#wallMs() * 1000)) continue;
      await this.#burst(session, run, FIRST_PINGS);
    }
  }

  async #burst(
    session: ClientSession,
    run: ServerClockRun,
    pings: number,
  ): Promise<void> {
    for (let i = 0; i < pings; i++) {
      try {
        const wallUs = () => this.#wallMs() * 1000;
        const trip = await session.ping();
        if (trip === null) return;
        this.#sync.add({ ...trip, wallUs: wallUs(), clock: run.name });
      } catch {
        return; // The lost connection is handled by its session's owner.
      }
      // After a sleep, the last estimate holds until there is another.
      run.estimate = this.#sync.estimate ?? run.estimate;
      this.#listener();
    }
  }
}

/** The time of a server's clock, in microseconds; null: it is not known. */
export function serverUs(
  { estimate }: ServerClockRun,
  localMs: number,
): number | null {
  return estimate && toServerUs(estimate, localMs * 1000);
}
