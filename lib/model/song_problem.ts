/**
 * The reason why a song cannot be played, as every view shows it.
 *
 * @module
 */

import { safeText } from "../safe_text.ts";

/** The text for each error code of a row of songs or of a queue without a reason. */
const REASONS: Record<string, string> = {
  "not-found": "no longer among the songs",
  "not-wav": "not a song, or a damaged one",
  changed: "another song has its name now",
  unsupported: "unsupported kind",
  internal: "the server cannot read the file",
  "too-large": "too large",
};

/**
 * The text shown instead of a song's format.
 *
 * @param row Its problem is an error code, maybe one of a newer server.
 *
 * @example
 * ```ts
 * import { songProblem } from "./song_problem.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(
 *   songProblem({ problem: "not-wav" }),
 *   "cannot be played: not a song, or a damaged one",
 * );
 * ```
 */
export function songProblem(
  { problem = "unknown kind", reason }: { problem?: string; reason?: string },
): string {
  const known = Object.hasOwn(REASONS, problem) ? REASONS[problem] : problem;
  return `cannot be played: ${safeText(reason ?? known)}`;
}
