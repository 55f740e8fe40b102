import assert from "node:assert/strict";
import { RenamedSongs } from "../../lib/model/renamed_songs.ts";

Deno.test("a former name leads to the present one, back and forth, until another song has it", () => {
  const renamed = new RenamedSongs();
  renamed.note("a", "b");
  renamed.note("b", "a");
  assert.equal(renamed.presentName("a"), "a");
  assert.equal(renamed.presentName("b"), "a");
  renamed.note("c", "b");
  assert.equal(renamed.presentName("b"), "b");
  assert.equal(renamed.presentName("c"), "b");
});

Deno.test("1,000 former names are remembered", () => {
  const renamed = new RenamedSongs();
  for (let i = 0; i <= 1000; i++) renamed.note(`old ${i}`, `new ${i}`);
  assert.equal(renamed.presentName("old 0"), "old 0");
  assert.equal(renamed.presentName("old 1"), "new 1");
});
