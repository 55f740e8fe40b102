/**
 * Holds a song back until enough of it has been buffered, at its start and
 * after a gap.
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
 * The amount that is still waited for.
 *
 * @example
 * ```ts
 * import { Prebuffer } from "./prebuffer.ts";
 * import assert from "node:assert/strict";
 *
 * const format = { encoding: "u8", rate: 8000, channels: 1, bits: 8 } as const;
 * const prebuffer = new Prebuffer();
 * prebuffer.require("start");
 * const some = { bytes: 1999, hasRoom: true, isComplete: false };
 * assert.equal(prebuffer.isShort(format, some), true);
 * assert.equal(prebuffer.isShort(format, { ...some, bytes: 2000 }), false);
 * assert.equal(prebuffer.isShort(format, some), false);
 * ```
 */
export class Prebuffer {
  #seconds = 0;

  /** Waits for PCM from now on. */
  require(why: keyof typeof SECONDS): void {
    this.#seconds = SECONDS[why];
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
