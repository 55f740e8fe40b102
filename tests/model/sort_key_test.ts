import assert from "node:assert/strict";
import { changeSorted } from "../../lib/model/sort_key.ts";

Deno.test("changeSorted() makes at most two keys in a row", async () => {
  let made = 0;
  let most = 0;
  const turns = {
    next() {
      most = Math.max(most, made);
      made = 0;
      return null;
    },
  };
  const keyOf = (item: number) => {
    made++;
    return String(item).padStart(4);
  };
  const sorted = Uint32Array.from({ length: 1000 }, (_, i) => 2 * i);
  const gone = new Set([0, 998]);
  const changed = await changeSorted(sorted, [999, 1], gone, keyOf, turns);
  const expected = [...sorted.filter((it) => !gone.has(it)), 1, 999];
  assert.deepEqual([...changed], expected.toSorted((a, b) => a - b));
  assert.ok(most <= 2, `${most} keys`);
});
