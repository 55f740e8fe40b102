/**
 * What servers that are one share, in memory: beats, and a table of records.
 *
 * @module
 */

import type { Bus, RecordListener } from "../../lib/cluster/bus.ts";

export class MemoryTable {
  readonly #records = new Map<
    string,
    { value: Uint8Array; revision: number }
  >();
  readonly #watchers = new Set<RecordListener>();
  readonly #hearing = new Set<(from: string, payload: Uint8Array) => void>();
  #revision = 0;

  /** The way of one server to it. */
  bus(name: string): Bus {
    const mine: RecordListener[] = [];
    let heard: ((from: string, payload: Uint8Array) => void) | null = null;
    let isOpen = true;
    return {
      beat: (payload) => {
        if (isOpen) { for (const hear of this.#hearing) hear(name, payload); }
      },
      hear: (hear) => this.#hearing.add(heard = hear),
      put: (key, value) => Promise.resolve(this.#put(key, value)),
      watch: (listener) => {
        mine.push(listener);
        this.#watchers.add(listener);
        listener.begin();
        for (const [key, { value, revision }] of this.#records) {
          listener.record(key, value, revision);
        }
        listener.complete();
      },
      isWritable: () => Promise.resolve(true),
      close: () => {
        isOpen = false;
        if (heard) this.#hearing.delete(heard);
        for (const listener of mine) this.#watchers.delete(listener);
        return Promise.resolve();
      },
    };
  }

  #put(key: string, value: Uint8Array | null): number {
    const revision = ++this.#revision;
    if (value === null) this.#records.delete(key);
    else this.#records.set(key, { value, revision });
    for (const watcher of [...this.#watchers]) {
      watcher.record(key, value, revision);
    }
    return value === null ? 0 : revision;
  }
}
