/**
 * Listeners of one object, each for as long as it asks.
 *
 * @module
 */

/**
 * A set of listeners, notified in the order in which they were added. A
 * listener is an object with a method for each event that it handles.
 *
 * @example
 * ```ts
 * import { Listeners } from "./listeners.ts";
 * import assert from "node:assert/strict";
 *
 * const listeners = new Listeners<{ opened?(name: string): void }>();
 * const end = new AbortController();
 * const opened: string[] = [];
 * listeners.add({ opened: (name) => opened.push(name) }, end.signal);
 * listeners.notify((listener) => listener.opened?.("ffplay"));
 * end.abort();
 * listeners.notify((listener) => listener.opened?.("aplay"));
 * assert.deepEqual(opened, ["ffplay"]);
 * ```
 */
export class Listeners<L extends object> {
  readonly #listeners = new Set<L>();

  /** Adds a listener until the signal is aborted. */
  add(listener: L, until?: AbortSignal): void {
    if (until?.aborted) return;
    this.#listeners.add(listener);
    until?.addEventListener(
      "abort",
      () => this.#listeners.delete(listener),
      { once: true },
    );
  }

  /** Calls each listener. Those that are added meanwhile are not called. */
  notify(call: (listener: L) => void): void {
    for (const listener of [...this.#listeners]) call(listener);
  }
}
