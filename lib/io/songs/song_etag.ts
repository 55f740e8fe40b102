/**
 * The etag of a song: of its content, and where it is decoded of what the content
 * becomes.
 *
 * @module
 */

import type { SongDecoding } from "../codecs/decoder_jobs.ts";
import { DECODER_REVISION } from "../codecs/decoder_revision.ts";

/** Codecs that every decoder decodes to the same samples. */
const LOSSLESS: ReadonlySet<string> = new Set(["pcm", "flac", "alac"]);

/**
 * Makes an etag. That of a decoded song has the length that is announced and, if
 * its codec is lossy, the revision of the decoders; if ffmpeg decodes it, the name
 * of that making.
 *
 * @param content Stands for the content of its file; without a dot.
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

/** The part of an etag that stands for the content of its file. */
export function contentOfEtag(etag: string): string {
  return etag.split(".", 1)[0];
}
