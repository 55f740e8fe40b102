import assert from "node:assert/strict";
import { chaosPicture } from "./chaos_picture.ts";
import { Journal, readTable } from "./journal.ts";

Deno.test("what a chaos has noted is read and drawn again", () => {
  const journal = new Journal(() => {});
  journal.add("node-0", "well");
  journal.add("node-0", "cut off");
  journal.add("round", 1800);
  journal.add("fault", "a, b\nc");
  const entries = readTable(journal.table);
  assert.deepEqual(entries.map(({ value }) => value), [
    ...["well", "cut off", "1800", "a; b;c"],
  ]);
  const picture = chaosPicture(entries);
  assert.match(picture, /class="cut-off"/);
  assert.match(picture, /; 1 faults</);
  assert.match(picture, />node-0</);
});
