/**
 * Examines WAV files (RIFF, RF64 and BW64), which are sent exactly as they are
 * stored.
 *
 * @module
 */

import {
  checkCoding,
  CODED_LOOK_BYTES,
  mayHoldCoding,
  MOST_SILENCE_BYTES,
  silentBytes,
} from "./coded_pcm.ts";
import type { FileBytes, WavContent } from "./container.ts";
import type { SongFormat } from "./format.ts";
import { songFormat, type WavHeader, WavHeaderReader } from "./wav.ts";

/** Bytes per read of a header. */
const READ_BYTES = 4096;

/**
 * Examines a WAV file.
 *
 * @param head Its first bytes.
 * @throws {OndacastError} `not-wav`, `unsupported`; errors of `file.read()`.
 */
export async function inspectWav(
  file: FileBytes,
  head: Uint8Array,
): Promise<WavContent> {
  const format = songFormat(await headerOf(file, head), file.bytes);
  await checkPcm(file, format);
  return { format, bytes: file.bytes };
}

/** @throws {NotWavError} @throws {UnsupportedWavError} */
async function headerOf(file: FileBytes, head: Uint8Array): Promise<WavHeader> {
  const reader = new WavHeaderReader(file.bytes);
  const buffer = new Uint8Array(READ_BYTES);
  let piece = head;
  while (true) {
    if (piece.length === 0) reader.end();
    const header = reader.push(piece);
    if (header) return header;
    if (reader.skippable > 0) {
      if (reader.position + reader.skippable >= file.bytes) reader.end();
      reader.skip(reader.skippable);
    }
    piece = buffer.subarray(0, await file.read(buffer, reader.position));
  }
}

/**
 * Checks that a file's data is PCM, behind leading silence.
 *
 * @throws {UnsupportedWavError}
 */
async function checkPcm(file: FileBytes, format: SongFormat): Promise<void> {
  if (!mayHoldCoding(format)) return;
  const { dataOffset, dataBytes } = format;
  const buffer = new Uint8Array(CODED_LOOK_BYTES);
  const readPcm = async (from: number) => {
    const piece = buffer.subarray(0, Math.max(0, (dataBytes ?? 0) - from));
    return buffer.subarray(0, await file.read(piece, dataOffset + from));
  };
  let silence = 0;
  let pcm = await readPcm(0);
  while (pcm.length > 0 && silence < MOST_SILENCE_BYTES) {
    // Whole words, because the bytes may be swapped.
    const silent = silentBytes(pcm) & ~1;
    if (silent === 0) break;
    silence += silent;
    pcm = await readPcm(silence);
  }
  checkCoding(format, pcm, dataOffset);
}
