/**
 * The terms in which other servers have commanded devices of this one, by group.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import { LruCache } from "../model/lru_cache.ts";

/** Groups whose latest terms are remembered. */
const MOST_TERMS = 8_192;

export class SeenTerms {
  readonly #highest = new LruCache<string, number>(MOST_TERMS);

  /** @throws {OndacastError} `stale`, if a higher one of the group was seen. */
  check(group: string, term: number): void {
    const highest = this.#highest.get(group) ?? 0;
    if (term < highest) {
      throw new OndacastError(
        "stale",
        `Cannot obey term ${term} of a group: ${highest} was seen`,
      );
    }
    this.#highest.set(group, term);
  }
}
