/**
 * Opens the music folder with what is kept of it, and logs what is wrong there.
 *
 * @module
 */

import { getLogger } from "@logtape/logtape";
import { openData, type ServerData } from "../io/disk/server_data.ts";
import { SongFiles } from "../io/songs/song_files.ts";
import { makeTables } from "./kept_data.ts";
import type { ServerOptions } from "./server_options.ts";

const log = getLogger(["ondacast", "server"]);

/** @throws {OndacastError} `bad-folder`, `no-songs`, … */
export async function openMusic(
  options: ServerOptions,
): Promise<{ songs: SongFiles; data: ServerData }> {
  let data!: ServerData;
  const songs = await SongFiles.openFolder(options.music, options.limits, {
    skipped: (path, reason) =>
      log.warn("left out {path}: {reason}", { path, reason }),
    unreadable: (path, reason) =>
      log.warn("cannot read {path}: {reason}", { path, reason }),
    damaged: (path, reason) =>
      log.warn("{path} is damaged: {reason}", { path, reason }),
    indexFailed: (error) =>
      log.warn("cannot write the index: {error}", { error: error.message }),
  }, async (root) => {
    data = await openData(options.data, root, makeTables);
    // Leftovers of uploads are not for a server that stores none to remove.
    return { ...data, isAlone: data.isAlone && !options.readOnly };
  }, options.renditionBytes);
  if (data.note !== null) log.warn("{note}", { note: data.note });
  songs.scanned.then(async () => {
    const lacking = await songs.lacking();
    if (lacking === 0) return;
    log.warn("{lacking} of the songs cannot be played: needs ffmpeg", {
      lacking,
    });
  });
  return { songs, data };
}
