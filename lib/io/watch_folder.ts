/**
 * Notices that a folder has changed: by what the system tells where it does,
 * and by a look at all of it now and then where it does not, as with network
 * drives.
 *
 * @module
 */

import { basename } from "@std/path/basename";
import { relative } from "@std/path/relative";
import type { Clock } from "../ports.ts";
import { systemClock } from "./clock.ts";
import { isInside } from "./fence.ts";
import { FolderChanges } from "./folder_changes.ts";
import { isTemporaryName } from "./temporary_name.ts";

const onWindows = Deno.build.os === "windows";
/** How long changes are gathered, so that a copied album is one change. */
const GATHER_MS = { least: 250, most: 2000 } as const;
/** How often all is looked at anyway. */
const LOOK_MS = 60_000;
/** So much longer than a look took is the time until the next of that kind. */
const REST = 20;

/**
 * Calls back after changes in the folder or below, one call at a time, until
 * aborted. Never rejects.
 *
 * @param folder The folder's real path.
 * @param onChange Looks at what has changed.
 */
export async function watchFolder(
  folder: string,
  onChange: (changes: FolderChanges) => Promise<void>,
  signal: AbortSignal,
  clock: Clock = systemClock,
): Promise<void> {
  let changes = new FolderChanges();
  let news = new AbortController();
  const watching = watch(folder, (paths) => {
    note(changes, folder, paths);
    news.abort();
  }, signal);
  let tookMs = 0;
  let lookAtMs = clock.now() + LOOK_MS;
  while (!signal.aborted) {
    await clock.sleep(
      Math.max(0, lookAtMs - clock.now()),
      AbortSignal.any([news.signal, signal]),
    );
    if (signal.aborted) break;
    const { least, most } = GATHER_MS;
    if (news.signal.aborted) {
      await clock.sleep(Math.min(Math.max(least, tookMs), most), signal);
    }
    const beganMs = clock.now();
    const isAll = beganMs >= lookAtMs;
    const told = changes;
    if (isAll) told.addAll();
    changes = new FolderChanges();
    news = new AbortController();
    await onChange(told).catch(() => {}); // The next look may find the folder again.
    tookMs = clock.now() - beganMs;
    if (isAll) lookAtMs = clock.now() + Math.max(LOOK_MS, REST * tookMs);
  }
  await watching;
}

/**
 * Whether something has changed for those who list songs. Reading is told as
 * well, and our own looking is reading; what is being uploaded is nobody's
 * song yet.
 */
export function isNews({ kind, paths }: Deno.FsEvent): boolean {
  return kind !== "access" && (paths.length === 0 ||
    !paths.every((path) => isTemporaryName(basename(path))));
}

/** Notes what the system has told; nothing of a path: it may have lost some. */
function note(
  changes: FolderChanges,
  folder: string,
  paths: readonly string[],
): void {
  if (paths.length === 0) changes.addAll();
  for (const path of paths) {
    const name = relative(folder, path);
    if (!isInside(folder, path)) changes.addAll();
    else changes.add(onWindows ? name.replaceAll("\\", "/") : name);
  }
}

async function watch(
  folder: string,
  onEvent: (paths: readonly string[]) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    using watcher = Deno.watchFs(folder, { recursive: true });
    const close = () => watcher.close();
    signal.addEventListener("abort", close, { once: true });
    for await (const event of watcher) {
      if (event.flag === "rescan") onEvent([]);
      else if (isNews(event)) onEvent(event.paths);
    }
    signal.removeEventListener("abort", close);
  } catch {
    // Too many watches, or a system without: looking now and then remains.
  }
}
