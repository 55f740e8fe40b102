/**
 * The common interface of songs for decoding ranges, and the buffer that collects
 * a range.
 *
 * @module
 */

import type { Encoding } from "../../audio/format.ts";
import { RefusedSongError } from "../../audio/refused_song.ts";
import { silentByte } from "../../audio/rendition.ts";
import { OndacastError } from "../../errors.ts";
import { type Codec, decodedFrameBytes } from "./song_decoder.ts";

export interface DecodedLayout {
  readonly codec: Codec;
  readonly encoding: Encoding;
  readonly rate: number;
  readonly channels: number;
  readonly channelMask?: number;
  readonly validBits: number;
}

/** Which part of a song is examined: beginning and end, or all of it. */
export type Effort = "ends" | "whole";

/**
 * A song that was examined and can be decoded. At its end, the instance of its latest
 * decoder is reused for another song.
 */
export interface DecodableSong extends Disposable {
  readonly layout: DecodedLayout;
  /** Audible sample frames. */
  readonly sampleFrames: number;
  readonly isEstimated: boolean;
  /** The first audible sample frame, counted from the start of the decoded stream. */
  readonly firstFrame: number;
  /** Of the PCM, in hexadecimal digits; absent: the file contains none. */
  readonly md5?: string;
  /**
   * The audible sample frames including further audio with another layout, which is
   * left out, at the rate of the song; absent: none follows.
   */
  readonly joinedFrames?: number;
  /** Decodes the range of a buffer, in sample frames from the first audible one. */
  decode(range: RangeBuffer): void;
}

/** Collects the PCM of a range from packets that overlap it. */
export class RangeBuffer {
  /** Interleaved, little-endian; silent where nothing was written. */
  readonly pcm: Uint8Array<ArrayBuffer>;
  readonly from: number;
  readonly to: number;
  readonly #frameBytes: number;
  /** The end of what was written so far, and how much of it is not missing. */
  #end: number;
  #filled = 0;

  constructor(layout: DecodedLayout, from: number, to: number) {
    this.from = from;
    this.to = Math.max(from, to);
    this.#end = from;
    this.#frameBytes = decodedFrameBytes(layout);
    this.pcm = new Uint8Array((this.to - from) * this.#frameBytes);
    const silence = silentByte(layout.encoding);
    if (silence !== 0) this.pcm.fill(silence);
  }

  /** Sample frames that were not written. */
  get missingFrames(): number {
    return Math.max(0, this.to - this.from - this.#filled);
  }

  /**
   * Writes PCM.
   *
   * @param first Its first sample frame, counted from the first audible one.
   * @returns Whether PCM after it is needed.
   */
  put(pcm: Uint8Array, first: number): boolean {
    const bytes = this.#frameBytes;
    const last = first + Math.floor(pcm.length / bytes);
    const left = Math.max(first, this.from);
    const right = Math.min(last, this.to);
    if (left < right) {
      const piece = pcm.subarray(
        (left - first) * bytes,
        (right - first) * bytes,
      );
      this.pcm.set(piece, (left - this.from) * bytes);
      // Packets of a damaged file overlap.
      this.#filled += Math.max(0, right - Math.max(left, this.#end));
      this.#end = Math.max(this.#end, right);
    }
    return last < this.to;
  }
}

/** The error for a song of a format that only ffmpeg decodes. */
export function needsFfmpeg(format: string): OndacastError {
  return new OndacastError(
    "unsupported",
    `Cannot decode the song: it is ${format}`,
  );
}

/** The error for an encrypted song, which ffmpeg would decode to noise. */
export function encryptedSong(): RefusedSongError {
  return new RefusedSongError("Cannot decode the song: it is encrypted");
}

/** The error for a file that is not a song. */
export function notASong(reason: string): OndacastError {
  return new OndacastError("not-wav", `Cannot decode the song: ${reason}`);
}

/**
 * Decodes up to the end of the song, or to damage that the decoder cannot skip. The
 * rest stays silent.
 *
 * @throws {OndacastError} `internal` if the file cannot be read.
 */
export function asFarAsItGoes(decode: () => void): void {
  try {
    decode();
  } catch (error) {
    if (!(error instanceof OndacastError) || error.code === "internal") {
      throw error;
    }
  }
}
