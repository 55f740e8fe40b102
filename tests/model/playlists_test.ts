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
  assert.deepEqual(songs, ["a.wav"]);
  assert.ok(turns.calls >= NAMES.length, `${turns.calls} calls`);
});

Deno.test("the entries of playlists are counted as compared once, inexact names as several", async () => {
  const turns = countingTurns();
  const catalog = new Catalog([{ name: "a.wav" }]);
  const compared = async (entry: string, times = 1) => {
    const entries = Array.from({ length: 1000 }, () => entry);
    const playlists = new Playlists(new Map([["list.m3u", entries]]));
    while (--times > 0) await playlists.list(catalog, turns);
    return (await playlists.list(catalog, turns)).compared;
  };
  assert.equal(await compared("a.wav"), 1001);
  assert.equal(await compared("A.wav"), 8001);
  assert.equal(await compared("none.wav"), 8001);
  assert.equal(await compared("none.wav", 2), 0);
  const playlists = new Map([["list.m3u", ["A.wav", "a.wav"]]]);
  for (const [name, steps] of [["list.m3u", 9], ["list", 17]] as const) {
    const from = { catalog, playlists, turns };
    const selected = await selectSongs(`playlist:${name}`, from);
    assert.equal(selected.compared, steps);
  }
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
