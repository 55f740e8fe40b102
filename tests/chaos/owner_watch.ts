/**
 * Watches the records of owners: no term falls, and none has two owners.
 *
 * @module
 */

import { openNatsBus } from "../../lib/cluster/nats_bus.ts";
import { systemClock } from "../../lib/io/clock/clock.ts";

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
  const last = new Map<string, { node: string; term: number }>();
  let changes = 0;
  bus.watch({
    begin() {},
    complete() {},
    record(key, value) {
      if (!key.startsWith("owner.") || value === null) return;
      const { node, term } = JSON.parse(new TextDecoder().decode(value));
      const before = last.get(key) ?? { node, term: 0 };
      if (term < before.term) {
        fault(`the term of ${key} falls from ${before.term} to ${term}`);
      }
      if (term === before.term && node !== before.node) {
        fault(`${before.node} and ${node} own ${key} in term ${term}`);
      }
      if (node !== before.node) changes++;
      last.set(key, { node, term });
    },
  });
  return {
    changes: () => changes,
    [Symbol.asyncDispose]: () => bus.close(),
  };
}
