/**
 * Who owns which group, as this server knows: of each group the owner with the
 * highest term that it has heard of. A term never falls. It has one owner, unless NATS
 * loses the record of one that it has told of: then it is the one in the table.
 *
 * @module
 */

/** The owner of a group: the server that runs it, for its devices everywhere. */
export interface Owner {
  node: string;
  /** Rises by one with each other owner. */
  term: number;
  /** Keys of the group's devices; of a queue that is put aside: none. */
  devices: readonly string[];
  /** The group has ended; milliseconds since 1970. */
  goneMs?: number;
}

/** The highest term of a group that was not heard of. */
const MOST_FIRST_TERM = 2 ** 40;
/** Other owners that may have been missed. */
const MOST_RISE = 2 ** 20;

/**
 * Whether a term can follow the highest that is known; 0: none is. It rises by one
 * with each owner: nobody can use up the terms of a group, so that it has no next one.
 */
export function canFollow(term: number, known: number): boolean {
  return term <= (known === 0 ? MOST_FIRST_TERM : known + MOST_RISE);
}

interface Known {
  owner: Owner | null;
  /** Of the present record, whether or not it holds. */
  revision: number;
  term: number;
  /** The highest in which this server is or was the owner; 0: none. */
  ownTerm: number;
}

/**
 * A pure model: records go in as the table has them, in any order, and what to put
 * next comes out.
 *
 * @example
 * ```ts
 * import { OwnerTerms } from "./owner_terms.ts";
 * import assert from "node:assert/strict";
 *
 * const terms = new OwnerTerms("cellar");
 * terms.seen("g", { node: "attic", term: 3, devices: ["k"] }, 7);
 * assert.equal(terms.accepts("g", 2), false);
 * assert.deepEqual(terms.next("g", "cellar", ["k"]), {
 *   owner: { node: "cellar", term: 4, devices: ["k"] },
 *   revision: 7,
 * });
 * ```
 */
export class OwnerTerms {
  readonly #own: string;
  readonly #known = new Map<string, Known>();
  /** The group of each device. */
  readonly #groupOf = new Map<string, string>();

  /** @param own The name of this server. */
  constructor(own: string) {
    this.#own = own;
  }

  /** Ids of all groups that a record was seen of. */
  get ids(): MapIterator<string> {
    return this.#known.keys();
  }

  get size(): number {
    return this.#known.size;
  }

  has(id: string): boolean {
    return this.#known.has(id);
  }

  /** The owner of a group that has not ended. */
  owner(id: string): Owner | undefined {
    const { owner } = this.#known.get(id) ?? {};
    return owner?.goneMs === undefined ? owner ?? undefined : undefined;
  }

  /** As {@linkcode owner}, also of one that has ended. */
  last(id: string): Owner | undefined {
    return this.#known.get(id)?.owner ?? undefined;
  }

  isOwn(id: string): boolean {
    return this.owner(id)?.node === this.#own;
  }

  /** The group that a device is in. */
  groupOf(device: string): string | undefined {
    return this.#groupOf.get(device);
  }

  /** The highest term that was heard of; 0: none. */
  term(id: string): number {
    return this.#known.get(id)?.term ?? 0;
  }

  /** The highest term in which this server is or was the owner; 0: none. */
  ownTerm(id: string): number {
    return this.#known.get(id)?.ownTerm ?? 0;
  }

  /** Whether a message of an owner with this term holds. */
  accepts(id: string, term: number): boolean {
    return term >= this.term(id);
  }

  /** The table is read anew, which may be another one: its revisions begin again. */
  begin(): void {
    for (const [id, it] of this.#known) {
      this.#known.set(id, { ...it, revision: -1 });
    }
  }

  /**
   * The table has a record.
   *
   * @param owner Null: it has none, or one that is not valid.
   * @returns `older`: it does not hold, by its term; `known`: nothing is new.
   */
  seen(
    id: string,
    owner: Owner | null,
    revision: number,
  ): "new" | "known" | "older" {
    const known = this.#known.get(id);
    if (known && !isLater(owner, revision, known)) return "known";
    const { owner: before = null, term = 0, ownTerm = 0 } = known ?? {};
    // Only what has ended is deleted.
    const holds = owner
      ? owner.term >= term && canFollow(owner.term, term) &&
        !isOfEnded(owner, before)
      : before === null || before.goneMs !== undefined;
    if (!holds) {
      this.#known.set(id, { owner: before, revision, term, ownTerm });
      return "older";
    }
    this.#index(id, before, owner);
    // What is deleted has ended long ago: its next owner may not know its terms.
    const isForgotten = owner === null && revision > 0;
    const highest = isForgotten ? 0 : Math.max(term, owner?.term ?? 0);
    this.#known.set(id, {
      ...{ owner, revision, term: highest },
      ownTerm: owner?.node === this.#own ? owner.term : ownTerm,
    });
    return "new";
  }

  /**
   * The record that makes a server the owner, and the revision that it replaces.
   * Its term is another one only if the owner is.
   */
  next(
    id: string,
    node: string,
    devices: readonly string[],
  ): { owner: Owner; revision: number } {
    const { owner, revision = 0, term = 0 } = this.#known.get(id) ?? {};
    const isSame = owner?.node === node && owner.goneMs === undefined;
    return {
      owner: { node, term: isSame ? term : term + 1, devices },
      revision,
    };
  }

  #index(id: string, before: Owner | null, owner: Owner | null): void {
    for (const device of before?.devices ?? []) {
      if (this.#groupOf.get(device) === id) this.#groupOf.delete(device);
    }
    if (owner?.goneMs !== undefined) return;
    for (const device of owner?.devices ?? []) this.#groupOf.set(device, id);
  }
}

/**
 * Whether the table has a record instead of the one that is known. One with the same
 * revision was written after NATS had lost the other, which its author may not know.
 */
function isLater(owner: Owner | null, revision: number, known: Known): boolean {
  if (revision !== known.revision) return revision > known.revision;
  const { node, term } = known.owner ?? {};
  return owner !== null && (owner.term !== term || owner.node !== node);
}

/** Whether a record is of a group as it was before it ended. */
function isOfEnded(owner: Owner, before: Owner | null): boolean {
  return before?.goneMs !== undefined && owner.goneMs === undefined &&
    owner.term === before.term && owner.node === before.node;
}
