/**
 * Progress of data that is both played and stored: a byte may be granted again
 * once both are done with it.
 *
 * @module
 */

/**
 * Counts the bytes that were played and stored.
 *
 * @example
 * ```ts
 * import { JointProgress } from "./joint_progress.ts";
 * import assert from "node:assert/strict";
 *
 * const progress = new JointProgress();
 * assert.equal(progress.played(100), 0);
 * assert.equal(progress.stored(60), 60);
 * assert.equal(progress.storeNoMore(), 40);
 * assert.equal(progress.played(5), 5);
 * ```
 */
export class JointProgress {
  #playedBytes = 0;
  #storedBytes = 0;
  #doneBytes = 0;

  /** Bytes were played. @returns The bytes that this makes both. */
  played(bytes: number): number {
    this.#playedBytes += bytes;
    return this.#done();
  }

  /** Bytes were stored. @returns As above. */
  stored(bytes: number): number {
    this.#storedBytes += bytes;
    return this.#done();
  }

  /** Storing has ended: only playing counts. @returns As above. */
  storeNoMore(): number {
    this.#storedBytes = Infinity;
    return this.#done();
  }

  #done(): number {
    const bytes = Math.min(this.#playedBytes, this.#storedBytes);
    const more = bytes - this.#doneBytes;
    this.#doneBytes = bytes;
    return more;
  }
}
