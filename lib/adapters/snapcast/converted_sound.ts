/**
 * What rooms read: songs as PCM of 48,000 Hz, 16 bits, stereo. Songs that are there
 * as a whole and live ones are converted in ways of their own, by the same filter.
 *
 * @module
 */

import type { OpenResampler, Resampler } from "../../audio/resampler.ts";
import type { JoinedSong } from "./joined_songs.ts";
import { LAYOUT } from "./wire.ts";

/** Sample frames of songs that settle the resampler's filter after a jump. */
export const SETTLING_FRAMES = 1024;
/** Sample frames of either side that are converted without a pause: 2 ms of work. */
const AT_ONCE_FRAMES = 4096;

/** Leaves samples as they are, to the bit. */
export const AS_IT_IS: Resampler = {
  ratio: 1,
  delayFrames: 0,
  process: (samples) => samples,
  reset() {},
};

/** Pauses for others. */
export type Pause = () => Promise<void>;

/** Sample frames count in {@linkcode LAYOUT}, from the first song's beginning. */
export interface ConvertedSound {
  /** Of its songs. */
  readonly rateHz: number;
  readonly songs: readonly JoinedSong[];
  /**
   * Has what is read next made, as far as it is there. A song that cannot be
   * converted is silent, and has its `failure` set.
   */
  want(frame: number): Promise<void>;
  /**
   * Copies interleaved samples, whose rest is left as it is where there is silence.
   *
   * @returns The sample frames, of which fewer may be there; null: none is, yet.
   */
  read(into: Int16Array, frame: number): number | null;
}

/** @throws {RangeError} For rates that cannot be converted. */
export async function openConversion(
  rateHz: number,
  open: OpenResampler,
): Promise<Resampler> {
  const { channels, rate: toHz } = LAYOUT;
  if (rateHz === toHz) return AS_IT_IS;
  return await open({ channels, fromHz: rateHz, toHz });
}

/** Sample frames of songs that are converted without a pause. */
export function atOnceFrames(rateHz: number): number {
  const grown = Math.max(1, LAYOUT.rate / rateHz);
  return Math.max(1, Math.floor(AT_ONCE_FRAMES / grown));
}

/** Sample frames of the output that are from before the first of the input. */
export function earlyFrames(
  { delayFrames }: Resampler,
  rateHz: number,
): number {
  return Math.round(delayFrames * LAYOUT.rate / rateHz);
}

/** As 16 bits, clipped. */
export function rounded(sample: number): number {
  const scaled = Math.round(sample * 32768);
  return scaled > 32767 ? 32767 : scaled < -32768 ? -32768 : scaled;
}
