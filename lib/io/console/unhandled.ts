/**
 * The last net: failures that no code was waiting for. There should be none;
 * where there is one all the same, it is told, and the program decides what
 * becomes of the rest.
 *
 * @module
 */

let tellOf: ((error: unknown) => void) | null = null;

/**
 * Calls back with each rejection and each exception that nobody took, instead
 * of ending the program. Whoever asked last is told.
 */
export function onUnhandled(tell: (error: unknown) => void): void {
  const isFirst = tellOf === null;
  tellOf = tell;
  if (!isFirst) return;
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    tellOf?.(event.reason);
  });
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    tellOf?.(event.error);
  });
}

/** A failure with the place that it came from, as it is our own mistake. */
export function inFull(error: unknown): string {
  return error instanceof Error ? error.stack ?? String(error) : String(error);
}
