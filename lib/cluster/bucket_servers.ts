/**
 * The NATS servers that keep a bucket, as JetStream says.
 *
 * @module
 */

import type { StreamInfo } from "@nats-io/jetstream";

/** The servers of a bucket that keep it now, the leader first. */
export function groupOf({ cluster }: StreamInfo): string {
  const there = cluster?.replicas?.filter(({ offline }) => !offline) ?? [];
  return [cluster?.leader, ...there.map(({ name }) => name).sort()].join();
}

/** Whether those servers all have what the leader has. */
export function isWhole({ cluster }: StreamInfo): boolean {
  return cluster?.replicas?.every((it) => it.offline || it.current) ?? true;
}
