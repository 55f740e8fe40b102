/**
 * Songs with plain PCM: AIFF and CAF.
 *
 * @module
 */

import { CONTAINER_BITS } from "../../audio/format.ts";
import { type PlainPcm, toWavOrder } from "../../audio/plain_pcm.ts";
import type { ReadableFile } from "../../audio/readable_file.ts";
import type {
  DecodableSong,
  DecodedLayout,
  RangeBuffer,
} from "./decodable_song.ts";

export class PcmSong implements DecodableSong {
  readonly layout: DecodedLayout;
  readonly sampleFrames: number;
  readonly isEstimated = false;
  readonly firstFrame = 0;
  readonly #file: ReadableFile;
  readonly #pcm: PlainPcm;

  constructor(file: ReadableFile, pcm: PlainPcm) {
    const { encoding, rate, channels, validBits, sampleFrames } = pcm;
    this.layout = { codec: "pcm", encoding, rate, channels, validBits };
    this.sampleFrames = sampleFrames;
    this.#file = file;
    this.#pcm = pcm;
  }

  decode(range: RangeBuffer): void {
    const pcm = this.#pcm;
    const frameBytes = pcm.channels * CONTAINER_BITS[pcm.encoding] / 8;
    const to = Math.min(range.to, pcm.sampleFrames);
    if (to <= range.from) return;
    const bytes = new Uint8Array((to - range.from) * frameBytes);
    const read = this.#file.read(bytes, pcm.at + range.from * frameBytes);
    const filled = bytes.subarray(0, read);
    toWavOrder(pcm, filled);
    range.put(filled, range.from);
  }

  [Symbol.dispose](): void {}
}
