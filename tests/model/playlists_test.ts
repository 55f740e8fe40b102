import assert from "node:assert/strict";
import { Catalog } from "../../lib/model/catalog.ts";
import { Playlists } from "../../lib/model/playlists.ts";
import { selectSongs } from "../../lib/model/selection.ts";

/** Names of playlists that take long to fold. */
const NAMES = Array.from(
  { length: 100 },
  (_, i) => `${"\ufdfa".repeat(80)}${i}.m3u`,
);

Deno.test("playlists are listed by natural name, with steps for each", async () => {
  const turns = countingTurns();
  const playlists = new Playlists(
    new Map(NAMES.toReversed().map((it) => [it, []])),
  );
  const { rows } = await playlists.list(new Catalog(), turns);
  assert.deepEqual(rows.map(({ name }) => name), NAMES);
  assert.ok(turns.calls >= NAMES.length, `${turns.calls} calls`);
});

Deno.test("a playlist is searched for with steps for each", async () => {
  const turns = countingTurns();
  const catalog = new Catalog([{ name: "a.wav" }]);
  const playlists = new Map(NAMES.map((it) => [it, ["a.wav"]]));
  const text = `playlist:${NAMES[99].replace(".m3u", "")}`;
  const { songs } = await selectSongs(text, { catalog, playlists, turns });
  assert.deepEqual(songs, [{ name: "a.wav" }]);
  assert.ok(turns.calls >= NAMES.length, `${turns.calls} calls`);
});

function countingTurns() {
  return {
    calls: 0,
    next() {
      this.calls++;
      return null;
    },
  };
}
