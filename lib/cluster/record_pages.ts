/**
 * Writes and reads the pages of one group in the table that servers share. A page
 * is named after the term of its author and its content, and never changes.
 *
 * @module
 */

import type { Clock } from "../ports/common.ts";
import type { Table } from "./bus.ts";
import { hashOf, MOST_PAGE_BYTES } from "./queue_pages.ts";

/** Pages that are read or written at once. */
const AT_ONCE = 8;

/** Pages by their names; null where one is missing, or is another one. */
export type FoundPages = ReadonlyMap<string, Uint8Array | null>;

export class RecordPages {
  readonly #table: Pick<Table, "get" | "put">;
  readonly #clock: Pick<Clock, "sleep">;
  readonly #key: (name: string) => string;

  /** @param key Where a page is in the table. */
  constructor(
    { table, clock }: {
      readonly table: Pick<Table, "get" | "put">;
      readonly clock: Pick<Clock, "sleep">;
    },
    key: (name: string) => string,
  ) {
    this.#table = table;
    this.#clock = clock;
    this.#key = key;
  }

  /** Writes pages. @returns Their names. */
  async write(term: number, pages: Iterable<Uint8Array>): Promise<string[]> {
    const names: string[] = [];
    let writing: Promise<void>[] = [];
    for (const page of pages) {
      const name = `${term}-${hashOf(page)}`;
      names.push(name);
      writing.push(this.#table.put(this.#key(name), page));
      if (writing.length < AT_ONCE) continue;
      await Promise.all(writing);
      await this.#clock.sleep(0);
      writing = [];
    }
    await Promise.all(writing);
    return names;
  }

  /** Reads the pages with these names. */
  async read(names: readonly string[]): Promise<FoundPages> {
    const found = new Map<string, Uint8Array | null>();
    for (let i = 0; i < names.length; i += AT_ONCE) {
      const some = names.slice(i, i + AT_ONCE).map(async (name) => {
        const { value } = await this.#table.get(this.#key(name));
        const isRight = value && value.length <= MOST_PAGE_BYTES &&
          name.endsWith(`-${hashOf(value)}`);
        found.set(name, isRight ? value : null);
      });
      await Promise.all(some);
    }
    return found;
  }
}
