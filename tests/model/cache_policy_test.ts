import assert from "node:assert/strict";
import { type Evictable, toEvict } from "../../lib/model/cache_policy.ts";
import fc from "../support/fast_check.ts";

const entry = (bytes: number, usedAtMs: number, keep = false) => ({
  bytes,
  usedAtMs,
  keep,
});

const CASES: [string, Evictable[], number, number[]][] = [
  ["nothing of nothing", [], 0, []],
  ["nothing while all fit", [entry(40, 1), entry(60, 2)], 100, []],
  ["the least recently used", [entry(60, 2), entry(41, 1)], 100, [1]],
  [
    "in their order of use, wherever they stand",
    [entry(50, 3), entry(50, 1), entry(50, 2)],
    50,
    [1, 2],
  ],
  [
    "no more than needed, though a smaller one would do",
    [entry(90, 1), entry(10, 2), entry(10, 3)],
    100,
    [0],
  ],
  ["never what must stay", [entry(60, 1, true), entry(60, 2)], 100, [1]],
  [
    "all else if what must stay is too much",
    [entry(200, 1, true), entry(60, 2), entry(60, 3)],
    100,
    [1, 2],
  ],
  [
    "every entry when the cache may hold no byte",
    [entry(1, 1), entry(1, 2)],
    0,
    [0, 1],
  ],
  ["no entry of 0 bytes", [entry(0, 1), entry(101, 2)], 100, [1]],
  [
    "the first of two entries used at the same time",
    [entry(9, 1), entry(9, 1)],
    9,
    [0],
  ],
];

for (const [what, entries, maxBytes, expected] of CASES) {
  Deno.test(`toEvict() names ${what}`, () => {
    assert.deepEqual(
      toEvict(entries, maxBytes),
      expected.map((index) => entries[index]),
    );
  });
}

Deno.test("toEvict() evicts the fewest least recently used entries that meet the limit", () => {
  const sum = (entries: Evictable[]) =>
    entries.reduce((bytes, entry) => bytes + entry.bytes, 0);
  const entries = fc.array(fc.record({
    bytes: fc.nat(1000),
    usedAtMs: fc.nat(20),
    keep: fc.boolean(),
  }));
  fc.assert(fc.property(entries, fc.nat(5000), (entries, maxBytes) => {
    const given = [...entries];
    const evicted = toEvict(entries, maxBytes);
    const left = entries.filter((entry) => !evicted.includes(entry));
    const movable = left.filter((entry) => !entry.keep && entry.bytes > 0);
    assert.deepEqual(entries, given, "its argument is as it was");
    assert(evicted.every((entry) => !entry.keep));
    assert(sum(left) <= maxBytes || movable.length === 0, "it fits");
    for (const entry of evicted) {
      assert(movable.every((stays) => entry.usedAtMs <= stays.usedAtMs));
    }
    const last = evicted.at(-1);
    if (last) assert(sum(left) + last.bytes > maxBytes, "no more than needed");
  }));
});
