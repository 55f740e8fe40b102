/**
 * A song's waveform: its peaks from start to end. This computes which bytes to
 * look at; the owner of the file reads them.
 *
 * @module
 */

import { sampleFrameBytes, type SongFormat } from "./format.ts";
import { peakLevel } from "./pcm.ts";

/** Peaks in a waveform, each a byte: 0 for silence, 255 for full scale. */
export const WAVEFORM_POINTS = 480;
/** Most bytes read at once. */
export const MOST_PIECE_BYTES = 16 * 1024;
/** Most pieces per peak: longer songs are sampled. */
const MOST_PIECES = 4;

/** Some bytes of a song's file, and the peak that they belong to. */
export interface PeakPiece {
  peak: number;
  /** From the file's start. */
  offsetBytes: number;
  /** Whole sample frames, at least one. */
  bytes: number;
}

/**
 * What to read of a song for its waveform, from front to back: all of its PCM,
 * or 30 MiB evenly spread over it. This bounds the work whatever the length.
 *
 * @returns Nothing for a song without PCM or of unknown length.
 *
 * @example A peak for each of 480 sample frames
 * ```ts
 * import { waveformPieces } from "./waveform.ts";
 * import assert from "node:assert/strict";
 *
 * const phone = { encoding: "u8", rate: 8000, channels: 1, bits: 8 } as const;
 * const pieces = [...waveformPieces({ ...phone, dataOffset: 44, dataBytes: 480 })];
 * assert.deepEqual(pieces[479], { peak: 479, offsetBytes: 523, bytes: 1 });
 * ```
 */
export function* waveformPieces(format: SongFormat): Generator<PeakPiece> {
  const frameBytes = sampleFrameBytes(format);
  const frames = (format.dataBytes ?? 0) / frameBytes;
  const mostFrames = Math.max(1, Math.floor(MOST_PIECE_BYTES / frameBytes));
  if (frames === 0) return;
  for (let peak = 0; peak < WAVEFORM_POINTS; peak++) {
    const first = Math.floor(peak * frames / WAVEFORM_POINTS);
    const behind = Math.floor((peak + 1) * frames / WAVEFORM_POINTS);
    // A song of fewer sample frames than peaks shows each of them for longer.
    const span = Math.max(1, behind - first);
    const pieces = Math.min(MOST_PIECES, Math.ceil(span / mostFrames));
    for (let piece = 0; piece < pieces; piece++) {
      const from = first + Math.floor(piece * span / pieces);
      const to = first + Math.floor((piece + 1) * span / pieces);
      yield {
        peak,
        offsetBytes: format.dataOffset + from * frameBytes,
        bytes: Math.min(to - from, mostFrames) * frameBytes,
      };
    }
  }
}

/**
 * Adds the peak of a piece to a waveform.
 *
 * @param peaks {@linkcode WAVEFORM_POINTS} bytes, zero at first.
 * @param bytes The piece's bytes of the file.
 *
 * @example
 * ```ts
 * import { addToWaveform, WAVEFORM_POINTS } from "./waveform.ts";
 * import assert from "node:assert/strict";
 *
 * const phone = { encoding: "u8", rate: 8000, channels: 1, bits: 8 } as const;
 * const peaks = new Uint8Array(WAVEFORM_POINTS);
 * addToWaveform(peaks, phone, 7, Uint8Array.of(0x80, 0xC0));
 * assert.equal(peaks[7], 128);
 * ```
 */
export function addToWaveform(
  peaks: Uint8Array,
  format: Pick<SongFormat, "encoding" | "rate" | "channels" | "bits">,
  peak: number,
  bytes: Uint8Array,
): void {
  const level = Math.round(peakLevel(format, bytes) * 255);
  peaks[peak] = Math.max(peaks[peak], level);
}
