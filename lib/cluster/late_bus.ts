/**
 * A bus that is still being opened: until then it carries nothing.
 *
 * @module
 */

import type { Bus, RecordListener } from "./bus.ts";

export class LateBus implements Bus {
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

  watch(listener: RecordListener): void {
    this.#opening.then((bus) => bus.watch(listener), () => {});
  }

  async isWritable(): Promise<boolean> {
    return await this.#bus?.isWritable() ?? false;
  }

  async close(): Promise<void> {
    await this.#opening.then((bus) => bus.close(), () => {});
  }
}
