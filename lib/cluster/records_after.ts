/**
 * Reads records of a bucket without a leader of JetStream, which watches need: from
 * any NATS server that keeps them, by direct gets (NATS 2.9, ADR-31). One that lags
 * behind has fewer.
 *
 * @module
 */

import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "./nats_connection.ts";

/** How long a NATS server may take to answer. */
const ANSWER_MS = 600;
/** Most records that are read at once. */
const MOST = 1_000;

export interface LaterRecord {
  key: string;
  /** Null: it was deleted. */
  value: Uint8Array | null;
  revision: number;
}

/**
 * The latest of each key, where that has a higher revision, in the order in which
 * they were written; those that can be had now, at most 1,000.
 */
export async function* recordsAfter(
  connection: NatsConnection,
  bucket: string,
  revision: number,
): AsyncGenerator<LaterRecord> {
  const { direct } = await jetstreamManager(connection, {
    ...{ checkAPI: false, timeout: ANSWER_MS },
  });
  const subjects = `$KV.${bucket}.`;
  for (let i = 0, last = revision; i < MOST; i++) {
    const found = await direct.getMessage(`KV_${bucket}`, {
      ...{ seq: last + 1, next_by_subj: `${subjects}>` },
    }).catch(() => null);
    if (!found || found.seq <= last) return;
    last = found.seq;
    const isThere = !found.header?.get("KV-Operation");
    yield {
      key: found.subject.slice(subjects.length),
      value: isThere ? found.data : null,
      revision: last,
    };
  }
}
