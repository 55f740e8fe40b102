/**
 * Buckets of JetStream, which are made where they are missing.
 *
 * @module
 */

import { jetstream } from "@nats-io/jetstream";
import { type KV, Kvm } from "@nats-io/kv";
import type { NatsConnection } from "./nats_connection.ts";

/** Servers that keep each record, where there are as many. */
const REPLICAS = 3;
/**
 * How long JetStream may take to answer: short, because what is asked while it elects
 * a leader is lost, and is asked again.
 */
export const REQUEST_MS = 1_500;
/** How long a bucket may take to be made. */
const WRITE_MS = 5_000;

/**
 * Opens a bucket, also one that there is not yet.
 *
 * @param isDirect Whether each server that keeps it may tell what it has of it, if it
 * is made now.
 */
export async function openBucket(
  connection: NatsConnection,
  name: string,
  isDirect: boolean,
): Promise<KV> {
  await createBucket(connection, name, isDirect);
  const client = jetstream(connection, { timeout: REQUEST_MS });
  // A copy that lags behind would make each compare-and-set fail.
  return await new Kvm(client).open(name, { allow_direct: false });
}

async function createBucket(
  connection: NatsConnection,
  name: string,
  isDirect: boolean,
): Promise<void> {
  const manager = new Kvm(connection);
  const create = (replicas: number) =>
    manager.create(name, {
      ...{ history: 1, replicas, timeout: WRITE_MS, allow_direct: isDirect },
    });
  try {
    await create(REPLICAS);
  } catch (error) {
    // Only a cluster of NATS servers keeps several copies.
    if (!/replicas > 1 not supported/.test(String(error))) throw error;
    await create(1);
  }
}
