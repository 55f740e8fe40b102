/**
 * Which bytes of a song a stream has, by where it is to begin.
 *
 * @module
 */

import {
  bytesToSeconds,
  sampleFrameBytes,
  secondsToBytes,
  type SongFormat,
} from "../audio/format.ts";
import type { LiveFeed, OpenSong } from "../ports/server.ts";

/** Where a stream begins: at a time or a sample frame of the PCM, or at a byte of the file. */
export interface StreamFrom {
  seconds?: number;
  /** From 0 on the whole file is sent. */
  frame?: number;
  offset?: number;
  /** The most bytes from there. */
  bytes?: number;
  /** A live song: all that is kept of it, not only what comes from now on. */
  isWhole?: boolean;
}

/** Bytes of the WAV that a song is sent as, and where they begin in its PCM. */
export interface StreamRange {
  /** From the beginning of the WAV, head included. */
  readonly offset: number;
  /** Infinite for a live song, which has no end yet. */
  readonly bytes: number;
  readonly fromSeconds: number;
}

/**
 * The bytes of a stream. What begins behind the end of the song has none.
 *
 * @param format Of the song.
 *
 * @example From the middle of ten seconds
 * ```ts
 * import { streamRange } from "./stream_range.ts";
 * import assert from "node:assert/strict";
 *
 * const format = {
 *   ...{ encoding: "s16le", rate: 8_000, channels: 1, bits: 16 } as const,
 *   ...{ dataOffset: 44, dataBytes: 160_000 },
 * };
 * const entry = { name: "a.wav", bytes: 160_044, etag: "a", format };
 * assert.deepEqual(streamRange({ entry }, format, { seconds: 5 }), {
 *   offset: 80_044,
 *   bytes: 80_000,
 *   fromSeconds: 5,
 * });
 * ```
 */
export function streamRange(
  { entry, live }: Pick<OpenSong, "entry" | "live">,
  format: SongFormat,
  from: StreamFrom,
): StreamRange {
  return live
    ? liveRange(format, live, from)
    : fileRange(format, entry.bytes ?? Infinity, from);
}

/**
 * Where a live stream begins: near the edge, or where a group's line is. It has no
 * end yet.
 */
function liveRange(
  format: SongFormat,
  live: LiveFeed,
  { frame, isWhole = false }: StreamFrom,
): StreamRange {
  const { dataOffset } = format;
  const frameBytes = sampleFrameBytes(format);
  const oldest = Math.ceil((live.oldestOffset - dataOffset) / frameBytes);
  const first = isWhole ? Math.max(0, oldest) : frame;
  // A group's line names the very frame: another would sound at another time.
  const offset = first === undefined
    ? live.joinOffset
    : first && dataOffset + first * frameBytes;
  const pcm = Math.max(offset - dataOffset, 0);
  const fromSeconds = bytesToSeconds(format, pcm);
  return { offset, bytes: Infinity, fromSeconds };
}

function fileRange(
  format: SongFormat,
  fileBytes: number,
  from: StreamFrom,
): StreamRange {
  const { dataOffset } = format;
  const dataBytes = format.dataBytes ?? fileBytes - dataOffset;
  const pcmBytes = from.seconds !== undefined
    ? secondsToBytes(format, from.seconds)
    : from.frame && from.frame * sampleFrameBytes(format);
  if (pcmBytes !== undefined && (pcmBytes > 0 || from.seconds !== undefined)) {
    const skip = Math.min(pcmBytes, dataBytes);
    return {
      offset: dataOffset + skip,
      bytes: Math.min(dataBytes - skip, from.bytes ?? Infinity),
      fromSeconds: bytesToSeconds(format, skip),
    };
  }
  const offset = Math.min(from.offset ?? 0, fileBytes);
  const pcm = Math.min(Math.max(offset - dataOffset, 0), dataBytes);
  return {
    offset,
    bytes: Math.min(fileBytes - offset, from.bytes ?? Infinity),
    fromSeconds: bytesToSeconds(format, pcm),
  };
}
