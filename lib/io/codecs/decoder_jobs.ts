/**
 * What the server's main thread asks of a decoder worker, and what it answers.
 *
 * @module
 */

import type { FilePart } from "../../audio/tag_pairs.ts";
import type { Effort } from "./decodable_song.ts";
import type { DecodedRange } from "./range_decoder.ts";
import type { SongProbe } from "./probe_song.ts";

/** A file by its path, and what it must still be when a worker opens it. */
export interface FileRef {
  readonly path: string;
  readonly dev: number;
  readonly ino: number | null;
  readonly bytes: number;
  /** Changes when it is written to, so that nothing of it is kept. */
  readonly mtimeMs: number;
}

/** What has to be known of a song to decode it. */
export interface SongDecoding
  extends Omit<SongProbe, "tags" | "hasArt" | "codec"> {
  readonly codec: string;
  /** That ffmpeg decodes it; absent: a worker does. */
  readonly ffmpeg?: FfmpegMaking;
}

/** One decoding by ffmpeg, whose bytes no other one needs to have. */
export interface FfmpegMaking {
  readonly version: string;
  /** A random name, which is part of the etag. */
  readonly id: string;
}

/** Something for a worker to do. */
export type DecoderJob =
  | {
    readonly type: "probe";
    readonly file: FileRef;
    /** `ends`: a length that shows nowhere there is estimated. */
    readonly effort: Effort;
  }
  | {
    readonly type: "decode";
    readonly file: FileRef;
    readonly decoding: SongDecoding;
    /** The first sample frame, and the one behind the last. */
    readonly from: number;
    readonly to: number;
    /** The time limit, if it is shorter than usual. */
    readonly limitMs?: number;
  }
  | {
    readonly type: "picture";
    readonly file: FileRef;
    /** Where the picture lies, that a decoder finds it in the song, or the picture. */
    readonly part: FilePart | "embedded" | Uint8Array<ArrayBuffer>;
    /** The most pixels of its longer side. */
    readonly size: number;
  };

/** A smaller picture, as JPEG. */
export interface SmallPicture {
  readonly picture: Uint8Array<ArrayBuffer>;
}

/** A range, and the sample frames of the whole song as the decoder counts them. */
export interface DecodedSegment extends DecodedRange {
  readonly sampleFrames: number;
}

/** The result of a job. */
export type DecoderResult<J extends DecoderJob = DecoderJob> = J extends
  { type: "probe" } ? SongProbe
  : J extends { type: "picture" } ? SmallPicture
  : DecodedSegment;

/** An `OndacastError` as plain data. */
export interface SongFault {
  readonly code: string;
  readonly message: string;
  /** That it is a `RefusedSongError`. */
  readonly isRefused?: true;
  /** That it is a `ForeignSongError` of this length. */
  readonly sampleFrames?: number;
}

/** A worker's answer. */
export type DecoderReply =
  & (
    | { readonly result: DecoderResult }
    /** The song or its file is at fault. */
    | { readonly error: SongFault }
    /** The decoder is; the worker must not be used again. */
    | { readonly trap: string }
  )
  /** `isSpent`: the worker holds memory that only its end gives back. */
  & { readonly isSpent?: boolean };
