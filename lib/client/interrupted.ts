/**
 * Signals as promises, for `Promise.race()`.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";

/** Resolves once a signal is aborted. It must not outlive its use. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve());
    if (signal.aborted) resolve();
  });
}

/**
 * A promise that rejects with `interrupted` once a signal is aborted. Dispose of
 * it when the race is over, because the signal outlives it.
 */
export function interruptedBy(
  signal: AbortSignal,
): Disposable & { promise: Promise<never> } {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {}); // The race may be over by then.
  const onAbort = () => reject(new OndacastError("interrupted", "Interrupted"));
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  return {
    promise,
    [Symbol.dispose]: () => signal.removeEventListener("abort", onAbort),
  };
}
