/**
 * What every kind of song looks like to those who decode ranges of it, and the
 * buffer that a range is gathered in.
 *
 * @module
 */

import type { Encoding } from "../../audio/format.ts";
import { silentByte } from "../../audio/rendition.ts";
import { OndacastError } from "../../errors.ts";
import { type Codec, decodedFrameBytes } from "./song_decoder.ts";

/** How the PCM of a song is stored. */
export interface DecodedLayout {
  readonly codec: Codec;
  readonly encoding: Encoding;
  readonly rate: number;
  readonly channels: number;
  readonly channelMask?: number;
  readonly validBits: number;
}

/** How thoroughly a song is looked at: its beginning and end, or all of it. */
export type Effort = "ends" | "whole";

/** A song that was examined and can be decoded. */
export interface DecodableSong {
  readonly layout: DecodedLayout;
  /** Sample frames that are heard. */
  readonly sampleFrames: number;
  readonly isEstimated: boolean;
  /** The sample frame of the decoded stream with which what is heard begins. */
  readonly firstFrame: number;
  /** Of the PCM, in hexadecimal digits, where the file says it. */
  readonly md5?: string;
  /** Whether more follows in a layout of its own, which is left out. */
  readonly isPartial?: boolean;
  /** Decodes what a buffer wants, in sample frames from the first that is heard. */
  decode(range: RangeBuffer): void;
}

/** Gathers the PCM of a range from packets that overlap it. */
export class RangeBuffer {
  /** Interleaved, little-endian; silent where nothing was put. */
  readonly pcm: Uint8Array<ArrayBuffer>;
  readonly from: number;
  readonly to: number;
  readonly #frameBytes: number;
  #filled = 0;

  constructor(layout: DecodedLayout, from: number, to: number) {
    this.from = from;
    this.to = Math.max(from, to);
    this.#frameBytes = decodedFrameBytes(layout);
    this.pcm = new Uint8Array((this.to - from) * this.#frameBytes);
    const silence = silentByte(layout.encoding);
    if (silence !== 0) this.pcm.fill(silence);
  }

  /** Sample frames that nothing was put in. */
  get missingFrames(): number {
    return Math.max(0, this.to - this.from - this.#filled);
  }

  /**
   * Puts PCM in its place.
   *
   * @param first The place of its first sample frame, from the first that is heard.
   * @returns Whether more is wanted behind it.
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
      this.#filled += right - left;
    }
    return last < this.to;
  }
}

/** The error for a song that is of a kind that is known, and not decoded here. */
export function needsFfmpeg(what: string): OndacastError {
  return new OndacastError(
    "unsupported",
    `Cannot decode ${what}: it needs ffmpeg on the server`,
  );
}

/** The error for a file that is no song. */
export function noSong(reason: string): OndacastError {
  return new OndacastError("not-wav", `Cannot decode the song: ${reason}`);
}

/**
 * Decodes as far as the song goes: where it is damaged so that it cannot go on,
 * silence stays.
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
