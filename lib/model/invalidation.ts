/**
 * Notifies all users of a resource when it is invalidated.
 *
 * @module
 */

import type { Invalidation, InvalidationListener } from "../ports/server.ts";

/**
 * Does what an `AbortController` does, for thousands of listeners. An
 * `AbortSignal` scans all its listeners whenever one is added or removed.
 *
 * @example
 * ```ts
 * import { InvalidationSignal } from "./invalidation.ts";
 * import assert from "node:assert/strict";
 *
 * const signal = new InvalidationSignal();
 * let calls = 0;
 * signal.add({ invalidated: () => calls++ });
 * signal.invalidate(new Error("removed"));
 * assert.equal(calls, 1);
 * assert.throws(() => signal.throwIfInvalid(), { message: "removed" });
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
   * Notifies all listeners. Only the first call has an effect.
   *
   * @param reason Thrown by {@linkcode throwIfInvalid} from now on.
   */
  invalidate(reason: unknown): void {
    if (this.#happened) return;
    this.#happened = true;
    this.#reason = reason;
    for (const listener of this.#listeners) listener.invalidated();
  }
}
