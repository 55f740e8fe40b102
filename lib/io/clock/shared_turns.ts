/**
 * The turns of the event loop: long work of any number of clients is done in
 * pieces, of which there is one in a turn, so that nobody's music waits.
 *
 * @module
 */

import type { Clock } from "../../ports/common.ts";
import type { Turns } from "../../ports/server.ts";
import { systemClock } from "./clock.ts";

/** How long the pieces of one turn may take. */
export const SLICE_MS = 4;
/** Steps between two looks at the clock; far below a millisecond. */
const LOOK_STEPS = 64;

/** Turns that all long work of a program shares. */
export class SharedTurns implements Turns {
  readonly #clock: Pick<Clock, "now">;
  readonly #later: (work: () => void) => void;
  readonly #waiting: (() => void)[] = [];
  /** When this turn's work began; null: nobody works. */
  #beganMs: number | null = null;
  #steps = 0;

  /** @param later Does something in the next turn of the event loop. */
  constructor(
    clock: Pick<Clock, "now"> = systemClock,
    later: (work: () => void) => void = (work) => void setTimeout(work),
  ) {
    this.#clock = clock;
    this.#later = later;
  }

  next(steps = 1): Promise<void> | null {
    if (this.#beganMs === null) this.#begin();
    this.#steps += steps;
    if (this.#steps < LOOK_STEPS) return null;
    this.#steps = 0;
    if (this.#clock.now() - this.#beganMs! < SLICE_MS) return null;
    // What comes next in this turn finds it used up at its first look.
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #begin(): void {
    this.#beganMs = this.#clock.now();
    this.#later(() => this.#turn());
  }

  #turn(): void {
    this.#beganMs = null;
    const first = this.#waiting.shift();
    if (first === undefined) return;
    this.#begin();
    first();
  }
}

/** The turns of this program. */
export const turns: Turns = new SharedTurns();

/** Those of very many items of which something is true. */
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
