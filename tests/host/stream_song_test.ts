import assert from "node:assert/strict";
import { namedSong } from "../../lib/host/stream_song.ts";
import type { SongFiles } from "../../lib/io/songs/song_files.ts";

Deno.test("namedSong() waits for a scan that has not found the song yet", async () => {
  const scanned = Promise.withResolvers<void>();
  const rows: unknown[] = [];
  const songs = {
    list: () => rows,
    find: () => rows[0],
    scanned: scanned.promise,
  };
  const song = namedSong(songs as unknown as SongFiles, "late");
  rows.push({ name: "late.wav", format: {}, bytes: 1 });
  scanned.resolve();
  assert.equal(await song, "late.wav");
});

Deno.test("namedSong() fails once the scan is over without the song", async () => {
  const songs = { list: () => [], scanned: Promise.resolve() };
  await assert.rejects(namedSong(songs as unknown as SongFiles, "none"), {
    code: "not-found",
  });
});

Deno.test("namedSong() takes the name of a live song that has yet to begin", async () => {
  const songs = { list: () => [], scanned: Promise.resolve() };
  const name = await namedSong(songs as unknown as SongFiles, "live/radio");
  assert.equal(name, "live/radio");
});
