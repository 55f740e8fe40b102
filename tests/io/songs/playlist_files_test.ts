import assert from "node:assert/strict";
import { join } from "@std/path";
import { noise, PHONE, wavFile } from "../../support/memory_songs.ts";
import { openScanned } from "../../support/scanned_folder.ts";

const LIMITS = { maxUploadBytes: 1e9, minFreeBytes: 0, maxSongs: 1000 };

Deno.test("playlists in the folder are listed with their counts, selectable, and read again when they change", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(join(folder, "live"));
  await Deno.mkdir(join(folder, ".hidden"));
  const write = (name: string, text: string) =>
    Deno.writeTextFile(join(folder, name), text);
  for (const name of ["a.wav", "live/b.wav"]) {
    await Deno.writeFile(join(folder, name), wavFile(PHONE, noise(100)));
  }
  await write("live/mix.m3u", "b.wav\n../a.wav\n../../etc/passwd\n");
  await write(".hidden/x.m3u8", "a.wav");
  await write("large.m3u8", "a.wav\n".repeat(200_000));
  const skipped: string[] = [];
  const files = await openScanned(folder, LIMITS, {
    skipped: (path) => skipped.push(path),
  });
  const { rows } = await files.library.playlists();
  assert.deepEqual(rows, [{ name: "live/mix.m3u", songs: 2, missing: 1 }]);
  assert.deepEqual(skipped, ["large.m3u8"]);
  const { songs } = await files.library.select("playlist:mix");
  assert.deepEqual(songs, ["live/b.wav", "a.wav"]);
  await write("live/mix.m3u", "../a.wav\n");
  await Deno.remove(join(folder, "live/b.wav"));
  await files.rescan();
  assert.deepEqual((await files.library.playlists()).rows, [
    { name: "live/mix.m3u", songs: 1, missing: 0 },
  ]);
  await files.rescan();
  assert.deepEqual(skipped, ["large.m3u8"], "it is not reported again");
  files.close();
  await Deno.remove(folder, { recursive: true });
});
