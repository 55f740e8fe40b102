/**
 * Tells all who use something that it is gone.
 *
 * @module
 */

import type { Gone, GoneListener } from "../ports.ts";

/**
 * What an `AbortController` is for few: its signal looks through all its
 * listeners for each that comes or goes, which takes long with thousands.
 *
 * @example
 * ```ts
 * import { GoneSignal } from "./invalidation.ts";
 * import assert from "node:assert/strict";
 *
 * const gone = new GoneSignal();
 * let told = 0;
 * gone.add({ handleGone: () => told++ });
 * gone.tell(new Error("removed"));
 * assert.equal(told, 1);
 * assert.throws(() => gone.throwIfGone(), { message: "removed" });
 * ```
 */
export class GoneSignal implements Gone {
  readonly #listeners = new Set<GoneListener>();
  #happened = false;
  #reason: unknown;

  get happened(): boolean {
    return this.#happened;
  }

  throwIfGone(): void {
    if (this.#happened) throw this.#reason;
  }

  add(listener: GoneListener): void {
    this.#listeners.add(listener);
  }

  delete(listener: GoneListener): void {
    this.#listeners.delete(listener);
  }

  /**
   * It is gone. Only the first time counts.
   *
   * @param reason What {@linkcode throwIfGone} throws from now on.
   */
  tell(reason: unknown): void {
    if (this.#happened) return;
    this.#happened = true;
    this.#reason = reason;
    for (const listener of this.#listeners) listener.handleGone();
  }
}
