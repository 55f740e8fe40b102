/**
 * Unhandled errors, which are always a bug. They are reported, and the program
 * decides whether to continue.
 *
 * @module
 */

let tellOf: ((error: unknown) => void) | null = null;

/**
 * Calls back with each unhandled rejection and exception instead of ending the
 * program. The latest callback replaces earlier ones.
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
    if (!isLateReset(event.error)) tellOf?.(event.error);
  });
}

/**
 * Whether the peer has reset a socket of `node:net` to which nobody listens any more,
 * as one is that NATS has refused. Of others their owners are notified.
 */
function isLateReset(error: unknown): boolean {
  return error instanceof Error && "code" in error &&
    error.code === "ECONNRESET" && "syscall" in error &&
    error.syscall === "read";
}

/** An error with its stack, since it is a bug. */
export function inFull(error: unknown): string {
  return error instanceof Error ? error.stack ?? String(error) : String(error);
}
