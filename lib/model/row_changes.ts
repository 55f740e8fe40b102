/**
 * Values derived from all songs, updated with the changes since.
 *
 * @module
 */

import type { Turns } from "../ports/server.ts";
import { byRowName, type Named, type Row } from "./catalog_rows.ts";

/** The difference between two lists of rows, each sorted by name. */
export interface RowChange<T> {
  added: Row<T>[];
  removed: Set<Row<T>>;
}

/** Compares two lists of rows in small steps; a replaced row is added and removed. */
export async function changeOf<T extends Named>(
  before: readonly Row<T>[],
  after: readonly Row<T>[],
  turns: Turns,
): Promise<RowChange<T>> {
  const change: RowChange<T> = { added: [], removed: new Set() };
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
      : byRowName(before[i], after[j]);
    if (order <= 0) change.removed.add(before[i++]);
    if (order >= 0) change.added.push(after[j++]);
  }
  return change;
}

/** A value that depends on all rows, updated on demand. */
export class Derived<T extends Named, Value> {
  readonly #update: (
    value: Value,
    change: RowChange<T>,
    turns: Turns,
  ) => Promise<Value>;
  #value: Value;
  #of: readonly Row<T>[] = [];
  #latest: Promise<Value>;

  /** @param update Returns a new or modified value; called once at a time. */
  constructor(
    empty: Value,
    update: (
      value: Value,
      change: RowChange<T>,
      turns: Turns,
    ) => Promise<Value>,
  ) {
    this.#value = empty;
    this.#latest = Promise.resolve(empty);
    this.#update = update;
  }

  /** The value for these rows. */
  for(rows: readonly Row<T>[], turns: Turns): Promise<Value> {
    const refresh = () => this.#refresh(rows, turns);
    return this.#latest = this.#latest.then(refresh, refresh);
  }

  async #refresh(rows: readonly Row<T>[], turns: Turns): Promise<Value> {
    if (rows === this.#of) return this.#value;
    const change = await changeOf(this.#of, rows, turns);
    this.#of = rows;
    return this.#value = await this.#update(this.#value, change, turns);
  }
}
