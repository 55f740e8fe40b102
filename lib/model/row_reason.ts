/**
 * The reason in a song's row why it cannot be played, where its code says too
 * little.
 *
 * @module
 */

import { reasonIn } from "../errors.ts";
import { cleanTag } from "./tags.ts";

/** Ends the message about a song that only ffmpeg may play, where it is missing. */
export const NEEDS_FFMPEG = "needs ffmpeg on the server";

/**
 * The reason in the row of a song, which tells unsupported songs apart; undefined:
 * its code says enough.
 *
 * @param code The code of the error, and its message.
 */
export function rowReason(
  code: string | undefined,
  message = "",
): string | undefined {
  if (code !== "unsupported" || message === "") return undefined;
  if (message.endsWith(NEEDS_FFMPEG)) return NEEDS_FFMPEG;
  return cleanTag(reasonIn(message));
}
