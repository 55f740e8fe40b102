/**
 * Keeps the device id of this machine's receiver across restarts, so that its key
 * stays the same.
 *
 * @module
 */

import { join } from "@std/path/join";
import { FileLock } from "./file_lock.ts";
import { keptId } from "./kept_id.ts";

/** A device id that no other program on this machine uses. */
export interface KeptDevice extends Disposable {
  readonly device: string;
}

/**
 * Claims the device id in a data folder, creating it if necessary. If another
 * program has claimed it, or the folder is unusable, it makes a temporary one.
 *
 * @param folder Null if there is no data folder.
 */
export async function claimDevice(folder: string | null): Promise<KeptDevice> {
  const lock = folder === null ? null : await tryLock(folder);
  const own = () => crypto.randomUUID();
  try {
    const device = lock ? await keptId(folder!, "device") : own();
    return { device, [Symbol.dispose]: () => lock?.release() };
  } catch {
    lock?.release();
    return { device: own(), [Symbol.dispose]() {} };
  }
}

async function tryLock(folder: string): Promise<FileLock | null> {
  try {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  } catch {
    return null;
  }
  return FileLock.tryAcquire(join(folder, "device.lock"));
}
