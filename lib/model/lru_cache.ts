/**
 * A map of bounded size, with the interface of `@std/cache/lru-cache`, which the
 * package that carries @std leaves out.
 *
 * @module
 */

/**
 * Drops the least recently used entry for each one beyond `maxSize`. Getting and
 * setting an entry uses it.
 *
 * @example
 * ```ts
 * import { LruCache } from "./lru_cache.ts";
 * import assert from "node:assert/strict";
 *
 * const cache = new LruCache<string, number>(2);
 * cache.set("a", 1).set("b", 2);
 * cache.get("a");
 * cache.set("c", 3);
 * assert.deepEqual([...cache.keys()], ["a", "c"]);
 * ```
 */
export class LruCache<K, V> extends Map<K, V> {
  readonly maxSize: number;

  /** @param maxSize At least 1. */
  constructor(maxSize: number) {
    super();
    this.maxSize = maxSize;
  }

  override get(key: K): V | undefined {
    if (!this.has(key)) return undefined;
    const value = super.get(key)!;
    this.set(key, value);
    return value;
  }

  override set(key: K, value: V): this {
    this.delete(key);
    super.set(key, value);
    if (this.size > this.maxSize) {
      const [oldest] = this.keys();
      this.delete(oldest);
    }
    return this;
  }
}
