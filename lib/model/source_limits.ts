/**
 * Limits what single sources may cause, such as addresses, and all of them together:
 * one cannot use up what others need.
 *
 * @module
 */

import { LruCache } from "./lru_cache.ts";
import { RateLimit, type RateLimits } from "./rate_limit.ts";

/** Sources remembered; beyond, the one that was quiet the longest is forgotten. */
export const MAX_SOURCES = 256;

/** A limit for each source, and one in all. */
export interface SourceRates {
  perSource: RateLimits;
  inAll: RateLimits;
}

/**
 * Counts by source.
 *
 * @example
 * ```ts
 * import { SourceLimits } from "./source_limits.ts";
 * import assert from "node:assert/strict";
 *
 * const limits = new SourceLimits({
 *   perSource: { burst: 0, perSecond: 1 },
 *   inAll: { burst: 1, perSecond: 1 },
 * });
 * assert.equal(limits.admits("192.0.2.1", 0), true);
 * assert.equal(limits.admits("192.0.2.1", 0), false);
 * assert.equal(limits.admits("192.0.2.2", 0), true);
 * assert.equal(limits.admits("192.0.2.3", 0), false);
 * ```
 */
export class SourceLimits {
  readonly #rates: SourceRates;
  readonly #sources = new LruCache<string, RateLimit>(MAX_SOURCES);
  #all: RateLimit | null = null;

  constructor(rates: SourceRates) {
    this.#rates = rates;
  }

  /** Counts one for a source. @returns False: a limit is reached. */
  admits(name: string, nowMs: number): boolean {
    const { perSource, inAll } = this.#rates;
    const all = this.#all ??= new RateLimit(inAll, nowMs);
    let source = this.#sources.get(name);
    if (source === undefined) {
      this.#sources.set(name, source = new RateLimit(perSource, nowMs));
    }
    if (!hasRoom(source, nowMs) || !hasRoom(all, nowMs)) return false;
    source.spend(1);
    all.spend(1);
    return true;
  }
}

function hasRoom(limit: RateLimit, nowMs: number): boolean {
  limit.refill(nowMs);
  return limit.waitMs === 0;
}
