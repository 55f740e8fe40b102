/**
 * Finds every frame of a stream without an index: MPEG audio and ADTS. Frames
 * normally follow each other without a gap; bytes between them are a tag, junk or
 * damage. A header is accepted only if further headers of its stream follow.
 *
 * @module
 */

import { FileCursor, type ReadableFile } from "./readable_file.ts";
import { type SongBounds, tagBytes } from "./song_bounds.ts";

export interface ScannedFrame {
  /** Length, header included. */
  readonly bytes: number;
}

/** The frames of one format. */
export interface FrameSyntax<Frame extends ScannedFrame> {
  /** The frame with a header at an offset; null: there is none. */
  read(cursor: FileCursor, at: number): Frame | null;
  /** Whether a frame can belong to the stream that begins with `first`. */
  isSame(first: Frame, frame: Frame): boolean;
  /** Whether a frame contains data other than audio, and plays as silence. */
  isSilent(cursor: FileCursor, at: number, frame: Frame): boolean;
}

/** Frames without a gap between them. */
export interface FrameRun {
  /** The number of its first frame, lost ones included. */
  readonly firstFrame: number;
  readonly frames: number;
  /** Its first byte, and the one after its last. */
  readonly from: number;
  readonly to: number;
  /** Offsets of every {@linkcode ANCHOR_FRAMES}-th of its frames. */
  readonly anchors: readonly number[];
}

export interface FrameScan<Frame extends ScannedFrame> {
  readonly first: Frame;
  readonly runs: readonly FrameRun[];
  /** Total number of frames, lost ones included. */
  readonly frames: number;
}

/** Frames between two anchors: a seek reads at most that many headers. */
export const ANCHOR_FRAMES = 256;
/** Most junk before the first frame. */
const MAX_JUNK_BYTES = 64 * 1024;
/** Successive frames required to accept a header. */
const PROOF_FRAMES = 3;
/** Most runs of a file; later ones are ignored. */
const MAX_RUNS = 4_096;
/** A longer gap is foreign data, not lost frames. */
const MAX_DAMAGE_BYTES = 64 * 1024;

/**
 * Finds the first frame.
 *
 * @param mostBytes Bytes to search.
 * @returns Its offset; null: there is none.
 */
export function findFrames<Frame extends ScannedFrame>(
  cursor: FileCursor,
  from: number,
  mostBytes: number,
  syntax: FrameSyntax<Frame>,
  first?: Frame,
): number | null {
  const to = Math.min(cursor.end, from + mostBytes);
  for (let at = from; at < to; at++) {
    if (isProven(cursor, at, syntax, first)) return at;
  }
  return null;
}

/** The beginning of a stream. */
export interface FirstFrame<Frame extends ScannedFrame> {
  readonly at: number;
  readonly frame: Frame;
  /** For reading what follows. */
  readonly cursor: FileCursor;
}

/** Finds the first frame of a song, behind at most 64 KiB of junk; null: there is none. */
export function firstFrameOf<Frame extends ScannedFrame>(
  file: ReadableFile,
  { from, to }: SongBounds,
  syntax: FrameSyntax<Frame>,
): FirstFrame<Frame> | null {
  const cursor = new FileCursor(file, to, 64 * 1024);
  const at = findFrames(cursor, from, MAX_JUNK_BYTES, syntax);
  const frame = at === null ? null : syntax.read(cursor, at);
  return at === null || frame === null ? null : { at, frame, cursor };
}

/** Scans from a frame to the end of the song. */
export function scanFrames<Frame extends ScannedFrame>(
  file: ReadableFile,
  bounds: SongBounds,
  syntax: FrameSyntax<Frame>,
): FrameScan<Frame> | null {
  const cursor = new FileCursor(file, bounds.to);
  const first = syntax.read(cursor, bounds.from);
  if (first === null) return null;
  const found: FrameRun[] = [];
  const gaps: Gap[] = [];
  let at: number | null = bounds.from;
  while (at !== null && found.length < MAX_RUNS) {
    const run: FrameRun = scanRun(cursor, at, syntax, first);
    found.push(run);
    const gap: Gap = gapBehind(cursor, run.to, syntax, first);
    gaps.push(gap);
    at = gap.next;
  }
  return { first, ...numbered(found, gaps) };
}

function scanRun<Frame extends ScannedFrame>(
  cursor: FileCursor,
  from: number,
  syntax: FrameSyntax<Frame>,
  first: Frame,
): FrameRun {
  const anchors: number[] = [];
  let frames = 0;
  let at = from;
  for (;;) {
    const frame = syntax.read(cursor, at);
    if (frame === null || !syntax.isSame(first, frame)) break;
    if (at + frame.bytes > cursor.end) break;
    if (syntax.isSilent(cursor, at, frame)) break;
    if (frames++ % ANCHOR_FRAMES === 0) anchors.push(at);
    at += frame.bytes;
  }
  return { firstFrame: 0, frames, from, to: at, anchors };
}

/** The bytes after a run. */
interface Gap {
  /** Offset of the next frame; null: there is none. */
  readonly next: number | null;
  /** Bytes of damaged audio. */
  readonly damage: number;
  /** Frames that are silent. */
  readonly silent: number;
}

function gapBehind<Frame extends ScannedFrame>(
  cursor: FileCursor,
  from: number,
  syntax: FrameSyntax<Frame>,
  first: Frame,
): Gap {
  let at = from;
  for (let tags = 0; tags < MAX_RUNS; tags++) {
    const bytes = tagBytes(cursor.view(at, 16) ?? new Uint8Array());
    if (bytes === 0) break;
    at += bytes;
  }
  const next = findFrames(cursor, at, Infinity, syntax, first);
  const damage = next === null || next - at > MAX_DAMAGE_BYTES ? 0 : next - at;
  const frame = next === null ? null : syntax.read(cursor, next);
  return next !== null && frame && syntax.isSilent(cursor, next, frame)
    ? { next: next + frame.bytes, damage, silent: 1 }
    : { next, damage, silent: 0 };
}

/** Numbers the frames of all runs; damage counts as frames of average length. */
function numbered(runs: readonly FrameRun[], gaps: readonly Gap[]) {
  const frames = runs.reduce((sum, run) => sum + run.frames, 0);
  const bytes = runs.reduce((sum, run) => sum + run.to - run.from, 0);
  let next = 0;
  const placed: FrameRun[] = [];
  for (const [i, run] of runs.entries()) {
    if (run.frames > 0) placed.push({ ...run, firstFrame: next });
    const lost = bytes === 0 ? 0 : gaps[i].damage * frames / bytes;
    next += run.frames + Math.round(lost) + gaps[i].silent;
  }
  return { runs: placed, frames: next };
}

/** Whether enough frames of one stream follow each other, or reach the end. */
function isProven<Frame extends ScannedFrame>(
  cursor: FileCursor,
  from: number,
  syntax: FrameSyntax<Frame>,
  first?: Frame,
): boolean {
  let at = from;
  for (let frames = 0; frames < PROOF_FRAMES; frames++) {
    if (frames > 0 && at === cursor.end) return true;
    const frame = syntax.read(cursor, at);
    if (frame === null || !syntax.isSame(first ?? frame, frame)) return false;
    first ??= frame;
    at += frame.bytes;
  }
  return true;
}
