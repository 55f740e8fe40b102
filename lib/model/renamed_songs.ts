/**
 * The present names of songs that were renamed, for what still names them as
 * before, such as a queue.
 *
 * @module
 */

/** Former names that are remembered. */
const MOST_NAMES = 1_000;

/**
 * Present names by former ones.
 *
 * @example
 * ```ts
 * import { RenamedSongs } from "./renamed_songs.ts";
 * import assert from "node:assert/strict";
 *
 * const renamed = new RenamedSongs();
 * renamed.note("a.wav", "b.wav");
 * renamed.note("b.wav", "c.wav");
 * assert.equal(renamed.presentName("a.wav"), "c.wav");
 * ```
 */
export class RenamedSongs {
  readonly #names = new Map<string, string>();

  /** A song has another name. The oldest former name may be forgotten. */
  note(from: string, to: string): void {
    for (const [former, name] of this.#names) {
      if (name === from) this.#names.set(former, to);
    }
    this.#names.delete(from);
    this.#names.set(from, to);
    this.#names.delete(to); // It is the name of a song again.
    if (this.#names.size > MOST_NAMES) {
      this.#names.delete(this.#names.keys().next().value!);
    }
  }

  /** The present name; the same one if no song had it. */
  presentName(name: string): string {
    return this.#names.get(name) ?? name;
  }
}
