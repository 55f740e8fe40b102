/**
 * Lists of many texts, such as the names of all songs, without a string of each.
 *
 * @module
 */

import type { Texts } from "../ports/library.ts";
import type { Turns } from "../ports/server.ts";
import { encodeText, TextArena } from "./text_arena.ts";

/**
 * Texts that were copied from an arena. A string is made where one is asked for.
 *
 * @example
 * ```ts
 * import { TextArena } from "./text_arena.ts";
 * import { TextList } from "./text_list.ts";
 * import assert from "node:assert/strict";
 *
 * const names = new TextArena();
 * for (const name of ["a.wav", "b.wav", "c.wav"]) names.push(name);
 * const list = await TextList.of(names, [2, 0], { next: () => null });
 * assert.deepEqual([...list], ["c.wav", "a.wav"]);
 * assert.equal(list.indexOf("a.wav"), 1);
 * ```
 */
export class TextList implements Texts {
  readonly #texts: TextArena;

  private constructor(texts: TextArena) {
    this.#texts = texts;
  }

  /** The texts with these numbers, in their order. */
  static async of(
    from: TextArena,
    numbers: Iterable<number>,
    turns: Turns,
  ): Promise<TextList> {
    const texts = new TextArena();
    for (const number of numbers) {
      texts.copy(from, number);
      const pause = turns.next();
      if (pause) await pause;
    }
    return new TextList(texts);
  }

  get length(): number {
    return this.#texts.size;
  }

  at(index: number): string | undefined {
    return index < this.length ? this.#texts.at(index) : undefined;
  }

  slice(start: number, end = this.length): string[] {
    const last = Math.min(end, this.length);
    const length = Math.max(0, last - start);
    return Array.from({ length }, (_, i) => this.#texts.at(start + i));
  }

  indexOf(text: string): number {
    const wanted = encodeText(text);
    for (let i = 0; i < this.length; i++) {
      if (this.#texts.compareTo(i, wanted) === 0) return i;
    }
    return -1;
  }

  *[Symbol.iterator](): Iterator<string> {
    for (let i = 0; i < this.length; i++) yield this.#texts.at(i);
  }
}
