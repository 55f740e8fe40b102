/**
 * Where a player is in the PCM that was written to it, from what it reports.
 *
 * @module
 */

import { HeardLine } from "./heard_line.ts";
import type {
  PlayerReader,
  PlayerReport,
  PlayerReports,
} from "./player_reports.ts";

/** Writes that a player may have read or not. */
const MOST_WRITES = 256;
/** A sum of reported times that is rounded to milliseconds is this far off. */
const ROUNDED_SECONDS = 0.0006;

/**
 * The position of one player.
 *
 * @example
 * ```ts
 * import { PlayerPosition } from "./player_position.ts";
 * import { PACAT_REPORTS } from "./player_reports.ts";
 * import assert from "node:assert/strict";
 *
 * const position = new PlayerPosition(PACAT_REPORTS, 48_000);
 * position.wrote(9_600);
 * assert.equal(position.read("Connection established.", 1_000), false);
 * assert.equal(position.at(1_000), null);
 * for (let i = 0; i < 5; i++) {
 *   position.read("Time: 0.100 sec; Latency: 100250 usec.", 1_000);
 * }
 * assert.equal(Math.round(position.at(999.8)!), 4_788);
 * ```
 */
export class PlayerPosition {
  readonly #reader: PlayerReader;
  readonly #ageMs: number;
  readonly #rateHz: number;
  readonly #line: HeardLine;
  /** Sample frames written by the latest writes, in all. */
  #writes: number[] = [0];

  constructor(reports: PlayerReports, rateHz: number) {
    this.#reader = reports.open(rateHz);
    this.#ageMs = reports.ageMs;
    this.#rateHz = rateHz;
    this.#line = new HeardLine(rateHz);
  }

  /** So many sample frames more were written, which the player reads at once. */
  wrote(frames: number): void {
    this.#writes.push(this.#writes[this.#writes.length - 1] + frames);
    if (this.#writes.length > MOST_WRITES) this.#writes.shift();
  }

  /** Reads a line of the player's. @returns Whether it is a report. */
  read(line: string, atMs: number): boolean {
    const report = this.#reader.read(line);
    if (report === null) return false;
    // A player reports 0 until it has begun to sound.
    if (report !== "silent" && report.heardSeconds > 0) {
      this.#line.add(this.#framesOf(report), atMs - this.#ageMs);
    }
    return true;
  }

  /** Sample frames heard at a time, with a fraction; null: not known yet. */
  at(ms: number): number | null {
    return this.#line.at(ms);
  }

  /** As {@linkcode HeardLine.drift}. */
  get drift(): number | null {
    return this.#line.drift;
  }

  #framesOf({ heardSeconds, unheardSeconds }: PlayerReport): number {
    const heard = heardSeconds * this.#rateHz;
    if (unheardSeconds === undefined) return heard;
    const unheard = unheardSeconds * this.#rateHz;
    // It has read up to the end of one of the writes: the one that is nearest.
    let read = Infinity;
    for (const written of this.#writes) {
      const off = Math.abs(written - heard - unheard);
      if (off < Math.abs(read - heard - unheard)) read = written;
    }
    const isRead = Math.abs(read - heard - unheard) <
      ROUNDED_SECONDS * this.#rateHz;
    return isRead ? read - unheard : heard;
  }
}
