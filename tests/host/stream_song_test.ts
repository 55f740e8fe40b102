import assert from "node:assert/strict";
import { streamChoice } from "../../lib/host/stream_song.ts";
import { OndacastError } from "../../lib/errors.ts";
import type { SongFiles } from "../../lib/io/songs/song_files.ts";

Deno.test("streamChoice() waits for a scan that has not found the song yet", async () => {
  const scanned = Promise.withResolvers<void>();
  const rows: unknown[] = [];
  const songs = {
    list: () => rows,
    find: () => rows[0],
    scanned: scanned.promise,
  };
  const song = streamChoice(songs as unknown as SongFiles, "late");
  rows.push({ name: "late.wav", format: {}, bytes: 1 });
  scanned.resolve();
  assert.deepEqual(await song, { kind: "song", name: "late.wav" });
});

Deno.test("streamChoice() fails once the scan is over without the song", async () => {
  const songs = { list: () => [], scanned: Promise.resolve() };
  await assert.rejects(streamChoice(songs as unknown as SongFiles, "none"), {
    code: "not-found",
  });
});

Deno.test("streamChoice() takes the name of a live song that has yet to begin", async () => {
  const songs = { list: () => [], scanned: Promise.resolve() };
  const choice = await streamChoice(
    songs as unknown as SongFiles,
    "live/radio",
  );
  assert.deepEqual(choice, { kind: "song", name: "live/radio" });
});

Deno.test("streamChoice() takes a selection that the scan finds, and any group", async () => {
  let found: string[] = [];
  const library = {
    select: () =>
      found.length > 0
        ? Promise.resolve({ songs: found })
        : Promise.reject(new OndacastError("not-found", "none")),
  };
  const scanned = Promise.resolve().then(() => {
    found = ["a.flac"];
  });
  const songs = { list: () => [], scanned, library } as unknown as SongFiles;
  const selection = "album:Goldberg";
  assert.deepEqual(await streamChoice(songs, selection), {
    ...{ kind: "row", selection },
  });
  assert.deepEqual(await streamChoice(songs, "Group:kitchen"), {
    ...{ kind: "group", name: "kitchen" },
  });
});
