/**
 * The length of MP3 and MP2 files: from the tag in the first frame if the rest of
 * the file agrees with it, else from the headers of all frames.
 *
 * @module
 */

import {
  findFrames,
  firstFrameOf,
  type FrameRun,
  type FrameScan,
  type FrameSyntax,
  scanFrames,
} from "./frame_scan.ts";
import {
  isSameStream,
  MPEG_TAG_BYTES,
  type MpegFrame,
  mpegFrame,
  type MpegTag,
  mpegTag,
} from "./mpeg_frame.ts";
import type { FileCursor, ReadableFile } from "./readable_file.ts";
import type { SongBounds } from "./song_bounds.ts";

export interface MpegLength {
  readonly first: MpegFrame;
  /** Audible sample frames. */
  readonly sampleFrames: number;
  /** The first audible sample frame, counted from the first decoded one. */
  readonly firstFrame: number;
  readonly isEstimated: boolean;
  /** The places of the frames; empty: not scanned. */
  readonly runs: readonly FrameRun[];
}

/** Bytes after those that the tag covers that are searched for more frames. */
const MAX_TAIL_BYTES = 64 * 1024;

export const MPEG_SYNTAX: FrameSyntax<MpegFrame> = {
  read(cursor, at) {
    const header = cursor.u32(at);
    return header === null ? null : mpegFrame(header);
  },
  isSame: isSameStream,
  isSilent: (cursor, at, frame) => tagAt(cursor, at, frame) !== null,
};

/**
 * Measures an MP3 or MP2.
 *
 * @param effort `ends`: reads the beginning and the end only, and estimates the
 * length if that is not enough. `whole`: reads the headers of all frames.
 * @returns null: it has no frames.
 */
export function mpegLength(
  file: ReadableFile,
  bounds: SongBounds,
  effort: "ends" | "whole",
): MpegLength | null {
  const found = firstFrameOf(file, bounds, MPEG_SYNTAX);
  if (found === null) return null;
  const { at: start, frame: first, cursor } = found;
  const tag = tagAt(cursor, start, first);
  const from = tag ? start + first.bytes : start;
  const scan = effort === "whole"
    ? scanFrames(file, { from, to: bounds.to }, MPEG_SYNTAX)
    : null;
  const counted = tag && isCutShort(start, tag, scan)
    ? null
    : tag && declaredFrames(cursor, start, first, tag);
  const frames = counted ?? scan?.frames ?? averageFrames(cursor, from, first);
  const delay = tag?.delay ?? 0;
  const padding = counted === null ? 0 : tag?.padding ?? 0;
  return {
    first,
    sampleFrames: Math.max(0, frames * first.samples - delay - padding),
    firstFrame: delay,
    isEstimated: counted === null && scan === null,
    runs: scan?.runs ?? [],
  };
}

function tagAt(
  cursor: FileCursor,
  at: number,
  frame: MpegFrame,
): MpegTag | null {
  const bytes = cursor.view(at, Math.min(frame.bytes, MPEG_TAG_BYTES));
  return bytes && mpegTag(frame, bytes);
}

/** Whether the frames end before the tag's end, and differ in number from the tag. */
function isCutShort(
  start: number,
  tag: MpegTag,
  scan: FrameScan<MpegFrame> | null,
): boolean {
  const last = scan?.runs.at(-1);
  if (!scan || !last || tag.bytes === null) return false;
  return last.to < start + tag.bytes && scan.frames !== tag.frames;
}

/** The tag's number of frames; null if the file is truncated or continues after them. */
function declaredFrames(
  cursor: FileCursor,
  start: number,
  first: MpegFrame,
  tag: MpegTag,
): number | null {
  if (tag.frames === null || tag.frames === 0) return null;
  if (tag.bytes === null) return null;
  // Some encoders leave the tag's own frame out of the bytes.
  const end = start + tag.bytes;
  if (end > cursor.end + first.bytes) return null;
  const more = findFrames(
    cursor,
    end,
    MAX_TAIL_BYTES,
    MPEG_SYNTAX,
    first,
  );
  return more !== null && more < cursor.end - first.bytes ? null : tag.frames;
}

/** Estimates the frames of the whole file by the average length of the first ones. */
function averageFrames(
  cursor: FileCursor,
  from: number,
  first: MpegFrame,
): number {
  let frames = 0;
  let at = from;
  while (at - from < KNOWN_BYTES) {
    const frame = MPEG_SYNTAX.read(cursor, at);
    if (frame === null || !isSameStream(first, frame)) break;
    frames++;
    at += frame.bytes;
  }
  return frames === 0
    ? 0
    : Math.round(frames * (cursor.end - from) / (at - from));
}

/** Bytes from which the average is taken, within the first read. */
const KNOWN_BYTES = 24 * 1024;
