/**
 * Uploading a song, which is hashed, checked and synced meanwhile, and the commands
 * that do the same on one disk.
 *
 * @module
 */

import { run, task } from "../programs.ts";
import { type Results, US } from "../results.ts";
import { startOurs } from "../servers.ts";
import { writeSong } from "../songs.ts";
import { inTurns } from "../stats.ts";
import type { Workshop } from "../workshop.ts";

const SONG_SECONDS = 1200;

/** Our client's upload, and `cp`, `sha256sum`, `sync`. */
export async function upload(shop: Workshop, results: Results): Promise<void> {
  const song = shop.path("upload.wav");
  await writeSong(song, SONG_SECONDS);
  const { size } = await Deno.stat(song);
  const music = shop.path("uploads");
  await Deno.mkdir(music);
  await using ours = await startOurs(music);
  const ondacast = await task("ondacast");
  const copy =
    `cp "$0" "$1/copy.wav" && sha256sum "$1/copy.wav" && sync "$1/copy.wav" && rm "$1/copy.wav"`;
  let uploads = 0;
  const ways: Record<string, () => string[]> = {
    [US]: () => [
      ...[...ondacast, "upload", song, "--as", `song ${++uploads}`],
      ...["--server", `127.0.0.1:${ours.sessionPort}`],
    ],
    "cp, sha256sum, sync": () => ["sh", "-c", copy, song, music],
  };
  const turns = await inTurns(
    shop.options.rounds,
    Object.entries(ways).map(([who, words]) => ({
      who,
      run: async () => {
        const startMs = performance.now();
        await run(words(), { timeoutMs: 60_000 });
        return size / (performance.now() - startMs) / 1000;
      },
    })),
  );
  results.addTurns("upload", "MB/s", turns);
  results.ratio("upload", "cp, sha256sum, sync", { atLeast: 0.7 });
}
