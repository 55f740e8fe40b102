/**
 * Requests that name a song which a server is about to hear of: its record and the
 * request travel apart.
 *
 * @module
 */

import { toOndacastError } from "../errors.ts";
import type { Clock } from "../ports/common.ts";

/** A record reaches the other servers in less, unless they are cut off. */
const LATE_MS = 2_000;
const PAUSE_MS = 100;

/**
 * Asks a server, and again while it does not find the song.
 *
 * @throws What `ask` throws: at once if that is no `not-found`, else after 2 s.
 *
 * @example
 * ```ts
 * import { askAgain } from "./ask_again.ts";
 * import { PeerError } from "../errors.ts";
 * import assert from "node:assert/strict";
 *
 * const answers = [new PeerError("not-found", "Cannot find it", false), "playing"];
 * const ask = () => {
 *   const answer = answers.shift()!;
 *   return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
 * };
 * const clock = { now: () => 0, sleep: () => Promise.resolve() };
 * assert.equal(await askAgain(ask, clock), "playing");
 * ```
 */
export async function askAgain<T>(
  ask: () => Promise<T>,
  clock: Pick<Clock, "now" | "sleep">,
): Promise<T> {
  const untilMs = clock.now() + LATE_MS;
  while (true) {
    try {
      return await ask();
    } catch (error) {
      const isLate = toOndacastError(error).code === "not-found";
      if (!isLate || clock.now() >= untilMs) throw error;
    }
    await clock.sleep(PAUSE_MS);
  }
}
