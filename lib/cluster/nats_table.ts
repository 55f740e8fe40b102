/**
 * A table that is a key-value bucket of JetStream.
 *
 * @module
 */

import {
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamClient,
} from "@nats-io/jetstream";
import type { KV } from "@nats-io/kv";
import { headers } from "@nats-io/transport-node";
import type { Table, TableEntry } from "./bus.ts";

/**
 * How long a value may take to be written: short, because while JetStream elects a
 * leader messages are lost, and are sent again.
 */
const WRITE_MS = 1_500;

export class NatsTable implements Table {
  readonly #kv: KV;
  readonly #client: JetStreamClient;
  readonly #bucket: string;

  constructor(kv: KV, client: JetStreamClient, bucket: string) {
    this.#kv = kv;
    this.#client = client;
    this.#bucket = bucket;
  }

  async get(key: string): Promise<TableEntry> {
    const found = await this.#kv.get(key);
    if (!found) return { value: null, revision: 0 };
    const { operation, value, revision } = found;
    return { value: operation === "PUT" ? value : null, revision };
  }

  async put(key: string, value: Uint8Array): Promise<void> {
    await this.#kv.put(key, value, { timeout: WRITE_MS });
  }

  async swap(
    key: string,
    value: Uint8Array | null,
    revision: number,
  ): Promise<number | null> {
    const options = headers();
    if (value === null) options.set("KV-Operation", "DEL");
    try {
      const { seq, duplicate } = await this.#client.publish(
        `$KV.${this.#bucket}.${key}`,
        value ?? new Uint8Array(),
        {
          headers: options,
          timeout: WRITE_MS,
          expect: { lastSubjectSequence: revision },
          // NATS 2.9 compares the revision before others have the value: of two
          // that follow the same one it takes both, but for their common id.
          msgID: `${key} after ${revision}`,
        },
      );
      if (duplicate) return null;
      return value === null ? 0 : seq;
    } catch (error) {
      const isOther = error instanceof JetStreamApiError &&
        (error.code === JetStreamApiCodes.StreamWrongLastSequence ||
          error.code === JetStreamApiCodes.StreamWrongLastSequenceUnknown);
      if (isOther) return null;
      throw error;
    }
  }

  async drop(key: string): Promise<void> {
    await this.#kv.delete(key);
  }

  async keys(prefix: string): Promise<string[]> {
    return await Array.fromAsync(await this.#kv.keys(`${prefix}.>`));
  }
}
