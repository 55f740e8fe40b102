/**
 * Reads a song decoded by ffmpeg as the WAV that is sent: a header, and PCM from a
 * kept file.
 *
 * @module
 */

import type { Rendition } from "../../audio/rendition.ts";
import type { GrowingFileReader } from "./growing_file.ts";
import { readHeader, type Urgency, type WavReader } from "./wav_reader.ts";

/** Reads one rendition of the folder. */
export class KeptReader implements WavReader {
  readonly #rendition: Rendition;
  readonly #file: GrowingFileReader;

  constructor(rendition: Rendition, file: GrowingFileReader) {
    this.#rendition = rendition;
    this.#file = file;
  }

  partEnd(offset: number): number {
    return offset;
  }

  async read(
    into: Uint8Array,
    offset: number,
    urgency: Urgency,
  ): Promise<void> {
    const filled = readHeader(this.#rendition, into, offset);
    const pcm = into.subarray(filled);
    const from = offset + filled - this.#rendition.header.length;
    if (pcm.length > 0) await this.#file.read(pcm, from, urgency);
  }

  close(): void {
    this.#file.close();
  }
}
