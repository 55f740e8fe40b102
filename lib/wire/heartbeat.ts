/**
 * The heartbeat that both ends of a session keep: when a silent peer is pinged,
 * and when it counts as lost. A suspension of this process does not count as
 * silence of the peer, because data that arrived meanwhile is not read yet.
 *
 * @module
 */

/** A peer that has been silent for this long is pinged. */
export const PING_MS = 10_000;
/** A peer that has been silent for this long counts as gone. */
export const GONE_MS = 20_000;
/** A timer that is late by at least this much means that the process was suspended. */
export const SUSPENDED_MS = 1_000;

/** Why the connection to a peer that is gone ends. */
export const GONE_REASON = `nothing heard for ${GONE_MS / 1000} s`;

/** What is known of a peer; times are in milliseconds of the local clock. */
export interface Signs {
  /** When its latest bytes arrived. */
  heardAtMs: number;
  /**
   * When this side last spoke. If given, silence of this side is ended by a ping
   * as well, so that the peer does not depend on its own.
   */
  spokeAtMs?: number;
  pingedAtMs: number;
}

/**
 * Checks a peer, about once a second.
 *
 * @param awakeSinceMs When the process last resumed; see
 * {@linkcode SuspensionDetector}.
 *
 * @example
 * ```ts
 * import { checkHeartbeat } from "./heartbeat.ts";
 * import assert from "node:assert/strict";
 *
 * const signs = { heardAtMs: 0, pingedAtMs: -Infinity };
 * assert.equal(checkHeartbeat(signs, 9_999, 0), "alive");
 * assert.equal(checkHeartbeat(signs, 10_000, 0), "ping");
 * assert.equal(checkHeartbeat(signs, 20_000, 0), "gone");
 * assert.equal(checkHeartbeat(signs, 20_000, 15_000), "alive");
 * ```
 */
export function checkHeartbeat(
  signs: Signs,
  nowMs: number,
  awakeSinceMs: number,
): "alive" | "ping" | "gone" {
  const silentMs = nowMs - Math.max(signs.heardAtMs, awakeSinceMs);
  if (silentMs >= GONE_MS) return "gone";
  const quietMs = Math.max(silentMs, nowMs - (signs.spokeAtMs ?? nowMs));
  const isDue = quietMs >= PING_MS && nowMs - signs.pingedAtMs >= PING_MS;
  return isDue ? "ping" : "alive";
}

/**
 * Detects suspensions from the delay of periodic checks.
 *
 * @example After a suspension of a minute, silence counts from the wake-up
 * ```ts
 * import { SuspensionDetector } from "./heartbeat.ts";
 * import assert from "node:assert/strict";
 *
 * const detector = new SuspensionDetector(500, 0);
 * assert.equal(detector.check(500), 0);
 * assert.equal(detector.check(60_500), 60_500);
 * assert.equal(detector.check(61_000), 60_500);
 * ```
 */
export class SuspensionDetector {
  readonly #everyMs: number;
  #checkedAtMs: number;
  #awakeSinceMs: number;

  /** @param everyMs How often {@linkcode check} is called. */
  constructor(everyMs: number, nowMs: number) {
    this.#everyMs = everyMs;
    this.#checkedAtMs = this.#awakeSinceMs = nowMs;
  }

  /** @returns When the process last resumed, in milliseconds. */
  check(nowMs: number): number {
    const lateMs = nowMs - this.#checkedAtMs - this.#everyMs;
    if (lateMs >= SUSPENDED_MS) this.#awakeSinceMs = nowMs;
    this.#checkedAtMs = nowMs;
    return this.#awakeSinceMs;
  }
}
