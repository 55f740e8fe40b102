/**
 * The messages between the server's main thread and a decoder worker.
 *
 * @module
 */

import type { Effort } from "./decodable_song.ts";
import type { DecodedRange } from "./range_decoder.ts";
import type { SongProbe } from "./probe_song.ts";

/** A file by its path, and the identity that it must still have when a worker opens it. */
export interface FileRef {
  readonly path: string;
  readonly dev: number;
  readonly ino: number | null;
  readonly bytes: number;
}

/** The parameters for decoding a song. */
export interface SongDecoding
  extends Omit<SongProbe, "tags" | "hasArt" | "codec"> {
  readonly codec: string;
  /** Present if ffmpeg decodes it, not a worker. */
  readonly ffmpeg?: FfmpegMaking;
}

/** A decoding by ffmpeg, whose bytes may differ from any other's. */
export interface FfmpegMaking {
  readonly version: string;
  /** A random name, which is part of the etag. */
  readonly id: string;
}

export type DecoderJob =
  | {
    readonly type: "probe";
    readonly file: FileRef;
    /** `ends`: a length that cannot be found there is estimated. */
    readonly effort: Effort;
  }
  | {
    readonly type: "decode";
    readonly file: FileRef;
    readonly decoding: SongDecoding;
    /** The first sample frame, and the one after the last. */
    readonly from: number;
    readonly to: number;
  };

/** A range, and the decoder's count of sample frames in the whole song. */
export interface DecodedSegment extends DecodedRange {
  readonly sampleFrames: number;
}

/** The result of a job. */
export type DecoderResult<J extends DecoderJob = DecoderJob> = J extends
  { type: "probe" } ? SongProbe : DecodedSegment;

/** A worker's answer. */
export type DecoderReply =
  | { readonly result: DecoderResult }
  /** An error of the song or its file. */
  | { readonly error: { readonly code: string; readonly message: string } }
  /** An error of the decoder; the worker must not be used again. */
  | { readonly trap: string };
