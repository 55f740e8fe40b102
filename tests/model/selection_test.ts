import assert from "node:assert/strict";
import { Catalog } from "../../lib/model/catalog.ts";
import type { Tagged } from "../../lib/model/song_table.ts";
import { readPlaylist } from "../../lib/model/playlist.ts";
import { isSelection, selectSongs } from "../../lib/model/selection.ts";
import type { SongTags } from "../../lib/ports/song_entry.ts";
import fc from "../support/fast_check.ts";

const turns = { next: () => null };

function song(name: string, tags?: SongTags): Tagged {
  return { name, ...(tags && { tags }) };
}

const SONGS = [
  song("a/10.wav", { album: "New", artist: "Gould", year: 1990, track: 1 }),
  song("a/9.wav", { album: "New", artist: "Gould", year: 1990, track: 2 }),
  song("b/1.wav", { album: "Late", artist: "X", albumArtist: "Gould" }),
  song("c/1.wav", { album: "Old", artist: "X; GOULD", year: 1955 }),
  song("d/1.wav", { album: "Twice", albumArtist: "A" }),
  song("d/2.wav", { album: "Twice", albumArtist: "B" }),
  song("album:New"),
  song("Ode to Joy.wav"),
];
const PLAYLISTS = new Map([
  ["lists/Best.m3u8", ["c/1.wav", null, "A/9.WAV", "gone.wav", "c/1.wav"]],
  ["x/same.m3u", ["d/1.wav"]],
  ["y/SAME.m3u8", ["d/2.wav"]],
]);

async function select(text: string, songs: readonly Tagged[] = SONGS) {
  const catalog = new Catalog(songs);
  const selected = await selectSongs(text, {
    catalog,
    playlists: PLAYLISTS,
    turns,
  });
  return selected.songs;
}

const TABLE: [text: string, names: string[] | string][] = [
  ["Ode to Joy.wav", ["Ode to Joy.wav"]],
  ["ode to joy", ["Ode to Joy.wav"]],
  ["song:Ode to Joy.wav", ["Ode to Joy.wav"]],
  ["song:ode to joy", "not-found"],
  ["album:New", ["album:New"]],
  ["song:album:New", ["album:New"]],
  ["album:new", ["a/10.wav", "a/9.wav"]],
  ["ALBUM:old", ["c/1.wav"]],
  ["album:Twice", "ambiguous"],
  ["album:nothing", "not-found"],
  ["a/", ["a/9.wav", "a/10.wav"]],
  ["A/", ["a/9.wav", "a/10.wav"]],
  ["ode/", "not-found"],
  ["/", "not-found"],
  ["artist:gould", ["c/1.wav", "a/10.wav", "a/9.wav", "b/1.wav"]],
  ["artist:goul", "not-found"],
  ["playlist:lists/Best.m3u8", ["c/1.wav", "a/9.wav", "c/1.wav"]],
  ["playlist:best", ["c/1.wav", "a/9.wav", "c/1.wav"]],
  ["playlist:same", "ambiguous"],
  ["playlist:x/same", ["d/1.wav"]],
  ["playlist:none", "not-found"],
  ["", "not-found"],
];

for (const [text, names] of TABLE) {
  Deno.test(`${JSON.stringify(text)} selects ${names}`, async () => {
    if (typeof names !== "string") assert.deepEqual(await select(text), names);
    else await assert.rejects(select(text), { code: names });
  });
}

Deno.test("* selects all songs by natural name", async () => {
  assert.deepEqual((await select("*")).slice(0, 2), ["a/9.wav", "a/10.wav"]);
  assert.equal((await select("*")).length, SONGS.length);
});

Deno.test("an album is selected by its key, and the error for an ambiguous title lists keys and artists", async () => {
  const catalog = new Catalog(SONGS);
  const { rows } = await catalog.albums({ match: "twice" });
  assert.deepEqual(await select(`album:${rows[1].key}`), ["d/2.wav"]);
  await assert.rejects(select("album:twice"), {
    message: `Cannot choose one album: "twice" is by A (album:${
      rows[0].key
    }), B (album:${rows[1].key})`,
  });
});

Deno.test("a selection of more than 10,000 songs is refused, except *", async () => {
  const songs = Array.from(
    { length: 10_001 },
    (_, i) => song(`a/${i}.wav`, { artist: "A", album: "L" }),
  );
  for (const text of ["a/", "artist:a", "album:l"]) {
    await assert.rejects(select(text, songs), { code: "too-large" });
    assert.equal((await select(text, songs.slice(1))).length, 10_000);
  }
  assert.equal((await select("*", songs)).length, 10_001);
});

Deno.test("isSelection() is false for the name of one song", () => {
  const texts = ["a", "*", "live/", "song:a", "album:a", "x:a", "/"];
  assert.deepEqual(texts.map(isSelection), [
    ...[false, true, true, true, true, false, false],
  ]);
});

Deno.test("readPlaylist() reads UTF-8, with or without a byte order mark, and Latin-1", () => {
  const utf8 = new TextEncoder().encode("\ufeffé.wav\n");
  assert.deepEqual(readPlaylist(utf8, "x.m3u8"), ["é.wav"]);
  const latin1 = Uint8Array.of(0xE9, 0x2E, 0x77, 0x61, 0x76);
  assert.deepEqual(readPlaylist(latin1, "x.m3u"), ["é.wav"]);
});

Deno.test("readPlaylist() stays inside the song folder", () => {
  const table: [line: string, name: string | null][] = [
    ["a.wav", "l/i/a.wav"],
    ["../a.wav", "l/a.wav"],
    ["..\\..\\a.wav", "a.wav"],
    ["../../../a.wav", null],
    ["x/../../../../l/a.wav", null],
    ["/a.wav", null],
    ["\\\\server\\a.wav", null],
    ["C:\\a.wav", null],
    ["http://x/a.wav", null],
    ["file:///a.wav", null],
    ["a\u0007.wav", null],
    ["./x//a.wav", "l/i/x/a.wav"],
  ];
  for (const [line, name] of table) {
    const bytes = new TextEncoder().encode(`#EXTINF:1,x\n${line}\n\n`);
    assert.deepEqual(readPlaylist(bytes, "l/i/st.m3u"), [name], line);
  }
});

Deno.test("readPlaylist() reads at most 10,000 entries and 1 MiB, and never throws", () => {
  const many = new TextEncoder().encode("a\n".repeat(2 ** 20));
  assert.equal(readPlaylist(many, "x.m3u").length, 10_000);
  fc.assert(fc.property(fc.uint8Array(), (bytes) => {
    for (const name of readPlaylist(bytes, "a/b.m3u")) {
      assert.ok(name === null || !name.split("/").includes(".."));
    }
  }));
});
