/**
 * Looks into a song's file: which WAV it holds, or why it cannot be played.
 *
 * @module
 */

import { inspectFile, type WavContent } from "../../audio/containers.ts";
import { OndacastError } from "../../errors.ts";
import type { SongEntry } from "../../ports/server.ts";
import { describeFileError } from "../disk/describe_file_error.ts";
import { fileBytes } from "../disk/file_bytes.ts";

/** A song's file and what it holds; `bytes` is the length of its WAV. */
export type SongFile =
  & { info: Deno.FileInfo }
  & Pick<SongEntry, "bytes" | "format" | "problem" | "problemText">;

/**
 * Looks into a song's file. A file that cannot be played or read is reported
 * with its problem, at its own length.
 *
 * @throws What the system throws if there is no file.
 */
export async function lookIntoSong(path: string): Promise<SongFile> {
  let info: Deno.FileInfo | undefined;
  try {
    using file = await Deno.open(path);
    info = file.statSync();
    const content = await inspectFile(fileBytes(file, info.size));
    return { info, ...content };
  } catch (error) {
    info ??= await Deno.stat(path);
    const unplayable = { info, bytes: info.size, format: null };
    if (error instanceof OndacastError) {
      const { code, message } = error;
      return { ...unplayable, problem: code, problemText: message };
    }
    const problemText = describeFileError(error);
    return { ...unplayable, problem: "internal", problemText };
  }
}

/**
 * The WAV that a file holds.
 *
 * @throws {OndacastError} `not-wav`, `unsupported`; what the system throws.
 */
export async function inspectSong(path: string): Promise<WavContent> {
  using file = await Deno.open(path);
  return await inspectFile(fileBytes(file));
}
