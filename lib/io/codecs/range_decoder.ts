/**
 * Decodes any range of a song to exactly its bytes of PCM. The decoder begins
 * anew for each range, a fixed number of sample frames before it, so that the
 * bytes depend on the song and the range alone.
 *
 * @module
 */

import { CONTAINER_BITS } from "../../audio/format.ts";
import type { ReadableFile } from "../../audio/readable_file.ts";
import type { SongProbe } from "./probe_song.ts";
import { type Codec, SongDecoder } from "./song_decoder.ts";

/** PCM of a range. */
export interface DecodedRange {
  /** Interleaved, little-endian; silent where the song is damaged or over. */
  readonly pcm: Uint8Array<ArrayBuffer>;
  /** Sample frames that are silent since they could not be decoded. */
  readonly damagedFrames: number;
}

/** Sample frames that a decoder is given before a range, until it is exact. */
const PRE_ROLL: Readonly<Record<Codec, number>> = {
  pcm: 0,
  flac: 0,
  alac: 0,
  mp3: 10 * 1_152,
  mp2: 2 * 1_152,
  vorbis: 8_192,
  opus: 3_840,
  aac: 2 * 1_024,
};

/** Decodes ranges of one song, in any order. */
export class RangeDecoder {
  readonly #file: ReadableFile;
  readonly #probe: SongProbe;

  /** @param probe What `probeSong()` found in this file. */
  constructor(file: ReadableFile, probe: SongProbe) {
    this.#file = file;
    this.#probe = probe;
  }

  /**
   * Decodes a range of what is heard.
   *
   * @param from The first sample frame, counted from the first that is heard.
   * @param to The sample frame behind the last one; the PCM is made at once, so
   * a range should be a few seconds.
   * @throws {OndacastError} `not-wav`, `unsupported` or `internal` if the file is
   * not the song that was probed or cannot be read.
   */
  decode(from: number, to: number): DecodedRange {
    const probe = this.#probe;
    const decoder = SongDecoder.open(this.#file);
    const frameBytes = probe.channels * CONTAINER_BITS[probe.encoding] / 8;
    const pcm = new Uint8Array((to - from) * frameBytes);
    if (probe.encoding === "u8") pcm.fill(0x80);
    const start = probe.firstFrame + from;
    const end = probe.firstFrame + to;
    decoder.seek(Math.max(0, start - PRE_ROLL[probe.codec]));
    let decoded = 0;
    for (let packet; (packet = decoder.decode());) {
      const first = packet.sampleFrame;
      const last = first + packet.pcm.length / frameBytes;
      const left = Math.max(first, start);
      const right = Math.min(last, end);
      if (left < right) {
        pcm.set(
          packet.pcm.subarray(
            (left - first) * frameBytes,
            (right - first) * frameBytes,
          ),
          (left - start) * frameBytes,
        );
        decoded += right - left;
      }
      if (last >= end) break;
    }
    return { pcm, damagedFrames: Math.max(0, to - from - decoded) };
  }
}
