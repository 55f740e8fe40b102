/**
 * Notices that a folder has changed: by what the system tells where it does,
 * and by a look once a minute where it does not, as with network drives.
 *
 * @module
 */

import { basename } from "@std/path/basename";
import { systemClock } from "./clock.ts";
import { isTemporaryName } from "./temporary_name.ts";

/** How long changes are gathered, so that a copied album is one change. */
const GATHER_MS = 250;
/** How often it is looked anyway. */
const LOOK_MS = 60_000;

/**
 * Calls back after changes in the folder or below, one call at a time, until
 * aborted. Never rejects.
 */
export async function watchFolder(
  folder: string,
  onChange: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let news = new AbortController();
  const watching = tell(folder, () => news.abort(), signal);
  while (!signal.aborted) {
    await systemClock.sleep(LOOK_MS, AbortSignal.any([news.signal, signal]));
    if (signal.aborted) break;
    if (news.signal.aborted) await systemClock.sleep(GATHER_MS, signal);
    news = new AbortController();
    await onChange().catch(() => {}); // The next look may find the folder again.
  }
  await watching;
}

/**
 * Whether something has changed for those who list songs. Reading is told as
 * well, and our own looking is reading; what is being uploaded is nobody's
 * song yet.
 */
export function isNews({ kind, paths }: Deno.FsEvent): boolean {
  return kind !== "access" &&
    !paths.every((path) => isTemporaryName(basename(path)));
}

async function tell(
  folder: string,
  onEvent: () => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    using watcher = Deno.watchFs(folder, { recursive: true });
    const close = () => watcher.close();
    signal.addEventListener("abort", close, { once: true });
    for await (const event of watcher) {
      if (isNews(event)) onEvent();
    }
    signal.removeEventListener("abort", close);
  } catch {
    // Too many watches, or a system without: looking once a minute remains.
  }
}
