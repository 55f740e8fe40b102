/**
 * Examines a song's file: the WAV that it is sent as, or why it cannot be played.
 *
 * @module
 */

import {
  hasDecodedEnding,
  inspectFile,
  isForFfmpegOnly,
} from "../../audio/containers.ts";
import type { FileBytes } from "../../audio/container.ts";
import { withHead } from "../../audio/file_window.ts";
import { ForeignSongError } from "../../audio/foreign_song.ts";
import { RefusedSongError } from "../../audio/refused_song.ts";
import { renditionOf } from "../../audio/rendition.ts";
import { readWavTags } from "../../audio/wav_tags.ts";
import { OndacastError, reasonIn } from "../../errors.ts";
import { NEEDS_FFMPEG } from "../../model/row_reason.ts";
import { type RawTag, readTags } from "../../model/tags.ts";
import type {
  FfmpegMaking,
  FileRef,
  SongDecoding,
} from "../codecs/decoder_jobs.ts";
import { DecoderFailure } from "../codecs/decoder_pool.ts";
import type { Decoders } from "../codecs/decoders.ts";
import type { Ffmpeg } from "../codecs/ffmpeg.ts";
import { describeFileError } from "../disk/describe_file_error.ts";
import { fileBytes } from "../disk/file_bytes.ts";
import type { KnownSong } from "./known_song.ts";

/** The content of a song's file; `bytes` is the length of the WAV that is sent. */
export type SongContent =
  & Pick<
    KnownSong,
    "bytes" | "format" | "problem" | "problemText" | "tags" | "hasArt"
  >
  & { decoding?: SongDecoding };

/** A song's file and its content. */
export type SongFile = SongContent & { info: Deno.FileInfo };

/**
 * Examines a song's file. One that cannot be played or read is returned with its
 * problem and the length of the file.
 *
 * @param decoders Examine files other than WAVs that can be sent unchanged.
 * @param name Has the extension of the song's name.
 * @throws The system's error, if the file does not exist.
 */
export async function lookIntoSong(
  path: string,
  decoders: Decoders,
  name = path,
): Promise<SongFile> {
  let info: Deno.FileInfo | undefined;
  try {
    using file = await Deno.open(path);
    info = file.statSync();
    return { info, ...await contentOf(file, info, { path, name }, decoders) };
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

/** Identifies an open file to a worker. */
export function fileRef(
  path: string,
  { dev, ino, size, mtime }: Deno.FileInfo,
): FileRef {
  return { path, dev, ino, bytes: size, mtimeMs: mtime?.getTime() ?? 0 };
}

async function contentOf(
  file: Deno.FsFile,
  info: Deno.FileInfo,
  { path, name }: { path: string; name: string },
  decoders: Decoders,
): Promise<SongContent> {
  const bytes = withHead(fileBytes(file, info.size));
  const decoded = () => decodedContent(fileRef(path, info), decoders);
  try {
    // The name saves a read of most files; the decoder notices a WAV.
    if (!hasDecodedEnding(name)) {
      return await wavContent(bytes, name) ?? await decoded();
    }
    return await decoded().catch(async (error) => {
      if (!(error instanceof OndacastError)) throw error;
      const content = await wavContent(bytes, name);
      if (content === null) throw error;
      return content;
    });
  } catch (error) {
    if (!(error instanceof OndacastError)) throw error;
    if (error instanceof RefusedSongError) throw error;
    const { code, message } = error;
    const isFfmpegs = code === "unsupported" ||
      code === "not-wav" && await isForFfmpegOnly(bytes);
    if (!isFfmpegs) throw error;
    const ffmpeg = await decoders.ffmpeg();
    if (ffmpeg !== null) {
      const known = error instanceof ForeignSongError
        ? error.sampleFrames
        : undefined;
      return await byFfmpeg(path, ffmpeg, known).catch((failure) => {
        if (code !== "unsupported") throw failure;
        const both = `${message}, and ${reasonIn(failure.message)}`;
        throw new OndacastError(code, both, { cause: failure });
      });
    }
    const cause = error;
    const lacking = `${message}, which ${NEEDS_FFMPEG}`;
    throw new OndacastError("unsupported", lacking, { cause });
  }
}

/** A WAV that is sent as it is; null: the file has another format. */
async function wavContent(
  bytes: FileBytes,
  name: string,
): Promise<SongContent | null> {
  const content = await inspectFile(bytes, name);
  if (content === null) return null;
  const described = await readWavTags(bytes, content.format);
  return { ...content, ...descriptionOf(described) };
}

async function decodedContent(
  file: FileRef,
  { pool, ffmpeg }: Decoders,
): Promise<SongContent> {
  const job = { type: "probe", file, effort: "ends" } as const;
  const { tags: pairs, hasArt, ...own } = await pool.run(job, "probe").result;
  // Only ffmpeg can join audio of another layout.
  const { joinedFrames, ...decoding } = own;
  const joining = joinedFrames === undefined ? null : await ffmpeg();
  const content = joining
    ? await byFfmpeg(file.path, joining, joinedFrames)
    : contentBy(decoding);
  return { ...content, ...descriptionOf({ pairs, hasArt }) };
}

/** The length and format of a song that is decoded. */
export function contentBy(
  decoding: SongDecoding,
): SongContent & { decoding: SongDecoding } {
  const { bytes, format } = renditionOf(decoding);
  return { bytes, format, decoding };
}

/** @param sampleFrames If ffmpeg's report is known to have another length. */
async function byFfmpeg(
  path: string,
  ffmpeg: Ffmpeg,
  sampleFrames?: number,
): Promise<SongContent> {
  const { song, tags, hasArt } = await ffmpeg.probe(path);
  const decoding = {
    ...song,
    ...(sampleFrames !== undefined && { sampleFrames }),
    ...{ isEstimated: false, firstFrame: 0 },
    ffmpeg: newMaking(ffmpeg),
  };
  return {
    ...contentBy(decoding),
    ...descriptionOf({ pairs: tags, hasArt }),
  };
}

/** Names another decoding by ffmpeg. */
export function newMaking({ version }: { version: string }): FfmpegMaking {
  return { version, id: crypto.randomUUID().slice(0, 13) };
}

/** The tags of a song, and whether it has a picture; only what is present. */
function descriptionOf(
  { pairs, hasArt }: { pairs: readonly RawTag[]; hasArt: boolean },
): Pick<SongContent, "tags" | "hasArt"> {
  const tags = readTags(pairs);
  return {
    ...(Object.keys(tags).length > 0 && { tags }),
    ...(hasArt && { hasArt }),
  };
}
