/**
 * Detects a queue that goes round without being heard, such as one whose songs all
 * fail, which would otherwise never end.
 *
 * @module
 */

/** A round with less sound is silent. */
const LEAST_SECONDS = 1;

/**
 * Counts the entries that ended, and their sound.
 *
 * @example
 * ```ts
 * import { SilentRound } from "./silent_round.ts";
 * import assert from "node:assert/strict";
 *
 * const round = new SilentRound();
 * assert.equal(round.ends(0.6, 2), false);
 * assert.equal(round.ends(0.1, 2), true);
 * ```
 */
export class SilentRound {
  #entries = 0;
  #seconds = 0;

  /**
   * An entry has ended.
   *
   * @param length Entries of a round.
   * @returns Whether it ended a silent round.
   */
  ends(heardSeconds: number, length: number): boolean {
    this.#entries++;
    this.#seconds += heardSeconds;
    const isHeard = this.#seconds >= LEAST_SECONDS;
    const isSilent = !isHeard && this.#entries >= length;
    if (isHeard || isSilent) this.#entries = this.#seconds = 0;
    return isSilent;
  }
}
