/**
 * The length of AAC in ADTS (ISO/IEC 14496-3, section 1.A.3.2). ADTS does not
 * store it, so the headers of all frames are read.
 *
 * @module
 */

import {
  firstFrameOf,
  type FrameRun,
  type FrameSyntax,
  scanFrames,
} from "./frame_scan.ts";
import { AAC_RATES, endsWithSbr } from "./mpeg4_audio.ts";
import type { FileCursor, ReadableFile } from "./readable_file.ts";
import type { SongBounds } from "./song_bounds.ts";

/** A frame, as described by its header. */
export interface AdtsFrame {
  /** Length, header included. */
  readonly bytes: number;
  readonly headerBytes: 7 | 9;
  /** 2: AAC-LC. */
  readonly objectType: number;
  readonly rate: number;
  readonly channelConfig: number;
  /** Raw data blocks in it, of 1,024 sample frames each. */
  readonly blocks: number;
}

export interface AdtsLength {
  readonly first: AdtsFrame;
  readonly sampleFrames: number;
  readonly isEstimated: boolean;
  /** Whether its first frames use spectral band replication. */
  readonly isHighEfficiency: boolean;
  /** The places of the frames; empty: not scanned. */
  readonly runs: readonly FrameRun[];
}

/** Sample frames of an AAC block. */
export const AAC_BLOCK = 1_024;
/** Frames examined for band replication; the number and share that HE-AAC needs. */
const SAMPLED_FRAMES = 32;
const LEAST_SBR_FRAMES = 3;
const LEAST_SBR_SHARE = 0.25;

export const ADTS_SYNTAX: FrameSyntax<AdtsFrame> = {
  read(cursor, at) {
    const header = cursor.u32(at);
    if (header === null || (header & 0xfff6_0000) >>> 16 !== 0xfff0) {
      return null;
    }
    const view = cursor.view(at, 7);
    return view && readFrame(view);
  },
  isSame: (first, frame) =>
    first.objectType === frame.objectType && first.rate === frame.rate &&
    first.channelConfig === frame.channelConfig &&
    first.blocks === frame.blocks,
  isSilent: () => false,
};

function readFrame(b: Uint8Array): AdtsFrame | null {
  const headerBytes = (b[1] & 1) === 0 ? 9 : 7;
  const rate = AAC_RATES[b[2] >> 2 & 15];
  const bytes = (b[3] & 3) << 11 | b[4] << 3 | b[5] >> 5;
  if (rate === undefined || bytes <= headerBytes) return null;
  return {
    bytes,
    headerBytes,
    objectType: (b[2] >> 6) + 1,
    rate,
    channelConfig: (b[2] & 1) << 2 | b[3] >> 6,
    blocks: (b[6] & 3) + 1,
  };
}

/**
 * Measures an ADTS file.
 *
 * @param effort `ends`: estimates from the first frames. `whole`: reads the
 * headers of all.
 * @returns null: it has no frames.
 */
export function adtsLength(
  file: ReadableFile,
  bounds: SongBounds,
  effort: "ends" | "whole",
): AdtsLength | null {
  const found = firstFrameOf(file, bounds, ADTS_SYNTAX);
  if (found === null) return null;
  const { at: from, frame: first, cursor } = found;
  const scan = effort === "whole"
    ? scanFrames(file, { from, to: bounds.to }, ADTS_SYNTAX)
    : null;
  const sample = sampleOf(cursor, from, first);
  const frames = scan?.frames ??
    Math.round((cursor.end - from) / sample.averageBytes);
  return {
    first,
    sampleFrames: frames * first.blocks * AAC_BLOCK,
    isEstimated: scan === null,
    isHighEfficiency: sample.isHighEfficiency,
    runs: scan?.runs ?? [],
  };
}

function sampleOf(cursor: FileCursor, from: number, first: AdtsFrame) {
  let at = from;
  let frames = 0;
  let withSbr = 0;
  while (frames < SAMPLED_FRAMES) {
    const frame = ADTS_SYNTAX.read(cursor, at);
    if (frame === null || !ADTS_SYNTAX.isSame(first, frame)) break;
    const bytes = cursor.view(at, frame.bytes);
    if (bytes === null) break;
    if (endsWithSbr(bytes.subarray(frame.headerBytes))) withSbr++;
    at += frame.bytes;
    frames++;
  }
  return {
    averageBytes: frames > 0 ? (at - from) / frames : first.bytes,
    isHighEfficiency: withSbr >= LEAST_SBR_FRAMES &&
      withSbr >= LEAST_SBR_SHARE * frames,
  };
}
