/**
 * Upkeep of the songs while a server runs: follows changes of the folder, reads
 * in the background what a scan has left out, and deletes songs that were removed
 * long ago.
 *
 * @module
 */

import { getLogger } from "@logtape/logtape";
import { errorText } from "../errors.ts";
import { systemClock } from "../io/clock/clock.ts";
import type { FolderChanges } from "../io/songs/folder_changes.ts";
import type { SongFiles } from "../io/songs/song_files.ts";
import { watchFolder } from "../io/songs/watch_folder.ts";
import type { TaskGroup } from "./task_group.ts";

const log = getLogger(["ondacast", "server"]);

/** How long removed songs are kept, and how often old ones are looked for. */
const KEEP_REMOVED_MS = 30 * 24 * 3_600_000;
const EXPIRE_MS = 3_600_000;

interface Upkeep {
  songs: SongFiles;
  /** The tasks of the server. */
  work: TaskGroup;
  /** Aborted when the server ends. */
  signal: AbortSignal;
}

/** Starts the upkeep. */
export function keepSongs(
  upkeep: Upkeep,
  { keepRemovedMs = KEEP_REMOVED_MS, rescanMs }: {
    keepRemovedMs?: number | null;
    rescanMs?: number;
  },
): void {
  upkeep.work.add(watch(upkeep, rescanMs));
  if (keepRemovedMs === null) return;
  upkeep.work.add(expireRemoved(upkeep, keepRemovedMs));
}

/** Watches the folder, once the scan of the start is over. */
async function watch(upkeep: Upkeep, lookMs?: number): Promise<void> {
  const { songs, signal } = upkeep;
  const closed = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => closed.resolve(), { once: true });
  await Promise.race([songs.scanned, closed.promise]);
  if (signal.aborted) return;
  readRest(upkeep);
  const hasLinks = songs.hasLinks && Deno.build.os === "linux";
  const onChange = (changes: FolderChanges) => lookAgain(upkeep, changes);
  await watchFolder(songs.root, onChange, signal, { hasLinks, lookMs });
}

/**
 * Scans the folder again.
 *
 * @param changes What may have changed; everything by default.
 */
export async function lookAgain(
  upkeep: Upkeep,
  changes?: FolderChanges,
): Promise<void> {
  await upkeep.songs.rescan(changes);
  readRest(upkeep);
}

/** Reads in the background what a scan has left out. */
function readRest({ songs, work, signal }: Upkeep): void {
  work.add(songs.retag(systemClock, signal));
  work.add(songs.probeNew(systemClock, signal));
}

/** Deletes songs that were removed long ago, at the start and now and then. */
async function expireRemoved(
  { songs, signal }: Upkeep,
  keepRemovedMs: number,
): Promise<void> {
  while (!signal.aborted) {
    await songs.expireRemoved(keepRemovedMs).catch((error) =>
      log.warn("cannot delete removed songs: {reason}", {
        reason: errorText(error),
      })
    );
    await systemClock.sleep(EXPIRE_MS, signal);
  }
}
