/**
 * Watches a folder for changes: by the system's events, and by periodic full
 * scans where it sends none, as for network drives.
 *
 * @module
 */

import { basename } from "@std/path/basename";
import { join } from "@std/path/join";
import { relative } from "@std/path/relative";
import { isHidden, MAX_COMPONENTS } from "../../model/song_name.ts";
import type { Clock } from "../../ports/common.ts";
import { systemClock } from "../clock/clock.ts";
import { isInside } from "../disk/path_guard.ts";
import { FolderChanges } from "./folder_changes.ts";
import { isTemporaryName } from "../disk/temporary_name.ts";

const onWindows = Deno.build.os === "windows";
/** How long changes are batched, so that a copied album is one change. */
const GATHER_MS = { least: 250, most: 2000 } as const;
/** The time between full scans, unless another one is asked for. */
const LOOK_MS = 600_000;
/** How often it is seen whether another disk is mounted in the folder's place. */
const MOUNTS_MS = 60_000;
/** The time to the next full scan is at least this many times its duration. */
const REST = 20;

export type WatchFs = typeof Deno.watchFs;

export interface WatchOptions {
  /**
   * Whether it contains links to folders. On Linux, a recursive watch would
   * follow them, possibly through the whole disk, and block the event loop.
   */
  hasLinks?: boolean;
  /** The time between full scans. */
  lookMs?: number;
  clock?: Clock;
  watchFs?: WatchFs;
  /** Tells a folder from another one at its path. */
  identify?: (folder: string) => Promise<string>;
}

/**
 * Calls back after changes in the folder or its subfolders, one call at a time,
 * until aborted; first once it watches, for what was changed before. Never rejects.
 *
 * @param folder The folder's real path.
 * @param onChange Handles the changes.
 */
export async function watchFolder(
  folder: string,
  onChange: (changes: FolderChanges) => Promise<void>,
  signal: AbortSignal,
  options: WatchOptions = {},
): Promise<void> {
  const {
    lookMs = LOOK_MS,
    clock = systemClock,
    watchFs = Deno.watchFs,
    identify = identityOf,
  } = options;
  let changes = new FolderChanges();
  let news = new AbortController();
  const begin = () => {
    const ending = new AbortController();
    const ended = watch(folder, (paths) => {
      note(changes, folder, paths);
      news.abort();
    }, {
      ...{ ...options, clock, watchFs },
      signal: AbortSignal.any([ending.signal, signal]),
    });
    return { ending, ended, identity: identify(folder) };
  };
  let watching = begin();
  let tookMs = 0;
  let lookAtMs = clock.now() + lookMs;
  let mountsAtMs = clock.now() + MOUNTS_MS;
  while (!signal.aborted) {
    await clock.sleep(
      Math.max(0, Math.min(lookAtMs, mountsAtMs) - clock.now()),
      AbortSignal.any([news.signal, signal]),
    );
    if (signal.aborted) break;
    const { least, most } = GATHER_MS;
    if (news.signal.aborted) {
      await clock.sleep(Math.min(Math.max(least, tookMs), most), signal);
    }
    const beganMs = clock.now();
    let isAll = beganMs >= lookAtMs;
    if (beganMs >= mountsAtMs) {
      mountsAtMs = beganMs + MOUNTS_MS;
      if (await identify(folder) !== await watching.identity) {
        // Another disk is mounted there, and a watch stays with the former one.
        watching.ending.abort();
        await watching.ended;
        watching = begin();
        isAll = true;
      }
    }
    if (!isAll && !news.signal.aborted) continue;
    const batch = changes;
    if (isAll) batch.addAll();
    changes = new FolderChanges();
    news = new AbortController();
    await onChange(batch).catch(() => {}); // The next scan may succeed again.
    tookMs = clock.now() - beganMs;
    if (isAll) lookAtMs = clock.now() + Math.max(lookMs, REST * tookMs);
  }
  await watching.ended;
}

/** Differs for another folder at the same path; `""` if there is none. */
async function identityOf(folder: string): Promise<string> {
  try {
    const { dev, ino } = await Deno.stat(folder);
    return `${dev} ${ino}`;
  } catch {
    return "";
  }
}

/**
 * Whether an event may change the list of songs. Read accesses do not, including
 * our own, and neither do uploads in progress.
 */
export function isNews({ kind, paths }: Deno.FsEvent): boolean {
  return kind !== "access" && (paths.length === 0 ||
    !paths.every((path) => isTemporaryName(basename(path))));
}

/** Collects reported paths. No paths at all means that events may be lost. */
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

type OnEvent = (paths: readonly string[]) => void;

interface WatchTools extends WatchOptions {
  clock: Clock;
  watchFs: WatchFs;
  signal: AbortSignal;
}

async function watch(
  folder: string,
  onEvent: OnEvent,
  tools: WatchTools,
): Promise<void> {
  try {
    if (tools.hasLinks) return await watchEach(folder, onEvent, tools);
    const watcher = tools.watchFs(folder, { recursive: true });
    onEvent([]); // Nothing was watched until now.
    await follow(watcher, tools, onEvent);
  } catch (error) {
    // Too many watches, or none supported: the periodic scans remain.
    if (!(error instanceof Deno.errors.PermissionDenied)) return;
    // A subfolder, such as a disk's `lost+found`, is not readable.
    await watchEach(folder, onEvent, tools);
  }
}

/** Watches each readable folder by itself, and starts over when the folders change. */
async function watchEach(
  folder: string,
  onEvent: OnEvent,
  tools: WatchTools,
): Promise<void> {
  const { watchFs, clock, signal } = tools;
  while (!signal.aborted) {
    const folders = new Set<string>();
    await addFolders(folders, folder, MAX_COMPONENTS);
    try {
      if (folders.size > 0) {
        const watcher = watchFs([...folders], { recursive: false });
        onEvent([]); // Nothing was watched until now.
        await follow(watcher, tools, async (paths) => {
          onEvent(paths);
          for (const path of paths) {
            if (!folders.has(path) && !await isFolder(path)) continue;
            return watcher.close();
          }
        });
      }
    } catch {
      // A folder was removed, or is no longer readable.
    }
    await clock.sleep(GATHER_MS.most, signal);
  }
}

/** Passes on a watcher's events until it is closed. */
async function follow(
  watcher: Deno.FsWatcher,
  { signal }: WatchTools,
  onEvent: (paths: readonly string[]) => void | Promise<void>,
): Promise<void> {
  const close = () => watcher.close();
  signal.addEventListener("abort", close, { once: true });
  try {
    for await (const event of watcher) {
      if (event.flag === "rescan") await onEvent([]);
      else if (isNews(event)) await onEvent(event.paths);
    }
  } finally {
    signal.removeEventListener("abort", close);
  }
}

/** Adds a folder and its readable subfolders. */
async function addFolders(
  folders: Set<string>,
  path: string,
  levels: number,
): Promise<void> {
  const below: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(path)) {
      if (isDirectory && !isHidden(name)) below.push(join(path, name));
    }
  } catch {
    return;
  }
  folders.add(path);
  if (levels === 0) return;
  for (const next of below) await addFolders(folders, next, levels - 1);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.lstat(path)).isDirectory;
  } catch {
    return false;
  }
}
