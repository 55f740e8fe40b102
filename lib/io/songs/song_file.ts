/**
 * Examines a song's file: its WAV, or why it cannot be played.
 *
 * @module
 */

import { inspectFile, type WavContent } from "../../audio/containers.ts";
import { withHead } from "../../audio/file_window.ts";
import { readWavTags } from "../../audio/wav_tags.ts";
import { OndacastError } from "../../errors.ts";
import { readTags } from "../../model/tags.ts";
import type { SongEntry } from "../../ports/server.ts";
import { describeFileError } from "../disk/describe_file_error.ts";
import { fileBytes } from "../disk/file_bytes.ts";

/** A song's file and its content; `bytes` is the length of its WAV. */
export type SongFile =
  & { info: Deno.FileInfo }
  & Pick<
    SongEntry,
    "bytes" | "format" | "problem" | "problemText" | "tags" | "hasArt"
  >;

/**
 * Examines a song's file. One that cannot be played or read is returned with its
 * problem and the length of the file.
 *
 * @throws The system's error, if there is no such file.
 */
export async function lookIntoSong(path: string): Promise<SongFile> {
  let info: Deno.FileInfo | undefined;
  try {
    using file = await Deno.open(path);
    info = file.statSync();
    const bytes = withHead(fileBytes(file, info.size));
    const content = await inspectFile(bytes);
    const { pairs, hasArt } = await readWavTags(bytes, content.format);
    const tags = readTags(pairs);
    return {
      info,
      ...content,
      ...(Object.keys(tags).length > 0 && { tags }),
      ...(hasArt && { hasArt }),
    };
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
 * Examines a song's file that must be playable.
 *
 * @throws {OndacastError} `not-wav`, `unsupported`.
 * @throws The system's error, if it cannot be read.
 */
export async function inspectSong(path: string): Promise<WavContent> {
  using file = await Deno.open(path);
  return await inspectFile(fileBytes(file));
}
