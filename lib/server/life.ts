/**
 * Whether a client still lives, told from when it was heard and what it has
 * taken. The hub asks twice a second; no client has a timer of its own.
 *
 * @module
 */

/** A client that has not said `hello` by then is sent away. */
export const HELLO_MS = 5_000;
/** A side that heard nothing for so long pings. */
export const PING_MS = 10_000;
/** A side that heard nothing for so long takes the other for gone. */
export const GONE_MS = 20_000;
/** A peer that takes nothing of what it was to be sent for so long is cut. */
export const STUCK_MS = 30_000;

/** What is known of a client; times are in milliseconds of the server's clock. */
export interface Signs {
  isWelcomed: boolean;
  connectedAtMs: number;
  /** Since when it is listened to; null: the server does what it said. */
  readsSinceMs: number | null;
  heardAtMs: number;
  pingedAtMs: number;
  /** Whether it is to take what is being written. */
  isWriting: boolean;
  /** When it took some of that last. */
  progressAtMs: number;
}

/**
 * What to do about a client: nothing, ping it, or end it with a reason.
 *
 * @param awakeSinceMs Since when the server has run without a standstill. What
 * a client says while it is not read counts once it is.
 */
export function judgeLife(
  signs: Signs,
  nowMs: number,
  awakeSinceMs: number,
): "well" | "ping" | { over: string } {
  const sinceMs = (ms: number) => nowMs - Math.max(ms, awakeSinceMs);
  const { readsSinceMs, heardAtMs, pingedAtMs } = signs;
  const silentMs = sinceMs(Math.max(heardAtMs, readsSinceMs ?? nowMs));
  if (
    !signs.isWelcomed && readsSinceMs !== null &&
    sinceMs(signs.connectedAtMs) >= HELLO_MS
  ) {
    return { over: `no hello within ${HELLO_MS / 1000} s` };
  }
  if (silentMs >= GONE_MS) {
    return { over: `nothing heard for ${GONE_MS / 1000} s` };
  }
  if (signs.isWriting && sinceMs(signs.progressAtMs) >= STUCK_MS) {
    return { over: `nothing taken for ${STUCK_MS / 1000} s` };
  }
  const isDue = silentMs >= PING_MS && nowMs - pingedAtMs >= PING_MS;
  return isDue ? "ping" : "well";
}
