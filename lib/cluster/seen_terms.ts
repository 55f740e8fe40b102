/**
 * The terms in which other servers have commanded devices of this one, by group, and
 * those that the records of owners say.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import { LruCache } from "../model/lru_cache.ts";
import { canFollow, type Owner } from "./owner_terms.ts";

/** Groups whose latest terms are remembered. */
const MOST_TERMS = 8_192;

export class SeenTerms {
  readonly #highest = new LruCache<string, number>(MOST_TERMS);
  readonly #owner: (group: string) => Owner | undefined;
  /** Messages whose terms were too low. */
  refused = 0;

  /** @param owner The owner of a group, as its record says. */
  constructor(owner: (group: string) => Owner | undefined) {
    this.#owner = owner;
  }

  /** The records of a group are deleted, as it has ended long ago: terms begin again. */
  forget(group: string): void {
    this.#highest.delete(group);
  }

  /**
   * Checks the term of a command.
   *
   * @param place The server that sends it.
   * @throws {OndacastError} `stale`, if a higher one of the group is known, or this
   * one cannot follow it.
   */
  check(
    { device, group, term }: { device: string; group: string; term: number },
    place: string,
  ): void {
    const seen = this.#highest.get(group) ?? 0;
    const { node = place, term: recorded = 0 } = this.#owner(group) ?? {};
    // The owner of a new group sends commands before its record is written. One that
    // takes a device out of its own group knows the term of that, or none. Of two
    // that have the same term of a group, the table says whose it is.
    const isOwn = group === device;
    const isOfOther = node !== place && !(isOwn && term === 0);
    const lowest = isOfOther ? recorded + Number(!isOwn) : 0;
    const highest = Math.max(seen, lowest);
    if (term < highest || !canFollow(term, highest)) {
      this.refused++;
      throw new OndacastError(
        "stale",
        `Cannot accept term ${term} of a group: expected at least ${highest}`,
      );
    }
    this.#highest.set(group, term);
  }
}
