/**
 * By how much the sender of a live song has moved since its line was set.
 *
 * @module
 */

import type { LiveFeed } from "../../ports/server.ts";

/** A sender that has moved by less is not followed yet. */
const LEAST_MOVE_US = 50;

export class SenderPace {
  /** By how much the sender was late when the line was set; null: nothing is live. */
  #lateUs: number | null = null;

  /** A line was set for this song. */
  begin(live: LiveFeed | undefined, nowUs: number): void {
    // Before anything has come, the first sample frame is due now.
    this.#lateUs = live ? live.lateUs(nowUs) ?? nowUs : null;
  }

  /** By how much the line is to be moved, in us. */
  takeMove(live: LiveFeed | undefined, nowUs: number): number {
    const lateUs = live?.lateUs(nowUs) ?? null;
    if (lateUs === null || this.#lateUs === null) return 0;
    const movedUs = lateUs - this.#lateUs;
    if (Math.abs(movedUs) < LEAST_MOVE_US) return 0;
    this.#lateUs = lateUs;
    return movedUs;
  }
}
