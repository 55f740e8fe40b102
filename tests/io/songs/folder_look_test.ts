import assert from "node:assert/strict";
import { FolderChanges } from "../../../lib/io/songs/folder_changes.ts";
import { FoundSongs } from "../../../lib/io/songs/folder_walk.ts";
import { lookAtFolder } from "../../../lib/io/songs/folder_look.ts";
import type { KnownSongs } from "../../../lib/io/songs/known_songs.ts";
import { LeftOut } from "../../../lib/io/songs/left_out.ts";
import type { SongFolder } from "../../../lib/io/songs/song_folder.ts";
import type { KnownSong } from "../../../lib/io/songs/known_song.ts";
import { Catalog } from "../../../lib/model/catalog.ts";

const NAMES = Array.from(
  { length: 1000 },
  (_, i) => `${String(i).padStart(3, "0")}.wav`,
);

/** Looks at a folder of 1,000 songs. */
function look(
  some: (learned: KnownSong[]) => Promise<void>,
  signal?: AbortSignal,
) {
  const found = new FoundSongs();
  for (const name of NAMES) found.add({ name, isPlain: true });
  const folder = { songs: () => Promise.resolve(found) };
  const known = { look: ({ name }: { name: string }) => ({ name }) };
  return lookAtFolder(new Catalog<KnownSong>([]), {
    folder: folder as unknown as SongFolder,
    known: known as unknown as KnownSongs,
    leftOut: new LeftOut(() => {}),
    maxSongs: NAMES.length,
    reported: new FolderChanges(true),
    ...{ some, signal },
  });
}

Deno.test("lookAtFolder() passes on the songs of a long scan", async () => {
  const passedOn: number[] = [];
  const { learned, gone } = await look((learned) => {
    passedOn.push(learned.length);
    return Promise.resolve();
  });
  assert.deepEqual(passedOn, [256, 256, 256]);
  assert.equal(learned.length, 1000 - 768);
  assert.deepEqual(gone, []);
});

Deno.test("lookAtFolder() ends when its result is no longer needed", async () => {
  const over = new AbortController();
  const looked = look(() => {
    over.abort();
    return Promise.resolve();
  }, over.signal);
  await assert.rejects(looked, { name: "AbortError" });
});
