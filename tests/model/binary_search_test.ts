import assert from "node:assert/strict";
import { firstIndex } from "../../lib/model/binary_search.ts";

Deno.test("firstIndex() finds every place in lists of 0 to 9 items", () => {
  for (let length = 0; length < 10; length++) {
    const list = Array.from({ length }, (_, i) => i);
    for (let first = 0; first <= length; first++) {
      assert.equal(firstIndex(list, (item) => item >= first), first);
    }
  }
});
