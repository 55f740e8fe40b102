import assert from "node:assert/strict";
import type { FfmpegUse } from "../../../lib/io/songs/ffmpeg_use.ts";
import type { KnownSong } from "../../../lib/io/songs/known_song.ts";
import type { KnownSongs } from "../../../lib/io/songs/known_songs.ts";
import type { ScannedSongs } from "../../../lib/io/songs/scanned_songs.ts";
import { SongUpdates } from "../../../lib/io/songs/song_updates.ts";

/** A song that ffmpeg decodes, by a decoding of this number. */
function song(id: string): KnownSong {
  const format = {} as KnownSong["format"];
  const decoding = {
    ...{ codec: "wma", sampleFrames: 36, isEstimated: false },
    ffmpeg: { id, version: "7" },
  } as KnownSong["decoding"];
  return {
    ...{ name: "a.wma", bytes: 99, stamp: `9-1-1-${id}`, etag: `c.10.${id}` },
    ...{ format, decoding, file: { bytes: 9, sha256: "ab" } },
  } as KnownSong;
}

function setUp(read: KnownSong | null = null) {
  const rows = new Map([["a.wma", song("1")]]);
  const songs = {
    catalog: { get: (name: string) => rows.get(name) },
    current: ({ name, etag }: KnownSong) =>
      rows.get(name)?.etag === etag ? rows.get(name) : undefined,
    put: (name: string, row: KnownSong) => rows.set(name, row),
  };
  const lost = new Set(["1"]);
  const updates = new SongUpdates(
    songs as unknown as ScannedSongs,
    { read: () => Promise.resolve(read) } as unknown as KnownSongs,
    { both: () => Promise.resolve([{}, { lost }]) } as unknown as FfmpegUse,
    () => {},
  );
  return { updates, rows };
}

Deno.test("two who open a song at once whose decoding is lost get the same new one", async () => {
  const { updates, rows } = setUp();
  const before = rows.get("a.wma")!;
  const [one, two] = await Promise.all(
    [1, 2].map(() => updates.beforeOpen(before, {})),
  );
  assert.notEqual(one.etag, before.etag);
  assert.equal(two.etag, one.etag);
  assert.equal(rows.get("a.wma")!.etag, one.etag);
});

Deno.test("a song that is stored again as it is keeps its etag with the decoding that this stands for", async () => {
  const { updates, rows } = setUp(song("2"));
  const before = rows.get("a.wma")!;
  const { etag, decoding, stamp } = await updates.stored("a.wma", "ab");
  assert.deepEqual([etag, decoding], [before.etag, before.decoding]);
  assert.equal(stamp, "9-1-1-2");
  const other = await updates.stored("a.wma", "cd");
  assert.deepEqual([other.etag, other.file?.sha256], ["c.10.2", "cd"]);
});
