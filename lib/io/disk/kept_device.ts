/**
 * Keeps the device ids of this machine's receiver and senders across restarts, so
 * that their keys stay the same.
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

/** Ids of senders that are kept: the names of songs are not bounded. */
const SENDERS = 64;

/** The file of the id of what sends a live song, by the song's name. */
export function senderFile(name: string): string {
  let hash = 0;
  for (let i = 0; i < name.length; i++) {
    hash = Math.imul(hash, 31) + name.charCodeAt(i) | 0;
  }
  return `sender-${(hash >>> 0) % SENDERS}`;
}

/**
 * Claims a device id in a data folder, creating it if necessary. If another program
 * has claimed it, or the folder is unusable, it makes a temporary one.
 *
 * @param folder Null if there is no data folder.
 * @param file Its name there.
 */
export async function claimDevice(
  folder: string | null,
  file: string = "device",
): Promise<KeptDevice> {
  const lock = folder === null ? null : await tryLock(folder, file);
  const own = () => crypto.randomUUID();
  try {
    const device = lock ? await keptId(folder!, file) : own();
    return { device, [Symbol.dispose]: () => lock?.release() };
  } catch {
    lock?.release();
    return { device: own(), [Symbol.dispose]() {} };
  }
}

async function tryLock(
  folder: string,
  file: string,
): Promise<FileLock | null> {
  try {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  } catch {
    return null;
  }
  return FileLock.tryAcquire(join(folder, `${file}.lock`));
}
