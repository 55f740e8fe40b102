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

/** The state of a connection; times are in milliseconds of the server's clock. */
export interface Signs {
  isWelcomed: boolean;
  connectedAtMs: number;
  /** When the pending read began; null: a request is being handled. */
  readsSinceMs: number | null;
  heardAtMs: number;
  pingedAtMs: number;
  /** Whether a write waits for it. */
  isWriting: boolean;
  /** When it last accepted written bytes. */
  progressAtMs: number;
}

/**
 * Decides whether to ping a client or to disconnect it, and why.
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
    return { over: `no data accepted for ${STUCK_MS / 1000} s` };
  }
  return verdict;
}
