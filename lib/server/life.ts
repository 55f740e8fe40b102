/**
 * Whether a client is still alive, judged by when it was last heard and what it
 * has accepted. The hub checks twice a second; no client has a timer of its own.
 *
 * @module
 */

import { checkHeartbeat, GONE_REASON } from "../wire/heartbeat.ts";

/** A client that has not said `hello` within this time is disconnected. */
export const HELLO_MS = 5_000;
/** A peer that accepts no data for this long is disconnected. */
export const STUCK_MS = 30_000;

/** What is known of a client; times are in milliseconds of the server's clock. */
export interface Signs {
  isWelcomed: boolean;
  connectedAtMs: number;
  /** When the server began to wait for its bytes; null: it is at work for it. */
  readsSinceMs: number | null;
  heardAtMs: number;
  pingedAtMs: number;
  /** Whether something is being written to it. */
  isWriting: boolean;
  /** When it last accepted some of that. */
  progressAtMs: number;
}

/**
 * What to do about a client: nothing, ping it, or end it with a reason.
 *
 * @param awakeSinceMs When the process last resumed. Bytes that arrive while
 * a client is not read count once they are read.
 */
export function judgeLife(
  signs: Signs,
  nowMs: number,
  awakeSinceMs: number,
): "alive" | "ping" | { over: string } {
  const sinceMs = (ms: number) => nowMs - Math.max(ms, awakeSinceMs);
  const { readsSinceMs, pingedAtMs } = signs;
  if (
    !signs.isWelcomed && readsSinceMs !== null &&
    sinceMs(signs.connectedAtMs) >= HELLO_MS
  ) {
    return { over: `no hello within ${HELLO_MS / 1000} s` };
  }
  const heardAtMs = Math.max(signs.heardAtMs, readsSinceMs ?? nowMs);
  const verdict = checkHeartbeat(
    { heardAtMs, pingedAtMs },
    nowMs,
    awakeSinceMs,
  );
  if (verdict === "gone") return { over: GONE_REASON };
  if (signs.isWriting && sinceMs(signs.progressAtMs) >= STUCK_MS) {
    return { over: `nothing taken for ${STUCK_MS / 1000} s` };
  }
  return verdict;
}
