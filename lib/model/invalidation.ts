/**
 * Tells all who use something that it is gone.
 *
 * @module
 */

import type { Invalidation, InvalidationListener } from "../ports/server.ts";

/**
 * What an `AbortController` is for few: its signal looks through all its
 * listeners for each that comes or goes, which takes long with thousands.
 *
 * @example
 * ```ts
 * import { InvalidationSignal } from "./invalidation.ts";
 * import assert from "node:assert/strict";
 *
 * const gone = new InvalidationSignal();
 * let told = 0;
 * gone.add({ handleInvalidation: () => told++ });
 * gone.tell(new Error("removed"));
 * assert.equal(told, 1);
 * assert.throws(() => gone.throwIfInvalid(), { message: "removed" });
 * ```
 */
export class InvalidationSignal implements Invalidation {
  readonly #listeners = new Set<InvalidationListener>();
  #happened = false;
  #reason: unknown;

  get happened(): boolean {
    return this.#happened;
  }

  throwIfInvalid(): void {
    if (this.#happened) throw this.#reason;
  }

  add(listener: InvalidationListener): void {
    this.#listeners.add(listener);
  }

  delete(listener: InvalidationListener): void {
    this.#listeners.delete(listener);
  }

  /**
   * It is gone. Only the first time counts.
   *
   * @param reason What {@linkcode throwIfInvalid} throws from now on.
   */
  tell(reason: unknown): void {
    if (this.#happened) return;
    this.#happened = true;
    this.#reason = reason;
    for (const listener of this.#listeners) listener.handleInvalidation();
  }
}
