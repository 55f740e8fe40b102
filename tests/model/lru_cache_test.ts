import assert from "node:assert/strict";
import fc from "../support/fast_check.ts";
import { LruCache } from "../../lib/model/lru_cache.ts";

Deno.test("LruCache evicts the entry that was least recently read or set", () => {
  const cache = new LruCache<string, number>(3);
  cache.set("a", 1).set("b", 2).set("c", 3);
  assert.equal(cache.get("a"), 1);
  cache.set("b", 4).set("d", 5);
  assert.deepEqual([...cache], [["a", 1], ["b", 4], ["d", 5]]);
  assert.equal(cache.get("c"), undefined);
});

Deno.test("LruCache keeps an entry whose value is undefined", () => {
  const cache = new LruCache<string, undefined>(1);
  cache.set("a", undefined);
  assert.equal(cache.get("a"), undefined);
  assert.equal(cache.has("a"), true);
});

Deno.test("LruCache holds the most recently used entries, after any operations", () => {
  const uses = fc.array(fc.tuple(fc.boolean(), fc.nat({ max: 9 })));
  fc.assert(fc.property(uses, fc.integer({ min: 1, max: 5 }), (uses, size) => {
    const cache = new LruCache<number, number>(size);
    let expected: number[] = [];
    for (const [isSet, key] of uses) {
      const isHeld = expected.includes(key);
      if (isSet) cache.set(key, key);
      else assert.equal(cache.get(key), isHeld ? key : undefined);
      if (!isSet && !isHeld) continue;
      expected = [...expected.filter((it) => it !== key), key].slice(-size);
    }
    assert.deepEqual([...cache.keys()], expected);
  }));
});
