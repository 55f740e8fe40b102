/**
 * Reading the format of a WAV file on the disk: as little of it as its header
 * takes.
 *
 * @module
 */

import {
  checkCoding,
  CODED_LOOK_BYTES,
  mayHoldCoding,
  MOST_SILENCE_BYTES,
  silentBytes,
} from "../../audio/coded_pcm.ts";
import type { SongFormat } from "../../audio/format.ts";
import { songFormat, WavHeaderReader } from "../../audio/wav.ts";
import { OndacastError } from "../../errors.ts";
import type { SongEntry } from "../../ports/server.ts";
import { describeFileError } from "../disk/describe_file_error.ts";

/** Bytes read to find a header; most have their PCM behind the first 44. */
const HEADER_READ_BYTES = 4096;

/** A song's file: its format, or why it cannot be played. */
export type WavFile =
  & { info: Deno.FileInfo }
  & Pick<SongEntry, "format" | "problem" | "problemText">;

/**
 * What a song's file is.
 *
 * @throws What the system throws, if there is none.
 */
export async function readFormat(path: string): Promise<WavFile> {
  let info: Deno.FileInfo | undefined;
  try {
    using file = await Deno.open(path);
    info = file.statSync();
    return { info, format: await headerOf(file, info.size) };
  } catch (error) {
    info ??= await Deno.stat(path);
    if (error instanceof OndacastError) {
      const { code, message } = error;
      return { info, format: null, problem: code, problemText: message };
    }
    const problemText = describeFileError(error);
    return { info, format: null, problem: "internal", problemText };
  }
}

/**
 * The format of a WAV file.
 *
 * @throws {NotWavError} @throws {UnsupportedWavError}
 */
export async function readHeader(path: string): Promise<SongFormat> {
  using file = await Deno.open(path);
  return await headerOf(file, file.statSync().size);
}

async function headerOf(file: Deno.FsFile, size: number): Promise<SongFormat> {
  const reader = new WavHeaderReader(size);
  const buffer = new Uint8Array(HEADER_READ_BYTES);
  while (true) {
    if (reader.skippable > 0) {
      if (reader.position + reader.skippable >= size) reader.end();
      reader.skip(reader.skippable);
      await file.seek(reader.position, Deno.SeekMode.Start);
    }
    const bytes = await file.read(buffer);
    if (bytes === null) reader.end();
    else {
      const header = reader.push(buffer.subarray(0, bytes));
      if (header) return await checkPcm(file, songFormat(header, size));
    }
  }
}

/** Looks whether the PCM is any. @throws {UnsupportedWavError} */
async function checkPcm(
  file: Deno.FsFile,
  format: SongFormat,
): Promise<SongFormat> {
  const { dataOffset, dataBytes } = format;
  if (!mayHoldCoding(format)) return format;
  const most = dataBytes ?? 0;
  const read = (from: number) =>
    readAt(file, dataOffset + from, Math.min(CODED_LOOK_BYTES, most - from));
  let silence = 0;
  let pcm = await read(0);
  while (pcm.length > 0 && silence < MOST_SILENCE_BYTES) {
    // A whole word, for codings whose bytes are swapped.
    const silent = silentBytes(pcm) & ~1;
    if (silent === 0) break;
    silence += silent;
    pcm = await read(silence);
  }
  checkCoding(format, pcm, dataOffset);
  return format;
}

/** So many bytes of a file, or what it has of them. */
async function readAt(
  file: Deno.FsFile,
  offset: number,
  bytes: number,
): Promise<Uint8Array> {
  const buffer = new Uint8Array(bytes);
  await file.seek(offset, Deno.SeekMode.Start);
  let filled = 0;
  while (filled < buffer.length) {
    const read = await file.read(buffer.subarray(filled));
    if (read === null) break;
    filled += read;
  }
  return buffer.subarray(0, filled);
}
