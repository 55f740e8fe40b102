import assert from "node:assert/strict";
import { OwnSongs } from "../../lib/cluster/own_songs.ts";
import type { SongEntry } from "../../lib/ports/song_entry.ts";
import { MemorySongs } from "../support/memory_songs.ts";

const FILE = { bytes: 9, sha256: "c0ffee" };
/** A song before and after its length was found out. */
const FORMER = { name: "a.opus", bytes: 10, etag: "stamp.1.one", file: FILE };
const NOW = { ...FORMER, bytes: 12, etag: "stamp.2.two" };

function setUp() {
  const local = new MemorySongs();
  const now = local.addEntry(NOW);
  const former: SongEntry = { ...now, ...FORMER };
  const find = local.find.bind(local);
  local.find = (name: string, etag?: string) =>
    etag === former.etag ? former : find(name);
  const open = local.open.bind(local);
  local.open = async (entry) => ({ ...await open(entry), entry });
  return new OwnSongs(local, "here");
}

for (const etag of ["stamp.1.one", "c0ffee.1.one"]) {
  Deno.test(`a song whose length has become known is sent on as ${etag}`, async () => {
    const own = setUp();
    assert.equal(own.find("a.opus")!.etag, "c0ffee.2.two");
    const sent = own.asBefore(own.find("a.opus"), etag)!;
    assert.deepEqual([sent.etag, sent.bytes], [etag, 10]);
    const song = await own.open("a.opus", etag);
    assert.deepEqual([song.entry.etag, song.entry.bytes], [etag, 10]);
  });
}

for (const etag of ["c0ffee.2.two", "c0ffee.1.two", "other.1.one"]) {
  Deno.test(`a song whose length has become known is opened anew as ${etag}`, async () => {
    const own = setUp();
    const song = await own.open("a.opus", etag);
    assert.deepEqual([song.entry.etag, song.entry.bytes], ["c0ffee.2.two", 12]);
  });
}
