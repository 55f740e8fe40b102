import assert from "node:assert/strict";
import { sortInTurns } from "../../lib/model/sort_in_turns.ts";

Deno.test("sortInTurns() sorts, keeps equal items in order, and takes small steps", async () => {
  for (const length of [0, 1, 1023, 1024, 1025, 5000]) {
    const items = Uint32Array.from({ length }, (_, i) => i);
    const by = (item: number) => (item * 7919) % 97;
    let longest = 0;
    const sorted = await sortInTurns(items, (a, b) => by(a) - by(b), {
      next(steps = 1) {
        longest = Math.max(longest, steps);
        return steps % 2 ? null : Promise.resolve();
      },
    });
    const expected = [...items].sort((a, b) => by(a) - by(b));
    assert.deepEqual([...sorted], expected);
    assert.ok(longest <= 1024);
    assert.equal(items.every((item, i) => item === i), true);
  }
});
