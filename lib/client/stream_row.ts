/**
 * The streams of one connection that are not over, in the order in which they
 * sound: a stream may follow another without a gap.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import { MOST_IN_A_ROW } from "../model/timeline.ts";

/** A stream, by what the server has sent of it. */
export interface RowStream {
  readonly start: { readonly stream: number; readonly follows?: number };
  /** Whether it was heard, or thrown away. */
  readonly isOver: boolean;
}

/**
 * A row of streams.
 *
 * @example The second follows the first, and the third replaces the second
 * ```ts
 * import { StreamRow } from "./stream_row.ts";
 * import assert from "node:assert/strict";
 *
 * const stream = (stream: number, follows?: number) => ({
 *   start: { stream, follows },
 *   isOver: false,
 * });
 * const row = new StreamRow<ReturnType<typeof stream>>();
 * row.add(stream(1));
 * const second = stream(2, 1);
 * assert.deepEqual(row.add(second), []);
 * assert.deepEqual(row.add(stream(3, 1)), [second]);
 * assert.equal(row.find(2), undefined);
 * assert.equal(row.cut(1).length, 2);
 * ```
 */
export class StreamRow<S extends RowStream> {
  #streams: S[] = [];

  /** The stream of this number, unless it is over. */
  find(stream: number): S | undefined {
    return this.#streams.find((it) => it.start.stream === stream);
  }

  /**
   * Adds a stream.
   *
   * @returns The streams that it replaces: all after the one that it follows, or
   * all.
   * @throws {OndacastError} `bad-message`, if too many wait for their turn.
   */
  add(stream: S): S[] {
    this.#streams = this.#streams.filter((it) => !it.isOver);
    const { follows } = stream.start;
    const before = this.#streams.findIndex((it) => it.start.stream === follows);
    const replaced = this.#streams.splice(before + 1);
    if (this.#streams.length >= MOST_IN_A_ROW) {
      throw new OndacastError(
        "bad-message",
        `Cannot begin stream ${stream.start.stream}: ${MOST_IN_A_ROW} others wait for their turn`,
      );
    }
    this.#streams.push(stream);
    return replaced;
  }

  /** Removes a stream, which may be over, and all after it. @returns Them. */
  cut(stream: number): S[] {
    const at = this.#streams.findIndex((it) => it.start.stream >= stream);
    return at < 0 ? [] : this.#streams.splice(at);
  }
}
