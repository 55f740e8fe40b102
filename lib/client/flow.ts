/**
 * The flow of a song's PCM to its player: held back until enough has been
 * buffered, at the song's start and after a gap.
 *
 * @module
 */

import { bytesPerSecond, type PcmFormat } from "../audio/format.ts";

/** Seconds of PCM to buffer; a fast network brings them at once. */
const SECONDS = { start: 0.25, gap: 0.5 };

/** What has been buffered of a song. */
export interface Buffered {
  /** Whole sample frames, in bytes. */
  bytes: number;
  /** Whether the buffer can take more. */
  hasRoom: boolean;
  /** Whether no more PCM follows. */
  isComplete: boolean;
}

/**
 * Whether PCM flows, and how much of it is still waited for.
 *
 * @example
 * ```ts
 * import { Flow } from "./flow.ts";
 * import assert from "node:assert/strict";
 *
 * const format = { encoding: "u8", rate: 8000, channels: 1, bits: 8 } as const;
 * const flow = new Flow();
 * flow.begin();
 * const some = { bytes: 1999, hasRoom: true, isComplete: false };
 * assert.equal(flow.isShort(format, some), true);
 * assert.equal(flow.isShort(format, { ...some, bytes: 2000 }), false);
 * assert.equal(flow.isShort(format, some), false);
 * assert.equal(flow.wrote(), false);
 * flow.ranDry();
 * assert.equal(flow.wrote(), true);
 * ```
 */
export class Flow {
  /** `flowing`: the player has had PCM without a gap; `gap`: it has run dry. */
  #state: "held" | "flowing" | "gap" = "held";
  #seconds = 0;
  /** Gaps that were heard because PCM came too late. */
  underruns = 0;

  /** Whether the player has had PCM without a gap. */
  get isFlowing(): boolean {
    return this.#state === "flowing";
  }

  /** PCM of another place follows. */
  begin(): void {
    this.hold();
    this.#seconds = SECONDS.start;
  }

  /** No PCM is written for now, which makes no gap. A gap lasts until PCM is. */
  hold(): void {
    if (this.isFlowing) this.#state = "held";
  }

  /** The player has run dry. */
  ranDry(): void {
    this.#state = "gap";
    this.#seconds = SECONDS.gap;
    this.underruns++;
  }

  /** PCM was written. @returns Whether that has ended a gap. */
  wrote(): boolean {
    const endsGap = this.#state === "gap";
    this.#state = "flowing";
    return endsGap;
  }

  /** Whether more has to come first. Once it has not, it no longer has. */
  isShort(
    format: PcmFormat,
    { bytes, hasRoom, isComplete }: Buffered,
  ): boolean {
    const isEnough = bytes >= bytesPerSecond(format) * this.#seconds;
    if (isEnough || isComplete || !hasRoom) this.#seconds = 0;
    return this.#seconds > 0;
  }
}
