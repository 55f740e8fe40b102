/**
 * The error for songs of known length that only ffmpeg decodes.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";

/** Of a chained Ogg, ffmpeg plays all links, but reports the length of the last one. */
export class ForeignSongError extends OndacastError {
  override name = "ForeignSongError";

  constructor(message: string, readonly sampleFrames: number) {
    super("unsupported", message);
  }
}
