/**
 * Files that only this user can read, written atomically.
 *
 * @module
 */

import { dirname } from "@std/path/dirname";
import { FileLock } from "./file_lock.ts";
import { systemClock } from "../clock/clock.ts";
import { writeAll } from "../../write_all.ts";

/** Attempts to acquire a lock, and the time between them. */
const LOCK = { tries: 100, waitMs: 20 };

/** Writes a file atomically: readers see either the old or the new content. */
export async function writePrivateFile(
  path: string,
  text: string,
): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    {
      using file = await Deno.open(temporary, {
        createNew: true,
        write: true,
        mode: 0o600,
      });
      await writeAll(file, new TextEncoder().encode(text));
      await file.sync();
    }
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
}

/** Runs `work` with a lock held, or without one after 2 s of waiting. */
export async function whileLocked<T>(
  path: string,
  work: () => Promise<T>,
): Promise<T> {
  await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
  let lock = FileLock.tryAcquire(path);
  for (let i = 1; lock === null && i < LOCK.tries; i++) {
    await systemClock.sleep(LOCK.waitMs);
    lock = FileLock.tryAcquire(path);
  }
  try {
    return await work();
  } finally {
    lock?.release();
  }
}
