/**
 * Reading the format of a WAV file on the disk: as little of it as its header
 * takes.
 *
 * @module
 */

import type { SongFormat } from "../audio/format.ts";
import { songFormat, WavHeaderReader } from "../audio/wav.ts";
import { OndacastError } from "../errors.ts";
import type { SongEntry } from "../ports.ts";
import { fileProblem } from "./file_problem.ts";

/** Bytes read to find a header; most have their PCM behind the first 44. */
const HEADER_READ_BYTES = 4096;

/** The format of a song's file, or why it cannot be played. */
export async function readFormat(
  path: string,
  fileBytes: number,
): Promise<Pick<SongEntry, "format" | "problem" | "problemText">> {
  try {
    return { format: await readHeader(path, fileBytes) };
  } catch (error) {
    if (error instanceof OndacastError) {
      const { code, message } = error;
      return { format: null, problem: code, problemText: message };
    }
    return {
      format: null,
      problem: "internal",
      problemText: fileProblem(error),
    };
  }
}

/**
 * The format of a WAV file.
 *
 * @param fileBytes Its length, where that is known.
 * @throws {NotWavError} @throws {UnsupportedWavError}
 */
export async function readHeader(
  path: string,
  fileBytes?: number,
): Promise<SongFormat> {
  using file = await Deno.open(path);
  const size = fileBytes ?? file.statSync().size;
  const reader = new WavHeaderReader();
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
      if (header) return songFormat(header, size);
    }
  }
}
