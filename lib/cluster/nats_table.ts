/**
 * A table that is a key-value bucket of JetStream.
 *
 * @module
 */

import { JetStreamApiCodes, JetStreamApiError } from "@nats-io/jetstream";
import type { KV } from "@nats-io/kv";
import type { Table, TableEntry } from "./bus.ts";

/**
 * How long a value may take to be written: short, because while JetStream elects a
 * leader messages are lost, and are sent again.
 */
const WRITE_MS = 1_500;

export class NatsTable implements Table {
  readonly #kv: KV;

  constructor(kv: KV) {
    this.#kv = kv;
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
    const only = { previousSeq: revision, timeout: WRITE_MS };
    try {
      if (value !== null) return await this.#kv.put(key, value, only);
      await this.#kv.delete(key, only);
      return 0;
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
