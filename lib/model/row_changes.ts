/**
 * Values derived from all rows, updated with the changes since.
 *
 * @module
 */

import type { Turns } from "../ports/server.ts";
import type { TextArena } from "./text_arena.ts";

/** The difference between two lists of rows, each sorted by name. */
export interface RowChange {
  readonly added: number[];
  readonly removed: Set<number>;
}

/** Compares two lists of rows in small steps; a replaced row is added and removed. */
export async function changeOf(
  before: Uint32Array,
  after: Uint32Array,
  names: TextArena,
  turns: Turns,
): Promise<RowChange> {
  const change: RowChange = { added: [], removed: new Set() };
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const pause = turns.next();
    if (pause) await pause;
    if (before[i] === after[j]) {
      i++;
      j++;
      continue;
    }
    const order = i === before.length
      ? 1
      : j === after.length
      ? -1
      : names.compare(before[i], after[j]);
    if (order <= 0) change.removed.add(before[i++]);
    if (order >= 0) change.added.push(after[j++]);
  }
  return change;
}

/** Makes the next value of the one before, or of all rows. */
type Update<Value> = (
  value: Value,
  change: RowChange,
  rows: Uint32Array,
  turns: Turns,
) => Promise<Value>;

/** A value that depends on all rows, updated on demand. */
export class Derived<Value> {
  readonly #update: Update<Value>;
  readonly #names: TextArena;
  #value: Value;
  #of: Uint32Array = new Uint32Array();
  #latest: Promise<Value>;

  /**
   * @param names The name of each row.
   * @param first The value of no rows.
   * @param update Returns a new or modified value; called once at a time.
   */
  constructor(
    names: TextArena,
    first: Value,
    update: Update<Value>,
  ) {
    this.#names = names;
    this.#value = first;
    this.#latest = Promise.resolve(first);
    this.#update = update;
  }

  /** Takes over a value of rows, before any other. */
  take(value: Value, rows: Uint32Array): void {
    this.#value = value;
    this.#of = rows;
  }

  /** The value for these rows. */
  for(rows: Uint32Array, turns: Turns): Promise<Value> {
    const refresh = () => this.#refresh(rows, turns);
    return this.#latest = this.#latest.then(refresh, refresh);
  }

  async #refresh(rows: Uint32Array, turns: Turns): Promise<Value> {
    if (rows === this.#of) return this.#value;
    const change = await changeOf(this.#of, rows, this.#names, turns);
    this.#of = rows;
    return this.#value = await this.#update(this.#value, change, rows, turns);
  }
}
