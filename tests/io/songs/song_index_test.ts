import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import type { KnownSong } from "../../../lib/io/songs/known_song.ts";
import { SongIndex } from "../../../lib/io/songs/song_index.ts";
import { CD } from "../../support/memory_songs.ts";

const DAY_MS = 24 * 3_600_000;

function song(name: string, more: Partial<KnownSong> = {}): KnownSong {
  return {
    ...{ name, bytes: 1044, etag: `e ${name}`, stamp: `s ${name}` },
    format: { ...CD, dataOffset: 44, dataBytes: 1000 },
    ...more,
  };
}

async function loaded(
  index: SongIndex,
  nowMs: number,
): Promise<KnownSong[]> {
  const forms = (await Array.fromAsync(index.load(nowMs))).flat();
  return forms.map(({ name }) => index.get(name))
    .filter((song) => song !== undefined);
}

const SONGS = [
  song("a.wav"),
  song("b.wav", {
    ...{ probe: "p", sha256: "h", tagsStamp: "t", hasArt: true, added: 5 },
    tags: { title: "B", track: 2, gain: { track: -6.5 } },
  }),
  song("c.flac", {
    codec: "flac",
    stamp: "1jk-2-3-4",
    decoding: {
      ...{ codec: "flac", encoding: "s16le", rate: 44100, channels: 2 },
      ...{
        validBits: 16,
        sampleFrames: 250,
        isEstimated: false,
        firstFrame: 0,
      },
    },
    file: { bytes: 2000, sha256: "f" },
  }),
  song("c.wav", {
    format: null,
    problem: "not-wav",
    problemText: "it is text",
  }),
];

Deno.test("load() returns all fields that were put", async () => {
  const db = new DatabaseSync(":memory:");
  const index = new SongIndex(db, 10);
  index.put(SONGS[0]);
  await index.putAll(SONGS.slice(1), [], 0);
  assert.deepEqual(await loaded(new SongIndex(db, 10), 0), SONGS);
});

Deno.test("load() returns songs of several pages, and none that are missing", async () => {
  const index = new SongIndex(new DatabaseSync(":memory:"), 1000);
  const songs = Array.from(
    { length: 230 },
    (_, i) => ({ ...SONGS[0], name: `${1000 + i}.wav` }),
  );
  const gone = songs.slice(40, 160).map(({ name }) => name);
  await index.putAll(songs, gone, 0);
  const expected = [...songs.slice(0, 40), ...songs.slice(160)];
  assert.deepEqual(await loaded(index, 0), expected);
  assert.deepEqual(await loaded(index, 31 * DAY_MS), expected);
  assert.equal(index.get(gone[110]), undefined);
});

Deno.test("a missing song is remembered for 30 days, and present again when put", async () => {
  const db = new DatabaseSync(":memory:");
  const index = new SongIndex(db, 10);
  await index.putAll(SONGS, ["a.wav", "b.wav"], 0);
  assert.deepEqual(await loaded(index, 30 * DAY_MS), SONGS.slice(2));
  assert.deepEqual(index.get("b.wav"), SONGS[1]);
  index.put(SONGS[1]);
  assert.deepEqual(await loaded(index, 30 * DAY_MS + 1), SONGS.slice(1));
  assert.equal(index.get("a.wav"), undefined);
});

Deno.test("the songs missing longest are forgotten first", async () => {
  const db = new DatabaseSync(":memory:");
  const index = new SongIndex(db, 2);
  await index.putAll(SONGS, [], 0);
  await index.putAll([], ["b.wav"], 1);
  await index.putAll([], ["a.wav"], 2);
  assert.notEqual(index.get("b.wav"), undefined);
  await index.putAll([], ["c.wav"], 3);
  assert.equal(index.get("b.wav"), undefined);
  assert.notEqual(index.get("a.wav"), undefined);
});

Deno.test("a failure to write the index is reported once, and has no other effect", async () => {
  const db = new DatabaseSync(":memory:");
  const failures: string[] = [];
  const index = new SongIndex(db, 2, (error) => failures.push(error.message));
  db.exec("PRAGMA max_page_count = 4");
  const many = Array.from({ length: 200 }, (_, i) => song(`${i}.wav`));
  await index.putAll(many, [], 0);
  for (const one of many) index.put(one);
  assert.deepEqual(failures, ["database or disk is full"]);
  db.exec("PRAGMA max_page_count = 100000");
  index.put(SONGS[0]);
  assert.deepEqual(index.get("a.wav"), SONGS[0]);
});

Deno.test("a song is read again when its row is corrupt or of another revision", async () => {
  const db = new DatabaseSync(":memory:");
  const index = new SongIndex(db, 2);
  for (const song of SONGS) index.put(song);
  db.exec("UPDATE songs SET format = '{' WHERE name = 'a.wav'");
  db.exec("UPDATE songs SET revision = -1 WHERE name = 'b.wav'");
  assert.deepEqual(await loaded(index, 0), [
    { ...SONGS[1], isOutdated: true },
    ...SONGS.slice(2),
  ]);
});

Deno.test("a database without the newer columns keeps its songs, whose files are read again", async () => {
  const db = new DatabaseSync(":memory:");
  db.exec(`CREATE TABLE songs (
    name TEXT PRIMARY KEY, bytes INTEGER, etag TEXT, stamp TEXT, probe TEXT,
    sha256 TEXT, format TEXT, problem TEXT, problemText TEXT,
    revision INTEGER, goneMs INTEGER
  ) WITHOUT ROWID`);
  db.exec(
    "INSERT INTO songs VALUES ('a.wav', 9, 'e', 's', NULL, NULL, NULL, NULL, NULL, 2, NULL)",
  );
  const index = new SongIndex(db, 10);
  const [old] = await loaded(index, 0);
  assert.deepEqual([old.name, old.etag, old.isOutdated], ["a.wav", "e", true]);
  index.put(SONGS[1]);
  assert.deepEqual(index.get("b.wav"), SONGS[1]);
});

Deno.test("an index is new until a scan has ended, also across restarts", async () => {
  const db = new DatabaseSync(":memory:");
  const first = new SongIndex(db, 10);
  await first.putSome(SONGS);
  assert.equal(new SongIndex(db, 10).isNew, true);
  first.scanned();
  assert.deepEqual([first.isNew, new SongIndex(db, 10).isNew], [false, false]);
});

Deno.test("patch() changes the song of an index, but not another content or a missing one", async () => {
  const index = new SongIndex(new DatabaseSync(":memory:"), 10);
  await index.putAll(SONGS.slice(0, 2), [], 0);
  index.patch(SONGS[0], { probe: "p" });
  assert.deepEqual(index.get("a.wav"), { ...SONGS[0], probe: "p" });
  index.patch({ ...SONGS[1], etag: "other" }, { probe: "q" });
  assert.deepEqual(index.get("b.wav"), SONGS[1]);
  await index.putAll([], ["a.wav"], 1);
  index.patch(SONGS[0], { probe: "q" });
  assert.equal(index.get("a.wav")?.probe, "p");
  assert.deepEqual(await loaded(index, 1), [SONGS[1]]);
});
