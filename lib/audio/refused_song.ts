/**
 * The error for songs that no decoder plays, whichever are installed.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";

/** A song that is encrypted or beyond a limit, so that ffmpeg is not tried either. */
export class RefusedSongError extends OndacastError {
  override name = "RefusedSongError";

  constructor(message: string) {
    super("unsupported", message);
  }
}
