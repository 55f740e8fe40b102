/**
 * Examines a song's file: the WAV that it is sent as, or why it cannot be played.
 *
 * @module
 */

import { inspectFile } from "../../audio/containers.ts";
import { withHead } from "../../audio/file_window.ts";
import { renditionOf } from "../../audio/rendition.ts";
import { readWavTags } from "../../audio/wav_tags.ts";
import { type ErrorCode, OndacastError } from "../../errors.ts";
import { type RawTag, readTags } from "../../model/tags.ts";
import type { SongEntry } from "../../ports/server.ts";
import type { FileRef, SongDecoding } from "../codecs/decoder_jobs.ts";
import { DecoderFailure, type DecoderPool } from "../codecs/decoder_pool.ts";
import { describeFileError } from "../disk/describe_file_error.ts";
import { fileBytes } from "../disk/file_bytes.ts";

/** What a song's file contains; `bytes` is the length of the WAV that is sent. */
export type SongContent =
  & Pick<
    SongEntry,
    "bytes" | "format" | "problem" | "problemText" | "tags" | "hasArt"
  >
  & { decoding?: SongDecoding };

/** A song's file and its content. */
export type SongFile = SongContent & { info: Deno.FileInfo };

/**
 * Examines a song's file. One that cannot be played or read is returned with its
 * problem and the length of the file.
 *
 * @param pool Examines what is no WAV.
 * @param name Ends as the song's name does.
 * @throws The system's error, if there is no such file.
 */
export async function lookIntoSong(
  path: string,
  pool: DecoderPool,
  name = path,
): Promise<SongFile> {
  let info: Deno.FileInfo | undefined;
  try {
    using file = await Deno.open(path);
    info = file.statSync();
    return { info, ...await contentOf(file, info, { path, name }, pool) };
  } catch (error) {
    info ??= await Deno.stat(path);
    const unplayable = { info, bytes: info.size, format: null };
    if (error instanceof OndacastError) {
      const { code, message } = error;
      return { ...unplayable, problem: code, problemText: message };
    }
    if (error instanceof DecoderFailure) {
      const { message } = error;
      return { ...unplayable, problem: "unsupported", problemText: message };
    }
    const problemText = describeFileError(error);
    return { ...unplayable, problem: "internal", problemText };
  }
}

/**
 * Checks that a song's file can be played.
 *
 * @param name The song's name.
 * @throws {OndacastError} `not-wav`, `unsupported`.
 */
export async function checkSong(
  path: string,
  name: string,
  pool: DecoderPool,
): Promise<void> {
  const { problem, problemText } = await lookIntoSong(path, pool, name);
  if (problem === undefined) return;
  throw new OndacastError(problem as ErrorCode, problemText ?? problem);
}

/** How a worker finds an open file. */
export function fileRef(
  path: string,
  { dev, ino, size }: Deno.FileInfo,
): FileRef {
  return { path, dev, ino, bytes: size };
}

async function contentOf(
  file: Deno.FsFile,
  info: Deno.FileInfo,
  { path, name }: { path: string; name: string },
  pool: DecoderPool,
): Promise<SongContent> {
  const bytes = withHead(fileBytes(file, info.size));
  const content = await inspectFile(bytes, name);
  if (content !== null) {
    const described = await readWavTags(bytes, content.format);
    return { ...content, ...descriptionOf(described) };
  }
  const job = { type: "probe", file: fileRef(path, info) } as const;
  const { tags: pairs, hasArt, ...decoding } = await pool.run(job, "probe")
    .result;
  const rendition = renditionOf(decoding);
  return {
    ...{ bytes: rendition.bytes, format: rendition.format, decoding },
    ...descriptionOf({ pairs, hasArt }),
  };
}

/** What a song says of itself, where it says anything. */
function descriptionOf(
  { pairs, hasArt }: { pairs: readonly RawTag[]; hasArt: boolean },
): Pick<SongContent, "tags" | "hasArt"> {
  const tags = readTags(pairs);
  return {
    ...(Object.keys(tags).length > 0 && { tags }),
    ...(hasArt && { hasArt }),
  };
}
