/**
 * Watches the records of owners: no term falls, none has two owners, and no record
 * is lost.
 *
 * @module
 */

import type { RecordListener } from "../../lib/cluster/bus.ts";
import { openNatsBus } from "../../lib/cluster/nats_bus.ts";
import { systemClock } from "../../lib/io/clock/clock.ts";

/** How long an owner may take to write a record that was lost. */
const AGAIN_MS = 10_000;

interface Owner {
  node: string;
  term: number;
  revision: number;
}

export class OwnerWatch implements RecordListener, Disposable {
  readonly #fault: (text: string) => void;
  readonly #last = new Map<string, Owner>();
  /** Terms that have to come again, since the records are read anew. */
  readonly #due = new Map<string, number>();
  readonly #late = new Set<ReturnType<typeof setTimeout>>();
  /** Changes of owners so far. */
  changes = 0;

  constructor(fault: (text: string) => void) {
    this.#fault = fault;
  }

  [Symbol.dispose](): void {
    this.#late.forEach(clearTimeout);
  }

  begin(): void {
    for (const [key, { term }] of this.#last) this.#due.set(key, term);
  }

  record(key: string, value: Uint8Array | null, revision: number): void {
    if (!key.startsWith("owner.") || value === null) return;
    const { node, term } = JSON.parse(new TextDecoder().decode(value));
    if (term >= (this.#due.get(key) ?? 0)) this.#due.delete(key);
    const before = this.#last.get(key) ?? { node, term: 0, revision: 0 };
    // A copy that lags behind begins with what was there before.
    if (revision <= before.revision) return;
    if (term < before.term) {
      this.#fault(`the term of ${key} falls from ${before.term} to ${term}`);
    } else if (term === before.term && node !== before.node) {
      this.#fault(`${before.node} and ${node} own ${key} in term ${term}`);
    }
    if (node !== before.node) this.changes++;
    this.#last.set(key, { node, term, revision });
  }

  /** What JetStream has lost, which it may, its owner has to write again. */
  complete(): void {
    for (const [key, term] of [...this.#due]) {
      const timer = setTimeout(() => {
        this.#late.delete(timer);
        if (this.#due.get(key) === term) {
          this.#fault(`term ${term} of ${key} is lost`);
        }
      }, AGAIN_MS);
      this.#late.add(timer);
    }
  }
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
    async [Symbol.asyncDispose]() {
      watch[Symbol.dispose]();
      await bus.close();
    },
  };
}
