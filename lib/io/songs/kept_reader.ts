/**
 * Reads a song decoded by ffmpeg as the WAV that is sent: a header, and PCM from a
 * kept file.
 *
 * @module
 */

import type { Rendition } from "../../audio/rendition.ts";
import type { GrowingFileReader } from "./growing_file.ts";
import type { WavReader } from "./shared_file.ts";

/** Reads one rendition of the folder. */
export class KeptReader implements WavReader {
  readonly #rendition: Rendition;
  readonly #file: GrowingFileReader;

  constructor(rendition: Rendition, file: GrowingFileReader) {
    this.#rendition = rendition;
    this.#file = file;
  }

  async read(into: Uint8Array, offset: number): Promise<void> {
    const { header, bytes } = this.#rendition;
    if (offset + into.length > bytes) {
      throw new RangeError(
        `Cannot read ${into.length} bytes at ${offset}: expected at most ${bytes} in all`,
      );
    }
    const head = header.subarray(offset, offset + into.length);
    into.set(head);
    const pcm = into.subarray(head.length);
    const from = offset + head.length - header.length;
    if (pcm.length > 0) await this.#file.read(pcm, from);
  }

  close(): void {
    this.#file.close();
  }
}
