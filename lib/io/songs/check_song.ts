/**
 * Checks that an uploaded file can be played before it is stored as a song.
 *
 * @module
 */

import { endingOf } from "../../audio/containers.ts";
import { sampleFrameBytes, type SongFormat } from "../../audio/format.ts";
import { type ErrorCode, OndacastError } from "../../errors.ts";
import type { FileRef, SongDecoding } from "../codecs/decoder_jobs.ts";
import { DecoderFailure } from "../codecs/decoder_pool.ts";
import type { Decoders } from "../codecs/decoders.ts";
import { fileBytes } from "../disk/file_bytes.ts";
import { fileRef, lookIntoSong } from "./song_file.ts";

/** The part of each end that is decoded, in at most this time. */
const END = { seconds: 10, mostBytes: 16 << 20, limitMs: 1000 } as const;
/** Most of it that may be damaged, as at the cut of an incomplete download. */
const MOST_DAMAGED = 0.5;

/**
 * Checks that a song's file can be played: that its head and tags can be read, its
 * length can be counted, and its first and last ten seconds can be decoded. All
 * other decoding goes first.
 *
 * @param name The song's name.
 * @returns The extension of names for this content.
 * @throws {OndacastError} `not-wav`, `unsupported`.
 */
export async function checkSong(
  path: string,
  name: string,
  decoders: Decoders,
): Promise<string> {
  const song = await lookIntoSong(path, decoders, name);
  const { problem, problemText, decoding, format } = song;
  if (problem !== undefined || format === null) {
    throw new OndacastError(problem as ErrorCode, problemText ?? "");
  }
  if (decoding !== undefined && !decoding.ffmpeg) {
    const file = fileRef(path, song.info);
    await checkEnds(file, decoding, format, decoders).catch((error) => {
      if (!(error instanceof DecoderFailure)) throw error;
      throw new OndacastError("unsupported", error.message);
    });
  }
  using file = await Deno.open(path);
  return await endingOf(fileBytes(file), decoding?.codec);
}

async function checkEnds(
  file: FileRef,
  announced: SongDecoding,
  format: SongFormat,
  { pool }: Decoders,
): Promise<void> {
  const decoding = announced.isEstimated
    ? {
      ...announced,
      ...await pool.run({ type: "probe", file, effort: "whole" }, "idle")
        .result,
    }
    : announced;
  const { sampleFrames } = decoding;
  const most = Math.floor(END.mostBytes / sampleFrameBytes(format));
  const length = Math.min(END.seconds * format.rate, most, sampleFrames);
  const ends = [
    { from: 0, where: "start" },
    { from: sampleFrames - length, where: "end" },
  ];
  for (const { from, where } of ends) {
    const { damagedFrames } = await pool.run({
      ...{ type: "decode", file, decoding, from, to: from + length },
      limitMs: END.limitMs,
    }, "idle").result;
    if (damagedFrames <= length * MOST_DAMAGED) continue;
    throw new OndacastError(
      "not-wav",
      `Cannot decode the song: its ${where} cannot be decoded`,
    );
  }
}
