/**
 * The etag of a song: it identifies the content and, if the song is decoded, the
 * decoded result.
 *
 * @module
 */

import type { SongDecoding } from "../codecs/decoder_jobs.ts";
import { DECODER_REVISION } from "../codecs/decoder_revision.ts";

/** Codecs that every decoder decodes to the same samples. */
const LOSSLESS: ReadonlySet<string> = new Set(["pcm", "flac", "alac"]);

/**
 * Makes an etag. That of a decoded song contains the announced length, and the name
 * of ffmpeg's rendition or, if its codec is lossy, the revision of the decoders.
 *
 * @param content Identifies the content of its file; without a dot.
 */
export function etagOf(content: string, decoding?: SongDecoding): string {
  if (decoding === undefined) return content;
  const length = decoding.sampleFrames.toString(36);
  const { ffmpeg } = decoding;
  if (ffmpeg) return `${content}.${length}.${ffmpeg.id}`;
  return LOSSLESS.has(decoding.codec)
    ? `${content}.${length}`
    : `${content}.${length}.${DECODER_REVISION}`;
}

/** The part of an etag that identifies the content of its file. */
export function contentOfEtag(etag: string): string {
  return etag.split(".", 1)[0];
}
