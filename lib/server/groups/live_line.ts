/**
 * How far behind its sender a group plays a live song: as far as when it began, or
 * as its devices need, whatever happens to the clock of the sender. It says by how
 * much the line is to move.
 *
 * @module
 */

/** A line that is off by less stays. */
const LEAST_MOVE_US = 50;
/** Time for what has come to reach a device on a busy machine, besides its lead. */
const MARGIN_US = 200_000;
/** A device that needs PCM earlier does not hold the others up. */
const MOST_LEAD_US = 1_500_000;

/**
 * @example A sender that stops for a second takes its listeners along
 * ```ts
 * import { LiveLine } from "./live_line.ts";
 * import assert from "node:assert/strict";
 *
 * const line = new LiveLine();
 * line.begin(900_000, 0);
 * assert.equal(line.moveUs(900_000, 30, []), 0);
 * assert.equal(line.moveUs(900_000, 1_000_000, []), 1_000_000);
 * ```
 */
export class LiveLine {
  /** How long after it has come a sample frame sounds; null: there is no line. */
  #behindUs: number | null = null;

  /**
   * A line has begun.
   *
   * @param startsUs When sample frame 0 of the song sounds by it.
   * @param cameUs When that came, or would have at the sender's pace.
   */
  begin(startsUs: number, cameUs: number): void {
    this.#behindUs = startsUs - cameUs;
  }

  /** Its devices follow no line. */
  end(): void {
    this.#behindUs = null;
  }

  /**
   * By how much the line is to move; 0: it stays.
   *
   * @param leadsUs How long before it sounds its devices need their PCM, which does
   * not exist any earlier than it comes.
   */
  moveUs(
    startsUs: number,
    cameUs: number,
    leadsUs: readonly number[],
  ): number {
    const leadUs = Math.max(0, ...leadsUs.filter((it) => it <= MOST_LEAD_US));
    const behindUs = this.#behindUs ?? startsUs - cameUs;
    const leastUs = leadsUs.length > 0 ? leadUs + MARGIN_US : 0;
    this.#behindUs = Math.max(behindUs, leastUs);
    const movedUs = cameUs + this.#behindUs - startsUs;
    return Math.abs(movedUs) < LEAST_MOVE_US ? 0 : movedUs;
  }
}
