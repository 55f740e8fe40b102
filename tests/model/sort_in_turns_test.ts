import assert from "node:assert/strict";
import { sortInTurns } from "../../lib/model/sort_in_turns.ts";

Deno.test("sortInTurns() sorts, keeps equal items in order, and takes small steps", async () => {
  for (const length of [0, 1, 1023, 1024, 1025, 5000]) {
    const items = Array.from(
      { length },
      (_, at) => ({ by: (at * 7919) % 97, at }),
    );
    let longest = 0;
    const sorted = await sortInTurns(items, (a, b) => a.by - b.by, {
      next(steps = 1) {
        longest = Math.max(longest, steps);
        return steps % 2 ? null : Promise.resolve();
      },
    });
    assert.deepEqual(sorted, items.toSorted((a, b) => a.by - b.by));
    assert.ok(longest <= 1024);
    assert.equal(items.every(({ at }, i) => at === i), true);
  }
});
