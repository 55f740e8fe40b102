import assert from "node:assert/strict";
import { Catalog } from "../../lib/model/catalog.ts";
import { FORM_STEPS, rowOf } from "../../lib/model/catalog_rows.ts";
import { AlbumsAndArtists } from "../../lib/model/albums_and_artists.ts";

Deno.test("AlbumsAndArtists.change() counts long tags of songs that come and go", async () => {
  let steps = 0;
  const turns = {
    next(count = 1) {
      steps += count;
      return null;
    },
  };
  // A ligature that folds to 18 characters.
  const artist = "\ufdfa".repeat(250);
  const row = rowOf({ name: "a.wav", tags: { artist, album: "b" } });
  const groups = new AlbumsAndArtists();
  for (
    const change of [
      { added: [row], removed: new Set<never>() },
      { added: [], removed: new Set([row]) },
    ]
  ) {
    steps = 0;
    await groups.change(change, turns);
    assert.ok(steps >= FORM_STEPS + row.text.length / 16, String(steps));
  }
  assert.equal(groups.artists.length, 0);
});

Deno.test("Catalog.build() counts the long tags of a song that has changed", async () => {
  let steps = 0;
  const turns = {
    next(count = 1) {
      steps += count;
      return null;
    },
  };
  const before = new Catalog([{ name: "a.wav", tags: {} }]);
  const artist = "\ufdfa".repeat(250);
  await Catalog.build([{ name: "a.wav", tags: { artist } }], turns, before);
  const again = steps;
  steps = 0;
  await Catalog.build(before.songs, turns, before);
  assert.ok(again >= steps + FORM_STEPS, `${again} and ${steps} steps`);
});
