/**
 * How far behind its sender a group plays a live song: as far as when it began, or
 * as its devices and its sender's bursts need, whatever happens to the clock of the sender. It says by how
 * much the line is to move.
 *
 * @module
 */

import type { LiveFeed } from "../../ports/server.ts";

/** A line that is off by less stays. */
const LEAST_MOVE_US = 50;
/** Devices that are reached over sessions need it. */
const MARGIN_US = 200_000;
/** A device that needs PCM earlier does not hold the others up. */
const MOST_LEAD_US = 1_500_000;

/** A live song on a line. */
export interface LinedSong {
  readonly live: Pick<LiveFeed, "lateUs" | "unevenUs">;
  /** When its sample frame 0 sounds by the line. */
  readonly startsUs: number;
}

/**
 * @example A sender that stops for a second takes its listeners along
 * ```ts
 * import { LiveLine } from "./live_line.ts";
 * import assert from "node:assert/strict";
 *
 * let lateUs = 0;
 * const live = { lateUs: () => lateUs, unevenUs: () => 0 };
 * const song = { live, startsUs: 900_000 };
 * const line = new LiveLine();
 * line.begin(song, 0);
 * lateUs = 30;
 * assert.equal(line.moveUs(song, 0), 0);
 * lateUs = 1_000_000;
 * assert.equal(line.moveUs(song, 0), 1_000_000);
 * ```
 */
export class LiveLine {
  readonly #marginUs: number;
  /** How long after it has come a sample frame sounds; null: there is no line. */
  #behindUs: number | null = null;

  /**
   * @param marginUs Time for what has come to reach a device on a busy machine,
   * besides its lead.
   */
  constructor(marginUs: number = MARGIN_US) {
    this.#marginUs = marginUs;
  }

  /** A line has begun; null: it is not that of a live song. */
  begin(song: LinedSong | null, nowUs: number): void {
    // What has yet to come comes now at the earliest.
    const cameUs = song?.live.lateUs(nowUs) ?? nowUs;
    this.#behindUs = song && song.startsUs - cameUs;
  }

  /**
   * By how much the line is to move; 0: it stays.
   *
   * @param song Null: its devices follow no line of a live song.
   * @param leadsUs How long before it sounds its devices need their PCM, which does
   * not exist any earlier than it comes.
   */
  moveUs(
    song: LinedSong | null,
    nowUs: number,
    leadsUs: readonly number[] = [],
  ): number {
    if (song === null) this.#behindUs = null;
    const cameUs = song?.live.lateUs(nowUs) ?? null;
    if (song === null || cameUs === null) return 0;
    const leadUs = Math.max(0, ...leadsUs.filter((it) => it <= MOST_LEAD_US));
    const behindUs = this.#behindUs ?? song.startsUs - cameUs;
    // What comes in bursts is waited for to the end of each.
    const marginUs = Math.max(this.#marginUs, song.live.unevenUs(nowUs));
    const leastUs = leadsUs.length > 0 ? leadUs + marginUs : 0;
    this.#behindUs = Math.max(behindUs, leastUs);
    const movedUs = cameUs + this.#behindUs - song.startsUs;
    return Math.abs(movedUs) < LEAST_MOVE_US ? 0 : movedUs;
  }
}
