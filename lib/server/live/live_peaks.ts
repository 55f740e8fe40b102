/**
 * The waveform of the last half minute of a live song.
 *
 * @module
 */

import { type PcmFormat, sampleFrameBytes } from "../../audio/format.ts";
import { peakLevel } from "../../audio/pcm.ts";
import { WAVEFORM_POINTS } from "../../audio/waveform.ts";

const SECONDS = 30;
/** Bytes that are looked at of a piece, so that none costs more than others. */
const MOST_BYTES = 16 * 1024;

export class LivePeaks {
  readonly #format: PcmFormat;
  readonly #framesEach: number;
  /** A ring, in which a point has the peak of {@linkcode #framesEach} frames. */
  readonly #ring = new Uint8Array(WAVEFORM_POINTS);
  #latest = 0;

  constructor(format: PcmFormat) {
    this.#format = format;
    this.#framesEach = format.rate * SECONDS / WAVEFORM_POINTS;
  }

  /**
   * PCM that has come.
   *
   * @param before Bytes of PCM before it, which may end within a sample frame.
   */
  came(pcm: Uint8Array, before: number): void {
    const frameBytes = sampleFrameBytes(this.#format);
    const begun = before % frameBytes;
    const from = begun && frameBytes - begun;
    const frames = Math.floor((before + pcm.length) / frameBytes);
    this.#moveTo(Math.floor(frames / this.#framesEach));
    const level = peakLevel(
      this.#format,
      pcm.subarray(from, from + MOST_BYTES),
    );
    const at = this.#latest % WAVEFORM_POINTS;
    this.#ring[at] = Math.max(this.#ring[at], Math.round(level * 255));
  }

  /** The oldest first; 255 is full scale. */
  get all(): Uint8Array<ArrayBuffer> {
    const next = (this.#latest + 1) % WAVEFORM_POINTS;
    const peaks = new Uint8Array(WAVEFORM_POINTS);
    peaks.set(this.#ring.subarray(next));
    peaks.set(this.#ring.subarray(0, next), WAVEFORM_POINTS - next);
    return peaks;
  }

  #moveTo(point: number): void {
    const from = Math.max(this.#latest, point - WAVEFORM_POINTS);
    for (let at = from + 1; at <= point; at++) {
      this.#ring[at % WAVEFORM_POINTS] = 0;
    }
    this.#latest = point;
  }
}
