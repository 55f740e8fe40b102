/**
 * A bus that is still being opened: until then it carries nothing.
 *
 * @module
 */

import type { Bus, RecordListener, Table } from "./bus.ts";

export class LateBus implements Bus {
  readonly queues: Table = {
    get: async (key) => await (await this.#opening).queues.get(key),
    put: async (...put) => await (await this.#opening).queues.put(...put),
    swap: async (...swap) => await (await this.#opening).queues.swap(...swap),
    drop: async (key) => await (await this.#opening).queues.drop(key),
    keys: async (prefix) => await (await this.#opening).queues.keys(prefix),
  };
  readonly #opening: Promise<Bus>;
  #bus: Bus | null = null;

  /** @param opening Rejects if it was given up. */
  constructor(opening: Promise<Bus>) {
    this.#opening = opening;
    opening.then((bus) => this.#bus = bus, () => {});
  }

  beat(payload: Uint8Array): void {
    this.#bus?.beat(payload);
  }

  hear(heard: (from: string, payload: Uint8Array) => void): void {
    this.#opening.then((bus) => bus.hear(heard), () => {});
  }

  async put(key: string, value: Uint8Array | null): Promise<number> {
    return await (await this.#opening).put(key, value);
  }

  async swap(
    ...swap: Parameters<Bus["swap"]>
  ): ReturnType<Bus["swap"]> {
    return await (await this.#opening).swap(...swap);
  }

  watch(listener: RecordListener): void {
    this.#opening.then((bus) => bus.watch(listener), () => {});
  }

  get hasRecords(): boolean {
    return this.#bus?.hasRecords ?? false;
  }

  async isWritable(): Promise<boolean> {
    return await this.#bus?.isWritable() ?? false;
  }

  async close(): Promise<void> {
    await this.#opening.then((bus) => bus.close(), () => {});
  }
}
