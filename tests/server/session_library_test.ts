import assert from "node:assert/strict";
import { MemoryServer } from "../support/memory_server.ts";
import { Playlists } from "../../lib/model/playlists.ts";
import { CD, noise, PHONE, wavFile } from "../support/memory_songs.ts";
import type { SongEntry } from "../../lib/ports/song_entry.ts";

const FORMAT = { ...CD, dataOffset: 44, dataBytes: 176_400 };
const WITH_TAGS = { hello: { features: ["tags", "later"] } };

type Entry = Partial<SongEntry> & { name: string };

async function asking(entries: Entry[], options = WITH_TAGS) {
  const server = new MemoryServer();
  for (const entry of entries) server.songs.addEntry(entry);
  const connection = await server.connectWelcomed(options);
  return {
    ...connection,
    server,
    async ask(type: string, fields: object = {}, answer = type) {
      await connection.peer.send({ type, ...fields });
      return await connection.peer.next(answer);
    },
  };
}

const SONG: Entry = {
  ...{ name: "Box/CD 2/01 Canon.wav", bytes: 176_444, format: FORMAT },
  tags: { artist: "A; B", album: "L", year: 1999, gain: { track: -6.5 } },
  ...{ added: 1_700_000_000, hasArt: true, codec: "flac", file: { bytes: 99 } },
  isEstimated: true,
};

Deno.test("a row tells what a song says of itself, to those who know the feature", async () => {
  const encrypted = {
    name: "c.m4p",
    problem: "unsupported",
    problemText: "Cannot decode the song: it is encrypted",
  };
  const { ask } = await asking([
    SONG,
    { name: "b.wav", problem: "not-wav", problemText: "Cannot read WAV: x" },
    encrypted,
  ]);
  const { songs, more, next } = await ask("list", {}, "songs");
  const [{ etag, ...row }, bad, unsupported] = songs;
  assert.deepEqual(row, {
    ...{ name: SONG.name, bytes: 176_444, seconds: 1, format: FORMAT },
    ...{ codec: "flac", title: "Canon", artist: "A; B", album: "L", disc: 2 },
    ...{ year: 1999, gain: { track: -6.5 }, added: 1_700_000_000, art: true },
    ...{ file: { bytes: 99 }, estimated: true },
  });
  assert.deepEqual([bad.title, bad.codec, typeof etag], [
    "b",
    undefined,
    "string",
  ]);
  assert.deepEqual([bad.reason, unsupported.reason], [
    undefined,
    "it is encrypted",
  ]);
  assert.deepEqual([more, next], [false, undefined]);
});

Deno.test("a client of the first version gets the rows and orders of the first version", async () => {
  const { ask, peer } = await asking(
    [SONG, { name: "A.wav", added: 5 }],
    { hello: { features: ["later"] } },
  );
  const asked = { sort: "added", artist: "nobody", folder: "x", limit: 1 };
  const { songs, more, next } = await ask("list", asked, "songs");
  assert.deepEqual(Object.keys(songs[0]), [
    ...["name", "bytes", "seconds", "etag", "format"],
  ]);
  assert.deepEqual([songs[0].name, more, next], ["A.wav", true, undefined]);
  await peer.send({ type: "albums" });
  const error = await peer.next("error");
  assert.deepEqual([error.code, error.fatal], ["unknown-type", true]);
});

Deno.test("messages of tags are unknown to the first version, whatever their fields", async () => {
  for (const type of ["albums", "artists", "playlists", "remove", "restore"]) {
    const { peer } = await asking([SONG], { hello: { features: [] } });
    await peer.send({ type, song: 5, limit: 0 });
    assert.equal((await peer.next("error")).code, "unknown-type", type);
  }
});

Deno.test("list goes on by next in every order, whatever the rows", async () => {
  const entries = Array.from({ length: 10 }, (_, i): Entry => ({
    name: `${i % 3}/${i}.wav`,
    added: i,
    tags: { title: `T${i % 4}`, album: "X" },
  }));
  const { ask } = await asking(entries);
  for (const sort of [undefined, "natural", "album", "added", "title", "x"]) {
    const { songs: all } = await ask("list", { sort }, "songs");
    const seen: unknown[] = [];
    let after: string | undefined;
    do {
      const page = await ask("list", { sort, after, limit: 3 }, "songs");
      seen.push(...page.songs);
      after = page.next;
      assert.equal(page.more, after !== undefined);
    } while (after !== undefined);
    assert.deepEqual(seen, all);
  }
});

Deno.test("a cursor of another order is not found, and the session goes on", async () => {
  const { ask } = await asking([SONG]);
  const list = { sort: "title", after: SONG.name };
  assert.equal((await ask("list", list, "error")).code, "not-found");
  assert.equal((await ask("albums", { after: "x" }, "error")).fatal, false);
  assert.equal((await ask("artists", { after: "x" })).total, 2);
});

