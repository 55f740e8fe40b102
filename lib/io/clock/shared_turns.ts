/**
 * Splits work into pieces. Requests and long work such as searches share one time
 * budget per turn of the event loop, so that many clients together cannot
 * interrupt a stream. Requests and other work are resumed in alternation, so that
 * no request waits until each of many searches has had its share. Signals, such as
 * pings, go first for a part of each turn, because requests before them may be long.
 * What nobody waits for has the time that is left, and a small share at least.
 *
 * @module
 */

import type { Clock } from "../../ports/common.ts";
import type { TurnKind, Turns } from "../../ports/server.ts";
import { systemClock } from "./clock.ts";

/** How long the work in one turn may take. */
export const SLICE_MS = 3;
/** How long one piece of work may continue while others wait, and signals go first. */
const SHARE_MS = 1;
/** How long background work may wait for a share while there is other work. */
const BACKGROUND_MS = 20;
/** Steps between two reads of the clock; they take far less than a millisecond. */
export const LOOK_STEPS = 64;

/** Lets all work of a program share one time budget per turn. */
export class SharedTurns implements Turns {
  readonly #clock: Pick<Clock, "now">;
  #later: (work: () => void) => void;
  readonly #waiting: Record<TurnKind, (() => void)[]> = {
    signal: [],
    request: [],
    work: [],
    background: [],
  };
  #resumed: TurnKind = "work";
  /** When this turn's work began; null if there is none. */
  #beganMs: number | null = null;
  /** When background work was resumed. */
  #backgroundMs = 0;
  /** When the work that had waited longest was resumed. */
  #resumedMs = 0;
  #isUsedUp = false;
  #steps = 0;

  /** @param later Runs a function in the next turn of the event loop. */
  constructor(
    clock: Pick<Clock, "now"> = systemClock,
    later: (work: () => void) => void = (work) => void setTimeout(work),
  ) {
    this.#clock = clock;
    this.#later = later;
  }

  /** Begins turns in another way from now on; by default by a timer. */
  set later(later: (work: () => void) => void) {
    this.#later = later;
  }

  next(steps = 1, kind: TurnKind = "work"): Promise<void> | null {
    if (this.#beganMs === null) this.#begin();
    const isInTheWay = kind === "background" && this.#isAwaited &&
      this.#resumed !== "background";
    if (this.#isUsedUp || isInTheWay) return this.#wait(kind);
    this.#steps += steps;
    if (this.#steps < LOOK_STEPS) return null;
    this.#steps = 0;
    const nowMs = this.#clock.now();
    this.#isUsedUp = nowMs - this.#beganMs! >= SLICE_MS;
    const isShareOver = this.#isAwaited &&
      nowMs - this.#resumedMs >= SHARE_MS;
    return this.#isUsedUp || isShareOver ? this.#wait(kind) : null;
  }

  /** Whether anything waits but background work. */
  get #isAwaited(): boolean {
    const { signal, request, work } = this.#waiting;
    return signal.length + request.length + work.length > 0;
  }

  #wait(kind: TurnKind): Promise<void> {
    return new Promise((resolve) => this.#waiting[kind].push(resolve));
  }

  #begin(): void {
    this.#beganMs = this.#resumedMs = this.#clock.now();
    this.#isUsedUp = false;
    this.#later(() => void this.#turn());
  }

  /** Resumes what waits, one after the other, until the turn is used up. */
  async #turn(): Promise<void> {
    this.#beganMs = null;
    // What comes to wait meanwhile has its turn in the next one.
    const count = Object.values(this.#waiting)
      .reduce((sum, { length }) => sum + length, 0);
    for (let left = count; left > 0; left--) {
      if (this.#beganMs === null) this.#begin();
      if (this.#isUsedUp) return;
      this.#resumedMs = this.#clock.now();
      this.#isUsedUp = this.#resumedMs - this.#beganMs! >= SLICE_MS;
      if (this.#isUsedUp) return;
      this.#resumeOne();
      await null; // It goes on until it waits for something.
    }
  }

  /** Resumes what has waited longest of a kind. */
  #resumeOne(): void {
    this.#resumed = this.#nextKind();
    if (this.#resumed === "background") this.#backgroundMs = this.#resumedMs;
    this.#waiting[this.#resumed].shift()?.();
  }

  /** Requests and work alternate. */
  #nextKind(): TurnKind {
    const { signal, request, work, background } = this.#waiting;
    const isEarly = this.#resumedMs - this.#beganMs! < SHARE_MS;
    const isOnly = request.length + work.length === 0;
    if (signal.length > 0 && (isEarly || isOnly)) return "signal";
    const isDue = this.#resumedMs - this.#backgroundMs >= BACKGROUND_MS;
    if (background.length > 0 && (isDue || !this.#isAwaited)) {
      return "background";
    }
    const isRequestNext = request.length > 0 &&
      (this.#resumed !== "request" || work.length === 0);
    return isRequestNext ? "request" : "work";
  }
}

/** The turns of this program. */
export const turns: SharedTurns = new SharedTurns();

/** For work that nobody waits for. */
export const backgroundTurns: Turns = {
  next: (steps) => turns.next(steps, "background"),
};

/** Filters a large list in small steps. */
export async function inTurns<T>(
  items: readonly T[],
  is: (item: T) => boolean,
): Promise<T[]> {
  const found: T[] = [];
  for (const item of items) {
    if (is(item)) found.push(item);
    const pause = turns.next();
    if (pause) await pause;
  }
  return found;
}
