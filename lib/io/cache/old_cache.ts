/**
 * Adopts the songs of caches from before there was an index. A song lay under its
 * own name there, and its metadata in a folder beside:
 *
 *     .index/<id>.json               metadata of a complete song
 *     .index/…                       partial songs and locks, which are removed
 *     localhost_4040/live/song.wav   a complete song
 *
 * @module
 */

import { join } from "@std/path/join";
import * as v from "valibot";
import { FileLock } from "../disk/file_lock.ts";
import { hashFile } from "../disk/hash_file.ts";
import type { CacheFiles } from "./cache_files.ts";
import { type CacheIndex, SONG } from "./cache_index.ts";

const MAX_METADATA_BYTES = 64 * 1024;

const OLD_SONG = v.pipe(v.string(), v.parseJson(), v.object(SONG));
type OldSong = v.InferOutput<typeof OLD_SONG> & { usedAtMs: number };

/**
 * Moves complete songs to where they belong now, and removes the old metadata.
 * Never throws: songs that cannot be moved are downloaded again.
 */
export async function adoptOldCache(
  files: CacheFiles,
  index: CacheIndex,
): Promise<void> {
  const old = join(files.root, ".index");
  try {
    if (!(await Deno.lstat(old)).isDirectory) return;
    const lock = FileLock.tryAcquire(join(old, "adopt.lock"));
    if (lock === null) return;
    try {
      const songs = await Array.fromAsync(oldSongs(old));
      for await (const { name, isDirectory } of Deno.readDir(files.root)) {
        const path = join(files.root, name);
        if (!isDirectory || path === old || path === files.songs) continue;
        for await (const file of filesIn(path)) {
          await adopt(file, songs, files, index);
        }
      }
    } finally {
      lock.release();
    }
    await Deno.remove(old, { recursive: true });
  } catch {
    // There is none, or it cannot be read.
  }
}

async function* oldSongs(old: string): AsyncGenerator<OldSong> {
  for await (const { name, isFile } of Deno.readDir(old)) {
    const path = join(old, name);
    if (!isFile || !/^[0-9a-f]{64}\.json$/.test(name)) continue;
    const { size, mtime } = await Deno.stat(path);
    if (size > MAX_METADATA_BYTES) continue;
    const song = v.safeParse(OLD_SONG, await Deno.readTextFile(path));
    if (!song.success || song.output.sha256 === null) continue;
    yield { ...song.output, usedAtMs: mtime?.getTime() ?? 0 };
  }
}

/** The files below a folder, which is removed if it is empty afterwards. */
async function* filesIn(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) yield* filesIn(path);
    else if (isFile) yield path;
  }
  await Deno.remove(folder).catch(() => {});
}

async function adopt(
  path: string,
  songs: OldSong[],
  files: CacheFiles,
  index: CacheIndex,
): Promise<void> {
  const { size } = await Deno.stat(path);
  if (!songs.some(({ bytes }) => bytes === size)) return;
  using file = await Deno.open(path);
  const { sha256 } = await hashFile(file);
  const song = songs.find((it) => it.sha256 === sha256);
  if (song === undefined) return;
  songs.splice(songs.indexOf(song), 1);
  // Its row is added first, because files without one are removed.
  const row = index.begin(song.server, song, song.usedAtMs);
  if (row.etag !== song.etag || row.bytes !== size) {
    return await Deno.remove(path); // The download of another content was begun.
  }
  await Deno.rename(path, files.song(row.file));
  index.publish(row, sha256, song.usedAtMs);
}
