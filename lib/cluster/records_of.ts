/**
 * The records of all servers, each given to what is kept of it.
 *
 * @module
 */

import type { RecordListener } from "./bus.ts";

/** @param place The name of this server. */
export function recordsOf(
  { place, own, others, owners }: {
    place: string;
    own: RecordListener;
    others: RecordListener;
    owners: RecordListener;
  },
): RecordListener {
  const all = [own, others, owners];
  return {
    begin: () => all.forEach((it) => it.begin()),
    record: (key, value, revision) => {
      const [kind, name] = key.split(".", 2);
      const its = kind === "owner" ? owners : name === place ? own : others;
      its.record(key, value, revision);
    },
    complete: () => all.forEach((it) => it.complete()),
  };
}
