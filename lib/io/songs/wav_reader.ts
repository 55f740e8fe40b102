/**
 * The common interface of songs that are decoded while they are read, and what
 * their readers share.
 *
 * @module
 */

import type { Rendition } from "../../audio/rendition.ts";

/** How urgent a read is. */
export interface Urgency {
  /**
   * When its listener hears the first byte, by the decoders' clock; past: at once;
   * `idle`: nobody waits for it.
   */
  readonly heardMs: number | "idle";
  /** The listener's address. */
  readonly address?: string;
  /** Absent: it waits until the end of the read. */
  readonly listener?: WavListener;
}

/** Whoever reads. */
export interface WavListener {
  /** Whether it no longer waits for its reads. */
  readonly isOver: boolean;
}

/** Reads a decoded song as the WAV that is sent. */
export interface WavReader {
  /** As `OpenSong.partEnd()`. */
  partEnd(offset: number): number;
  /**
   * Fills the buffer from an offset.
   *
   * @param urgency Whose read it is, and which others go first.
   * @throws {AbandonedError} If its listener no longer waits.
   */
  read(into: Uint8Array, offset: number, urgency: Urgency): Promise<void>;
  /** Makes reads of others as urgent, as far as they wait for a range's decoding. */
  hurry?(from: number, to: number, urgency: Urgency): void;
  close(): void;
}

/** @throws {RangeError} If a read ends beyond the WAV. */
export function checkRange(end: number, bytes: number): void {
  if (end <= bytes) return;
  throw new RangeError(
    `Cannot read to ${end}: expected at most ${bytes} bytes`,
  );
}

/**
 * Fills the start of the buffer with the header, as far as it lies in the range.
 *
 * @returns Bytes filled: the rest is PCM.
 * @throws {RangeError} If the range ends beyond the WAV.
 */
export function readHeader(
  { header, bytes }: Rendition,
  into: Uint8Array,
  offset: number,
): number {
  checkRange(offset + into.length, bytes);
  const head = header.subarray(offset, offset + into.length);
  into.set(head);
  return head.length;
}
