/**
 * Keeps account of data that is used by two at once: a byte may be granted
 * again when it is both played and stored.
 *
 * @module
 */

/**
 * Counts bytes that two users are done with.
 *
 * @example
 * ```ts
 * import { JointProgress } from "./joint_progress.ts";
 * import assert from "node:assert/strict";
 *
 * const keeper = new JointProgress();
 * assert.equal(keeper.played(100), 0);
 * assert.equal(keeper.stored(60), 60);
 * assert.equal(keeper.storeNoMore(), 40);
 * assert.equal(keeper.played(5), 5);
 * ```
 */
export class JointProgress {
  #playedBytes = 0;
  #storedBytes = 0;
  #doneBytes = 0;

  /** Bytes were played. @returns Bytes that both are done with by it. */
  played(bytes: number): number {
    this.#playedBytes += bytes;
    return this.#done();
  }

  /** Bytes were stored. @returns As above. */
  stored(bytes: number): number {
    this.#storedBytes += bytes;
    return this.#done();
  }

  /** Nothing is stored any more: playing alone counts. @returns As above. */
  storeNoMore(): number {
    this.#storedBytes = Infinity;
    return this.#done();
  }

  #done(): number {
    const bytes = Math.min(this.#playedBytes, this.#storedBytes);
    const news = bytes - this.#doneBytes;
    this.#doneBytes = bytes;
    return news;
  }
}
