/**
 * Watches the records of owners: no term falls, none has two owners, and no record
 * is lost.
 *
 * @module
 */

import type { RecordListener } from "../../lib/cluster/bus.ts";
import { openNatsBus } from "../../lib/cluster/nats_bus.ts";
import { systemClock } from "../../lib/io/clock/clock.ts";

interface Owner {
  node: string;
  term: number;
  revision: number;
}

export class OwnerWatch implements RecordListener {
  readonly #fault: (text: string) => void;
  readonly #last = new Map<string, Owner>();
  /** Revisions that have to come again; a copy that lags behind begins with older ones. */
  #due = new Map<string, number>();
  /** Changes of owners so far. */
  changes = 0;

  constructor(fault: (text: string) => void) {
    this.#fault = fault;
  }

  begin(): void {
    this.#due = new Map(
      this.#last.entries().map(([key, { revision }]) => [key, revision]),
    );
  }

  record(key: string, value: Uint8Array | null, revision: number): void {
    if (!key.startsWith("owner.") || value === null) return;
    const { node, term } = JSON.parse(new TextDecoder().decode(value));
    if (revision >= (this.#due.get(key) ?? 0)) this.#due.delete(key);
    const now: Owner = { node, term, revision };
    const before = this.#last.get(key) ?? { node, term: 0, revision: 0 };
    const fault = revision < before.revision ? null : faultOf(before, now);
    if (fault) this.#fault(`${key}: ${fault}`);
    if (revision <= before.revision) return;
    if (node !== before.node) this.changes++;
    this.#last.set(key, now);
  }

  complete(): void {
    for (const [key, revision] of this.#due) {
      this.#fault(`${key}: the record of revision ${revision} is lost`);
    }
    this.#due.clear();
  }
}

function faultOf(before: Owner, { node, term, revision }: Owner) {
  if (term < before.term) {
    return `the term falls from ${before.term} to ${term}`;
  }
  if (node === before.node) return null;
  if (term === before.term) {
    return `${before.node} and ${node} own it in term ${term}`;
  }
  if (revision > before.revision) return null;
  return `${before.node} and ${node} own it at revision ${revision}`;
}

/** Until what is returned is disposed of. */
export async function watchOwners(
  urls: string[],
  fault: (text: string) => void,
): Promise<{ changes(): number } & AsyncDisposable> {
  const closing = new AbortController();
  const bus = await openNatsBus({
    ...{ urls, cluster: "home", place: "observer" },
    ...{ clock: systemClock, trouble: () => {} },
  }, closing.signal);
  const watch = new OwnerWatch(fault);
  bus.watch(watch);
  return {
    changes: () => watch.changes,
    [Symbol.asyncDispose]: () => bus.close(),
  };
}