Deno.test("albums and artists tell how much is theirs, and go on by next", async () => {
  const { ask } = await asking([
    SONG,
    { name: "x.wav", tags: { album: "M", albumArtist: "C" }, added: 7 },
    { name: "loose.wav", tags: { artist: "a" } },
  ]);
  const { albums, next, total } = await ask("albums", { limit: 1 });
  const [{ key, ...row }] = albums;
  assert.deepEqual(row, {
    ...{ album: "L", artist: "A; B", year: 1999, songs: 1, seconds: 1 },
    ...{ art: true, added: 1_700_000_000 },
  });
  assert.equal(total, 2);
  const rest = await ask("albums", { after: next });
  assert.deepEqual(
    [rest.albums.map(({ album }: { album: string }) => album), rest.next],
    [["M"], undefined],
  );
  const { songs } = await ask("list", { album: key }, "songs");
  assert.equal(songs[0].name, SONG.name);
  const artists = await ask("artists", { limit: 2 });
  assert.deepEqual([artists.artists, artists.total], [[
    { artist: "A", albums: 1, songs: 2 },
    { artist: "B", albums: 1, songs: 1 },
  ], 3]);
  assert.equal(
    (await ask("artists", { after: artists.next })).artists.length,
    1,
  );
  assert.equal((await ask("albums", { artist: "b" })).total, 1);
});

Deno.test("a page of albums with long texts ends where a message does, and goes on there", async () => {
  const entries = Array.from({ length: 1000 }, (_, i): Entry => ({
    name: `${i}.wav`,
    tags: {
      album: `${i}${"\u20ac".repeat(250)}`,
      albumArtist: "\u20ac".repeat(256),
    },
  }));
  const { ask } = await asking(entries);
  const first = await ask("albums");
  assert.ok(first.albums.length < 1000 && first.total === 1000);
  const rest = await ask("albums", { after: first.next });
  assert.equal(first.albums.length + rest.albums.length, 1000);
});

Deno.test("lists of albums and artists are charged by what is compared", async () => {
  const entries = Array.from({ length: 2000 }, (_, i): Entry => ({
    name: `${i}.wav`,
    tags: { album: `Album ${i}`, albumArtist: `Artist ${i}` },
  }));
  const { ask, session } = await asking(entries);
  const { rateLimit } = session.member;
  for (const type of ["albums", "artists"]) {
    const before = rateLimit.spent;
    await ask(type, { match: "nothing of that name" });
    const cost = rateLimit.spent - before;
    assert.ok(cost >= 2 * 2000 / 50 && cost < 300, `${type}: ${cost}`);
    // Each word that is found costs as much as one that is not.
    await ask(type, { match: "a r t i s", limit: 1 });
    const words = rateLimit.spent - before - cost;
    assert.ok(words >= cost + 3 * 2000 / 50, `${type}: ${words}`);
  }
});

Deno.test("list has the songs of a selection in its order, and goes on by next", async () => {
  const entries = Array.from({ length: 7 }, (_, i): Entry => ({
    name: `${i}.wav`,
  }));
  const { ask, server } = await asking(entries);
  const order = ["3.wav", "1.wav", "gone.wav", "1.wav", "5.wav"];
  server.songs.lists = new Playlists(new Map([["a.m3u", order]]));
  const list = { selection: "playlist:a", limit: 2 };
  const first = await ask("list", list, "songs");
  const rest = await ask("list", { ...list, after: first.next }, "songs");
  assert.deepEqual(
    [...first.songs, ...rest.songs].map(({ name }: Entry) => name),
    ["3.wav", "1.wav", "1.wav", "5.wav"],
  );
  assert.deepEqual([first.more, rest.more, rest.next], [
    true,
    false,
    undefined,
  ]);
  server.songs.remove("1.wav");
  const behind = await ask("list", { ...list, after: first.next }, "songs");
  assert.equal(behind.songs[0].name, "5.wav");
  const lists = await ask("playlists");
  assert.deepEqual(lists.playlists, [{ name: "a.m3u", songs: 2, missing: 3 }]);
  for (const selection of ["album:x", "*"]) {
    const wrong = { selection, after: "3.wav" };
    assert.equal((await ask("list", wrong, "error")).code, "not-found");
  }
});

Deno.test("a song is played by song:NAME, where that is exactly its name", async () => {
  const server = new MemoryServer();
  const file = wavFile(PHONE, noise(100));
  for (const name of ["a.wav", "song:b.wav"]) server.songs.add(name, file);
  const { peer } = await server.connectWelcomed(WITH_TAGS);
  for (const song of ["song:a.wav", "song:b.wav", "song:song:b.wav"]) {
    await peer.send({ type: "play", song });
    assert.equal(
      (await peer.next("start")).song,
      song.replace("song:song", "song").replace("song:a", "a"),
    );
  }
  for (const song of ["song:A.wav", "song:a", "album:a"]) {
    await peer.send({ type: "play", song });
    assert.equal((await peer.next("error")).code, "not-found");
  }
});
