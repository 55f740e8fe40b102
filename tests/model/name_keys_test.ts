import assert from "node:assert/strict";
import { NameKeys } from "../../lib/model/name_keys.ts";
import { nameKey } from "../../lib/model/song_name.ts";
import { TextArena } from "../../lib/model/text_arena.ts";
import fc from "../support/fast_check.ts";

Deno.test("rowsOf() returns the rows that were added and not deleted since, whatever their hashes", () => {
  const name = fc.string({
    ...{ unit: fc.constantFrom("a", "A", "b", "É", "e\u0301"), maxLength: 2 },
  });
  const change = fc.tuple(name, fc.boolean());
  fc.assert(fc.property(
    fc.array(change, { maxLength: 300 }),
    fc.nat(),
    (changes, seed) => {
      const names = new TextArena();
      const keys = new NameKeys(names, seed);
      const rows = new Map<number, string>();
      for (const [name, isAdded] of changes) {
        const [first] = [...rows].filter(([, other]) => other === name);
        if (isAdded) {
          const row = names.push(name);
          keys.add(row);
          rows.set(row, name);
        } else if (first) {
          keys.delete(first[0]);
          rows.delete(first[0]);
        }
      }
      for (const [name] of changes) {
        const expected = [...rows].filter(([, other]) =>
          nameKey(other) === nameKey(name)
        ).map(([row]) => row);
        assert.deepEqual(keys.rowsOf(nameKey(name)).sort(), expected.sort());
      }
    },
  ));
});
