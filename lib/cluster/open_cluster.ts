/**
 * Makes a server one of several, over NATS. The one entrance of this room.
 *
 * @module
 */

import { Cluster, type ClusterOptions, type ClusterWorld } from "./cluster.ts";
import { LateBus } from "./late_bus.ts";
import { openNatsBus } from "./nats_bus.ts";

export type { Cluster };

export interface OpenOptions extends ClusterOptions {
  urls: string[];
  /** The text of a credentials file of NATS. */
  creds?: Uint8Array;
}

/**
 * Never waits for NATS: without it, the server serves its own.
 *
 * @param signal Aborted when the server ends.
 */
export function openCluster(
  options: OpenOptions,
  world: Omit<ClusterWorld, "bus">,
  signal: AbortSignal,
): Cluster {
  const { clock, log } = world;
  const { urls, creds, cluster, name: place } = options;
  let last: string | null = null;
  const trouble = (reason: string | null) => {
    if (reason === last) return;
    last = reason;
    if (reason === null) log("info", "NATS is back");
    else log("warn", `the other servers are out of reach: ${reason}`);
  };
  const opening = openNatsBus({
    ...{ urls, ...(creds && { creds }), cluster, place, clock, trouble },
    read: (count) => log("info", `has read all ${count} records`),
  }, signal);
  return new Cluster(options, { ...world, bus: new LateBus(opening) });
}
