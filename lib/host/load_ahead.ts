/**
 * Preloads modules that the first song, upload or browser needs. Startup does
 * not wait for it.
 *
 * @module
 */

import { systemClock } from "../io/clock/clock.ts";

/**
 * One after the other, since each blocks the event loop for milliseconds. What
 * others import comes before them.
 */
const MODULES: readonly (() => Promise<unknown>)[] = [
  () => import("../io/disk/hash_file.ts"),
  () => import("../io/songs/song_upload.ts"),
  () => import("node:http"),
  () => import("ws"),
  () => import("./web_socket.ts"),
];

export async function loadAhead(): Promise<void> {
  for (const load of MODULES) {
    await load();
    await systemClock.sleep(0);
  }
}
