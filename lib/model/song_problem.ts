/**
 * The reason why a song cannot be played, as every view shows it. A row on the wire
 * contains only the error code.
 *
 * @module
 */

import { safeText } from "../safe_text.ts";

/** The text for each error code of a row. */
const REASONS: Record<string, string> = {
  "not-wav": "not a song, or a damaged one",
  unsupported: "needs ffmpeg on the server",
  internal: "the server cannot read the file",
  "too-large": "too large",
};

/**
 * The text shown instead of a song's format.
 *
 * @param code The row's `problem`; a newer server may send unknown ones.
 *
 * @example
 * ```ts
 * import { songProblem } from "./song_problem.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(
 *   songProblem("not-wav"),
 *   "cannot be played: not a song, or a damaged one",
 * );
 * ```
 */
export function songProblem(code: string | undefined): string {
  const reason = code === undefined
    ? "unknown kind"
    : Object.hasOwn(REASONS, code)
    ? REASONS[code]
    : safeText(code);
  return `cannot be played: ${reason}`;
}
