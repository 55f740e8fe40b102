/**
 * Files that only this user may read, written in one step.
 *
 * @module
 */

import { dirname } from "@std/path/dirname";
import { FileLock } from "./file_lock.ts";
import { systemClock } from "../clock/clock.ts";
import { writeAll } from "./write_all.ts";

/** How often, and how far apart, a lock that somebody has is tried. */
const LOCK = { tries: 100, waitMs: 20 };

/** Writes a file; whoever reads it meanwhile sees the old one or the new one. */
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

/** Does something while no other program does the same. */
export async function whileLocked<T>(
  path: string,
  work: () => Promise<T>,
): Promise<T> {
  await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
  let lock = FileLock.tryTake(path);
  for (let i = 1; lock === null && i < LOCK.tries; i++) {
    await systemClock.sleep(LOCK.waitMs);
    lock = FileLock.tryTake(path);
  }
  try {
    return await work(); // Where there are no locks, without one.
  } finally {
    lock?.release();
  }
}
