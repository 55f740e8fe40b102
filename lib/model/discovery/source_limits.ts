/**
 * Limits unicast answers, so that forged source addresses cannot turn a server into
 * an amplifier.
 *
 * @module
 */

import { LruCache } from "../lru_cache.ts";
import { RateLimit, type RateLimits } from "../rate_limit.ts";

/** Answers to one address. */
export const PER_SOURCE: RateLimits = { burst: 20, perSecond: 10 };
/** Answers to all of them. */
export const IN_ALL: RateLimits = { burst: 100, perSecond: 50 };
/** Addresses remembered. */
export const MAX_SOURCES = 256;

/** The limits of answers, by address and in all. */
export class SourceLimits {
  readonly #sources = new LruCache<string, RateLimit>(MAX_SOURCES);
  #all: RateLimit | null = null;

  /** Counts an answer to an address. @returns False: it is not to be sent. */
  admits(ip: string, nowMs: number): boolean {
    const all = this.#all ??= new RateLimit(IN_ALL, nowMs);
    let source = this.#sources.get(ip);
    if (source === undefined) {
      this.#sources.set(ip, source = new RateLimit(PER_SOURCE, nowMs));
    }
    return [source, all].every((limit) => hasRoom(limit, nowMs)) &&
      [source, all].every((limit) => (limit.spend(1), true));
  }
}

function hasRoom(limit: RateLimit, nowMs: number): boolean {
  limit.refill(nowMs);
  return limit.waitMs === 0;
}
