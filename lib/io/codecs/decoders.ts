/**
 * The decoders of songs: the server's own in workers, and ffmpeg if it is
 * installed.
 *
 * @module
 */

import type { DecoderPool } from "./decoder_pool.ts";
import type { Ffmpeg } from "./ffmpeg.ts";

export interface Decoders {
  readonly pool: DecoderPool;
  /** Looks for ffmpeg at the first call; null: it is missing or disabled. */
  ffmpeg(): Promise<Ffmpeg | null>;
}
