import assert from "node:assert/strict";
import { seen } from "./seen.ts";

Deno.test("seen() returns what is right, and says what it last saw if nothing is", async () => {
  let count = 0;
  const next = () => ++count;
  assert.equal(await seen("three", next, (it) => it === 3), 3);
  await assert.rejects(
    seen("a negative number", next, (it) => it < 0, 0),
    /Cannot wait longer for a negative number; the last was [45]$/,
  );
});
