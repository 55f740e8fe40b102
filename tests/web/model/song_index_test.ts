import assert from "node:assert/strict";
import type { SongRow } from "../../../lib/wire/messages.ts";
import { SongIndex } from "../../../web/model/song_index.ts";

const ROW: SongRow = {
  ...{ name: "a.wav", bytes: 44, seconds: 0, etag: "e", format: null },
  ...{ title: "A", artist: "B", album: "C", node: "attic" },
};

Deno.test("SongIndex keeps what rows and menus show of a song, its server too", () => {
  const index = new SongIndex();
  const [song] = index.add([ROW]);
  const { node, title, artist, album } = song;
  assert.deepEqual({ node, title, artist, album }, {
    ...{ node: "attic", title: "A", artist: "B", album: "C" },
  });
  assert.equal(index.named("a.wav"), song);
});

Deno.test("SongIndex keeps a song that is the same, and not one that is at another server now", () => {
  const before = new SongIndex();
  const [known] = before.add([ROW]);
  assert.equal(new SongIndex(before).add([{ ...ROW }])[0], known);
  const [moved] = new SongIndex(before).add([{ ...ROW, node: "cellar" }]);
  assert.equal(moved.node, "cellar");
});
