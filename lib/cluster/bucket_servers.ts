/**
 * The NATS servers that keep a bucket, as JetStream says.
 *
 * @module
 */

import type { StreamInfo } from "@nats-io/jetstream";

/** Servers hear from each other once a second, and later over slow links. */
const HEARD_NS = 4e9;

/** The servers of a bucket that keep it now, the leader first. */
export function groupOf({ cluster }: StreamInfo): string {
  const there = cluster?.replicas?.filter(({ offline }) => !offline) ?? [];
  return [cluster?.leader, ...there.map(({ name }) => name).sort()].join();
}

/** Whether those servers all have what the leader has. */
export function isWhole({ cluster }: StreamInfo): boolean {
  return cluster?.replicas?.every((it) => it.offline || it.current) ?? true;
}

/**
 * Whether a bucket can be written: its leader has heard from most of its servers. One
 * that is cut off takes itself for the leader for up to 20 s.
 */
export function isWritable(
  { cluster, config }: Pick<StreamInfo, "cluster" | "config">,
): boolean {
  if (cluster === undefined) return true;
  if (!cluster.leader) return false;
  const heard =
    cluster.replicas?.filter(({ offline, active }) =>
      !offline && active < HEARD_NS
    ) ?? [];
  return 1 + heard.length > config.num_replicas / 2;
}
