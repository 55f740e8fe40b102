/**
 * Examines a song's file: the WAV that it is sent as, or why it cannot be played.
 *
 * @module
 */

import { endingOf, inspectFile } from "../../audio/containers.ts";
import { withHead } from "../../audio/file_window.ts";
import { renditionOf, segmentFrames } from "../../audio/rendition.ts";
import { readWavTags } from "../../audio/wav_tags.ts";
import { type ErrorCode, OndacastError } from "../../errors.ts";
import { type RawTag, readTags } from "../../model/tags.ts";
import type { SongEntry } from "../../ports/song_entry.ts";
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
      const problemText = code === "unsupported"
        ? `${message}. It needs ffmpeg on the server`
        : message;
      return { ...unplayable, problem: code, problemText };
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
 * Checks that a song's file can be played: that it can be examined, and that
 * something at its begin and at its end can be decoded.
 *
 * @param name The song's name.
 * @returns The ending that a name of this content has.
 * @throws {OndacastError} `not-wav`, `unsupported`.
 */
export async function checkSong(
  path: string,
  name: string,
  pool: DecoderPool,
): Promise<string> {
  const song = await lookIntoSong(path, pool, name);
  const { problem, problemText, decoding, format } = song;
  if (problem !== undefined || format === null) {
    throw new OndacastError(problem as ErrorCode, problemText ?? "");
  }
  if (decoding !== undefined) {
    const { sampleFrames } = decoding;
    const some = Math.min(segmentFrames(format), sampleFrames);
    const file = fileRef(path, song.info);
    for (const from of [0, sampleFrames - some]) {
      const job = { type: "decode", file, decoding } as const;
      const range = { ...job, from, to: from + some };
      const { damagedFrames } = await pool.run(range, "idle").result;
      if (damagedFrames < some || some === 0) continue;
      throw new OndacastError(
        "not-wav",
        `Cannot decode the song: nothing of it at ${
          from === 0 ? "its begin" : "its end"
        }`,
      );
    }
  }
  using file = await Deno.open(path);
  return await endingOf(fileBytes(file), decoding?.codec);
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
