/**
 * What decodes songs: the server's own decoders in workers, and ffmpeg where it
 * is found.
 *
 * @module
 */

import type { DecoderPool } from "./decoder_pool.ts";
import type { Ffmpeg } from "./ffmpeg.ts";

export interface Decoders {
  readonly pool: DecoderPool;
  /** Looks for ffmpeg at the first call; null: it is not there, or not wanted. */
  ffmpeg(): Promise<Ffmpeg | null>;
}
