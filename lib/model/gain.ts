/**
 * How much a song is made louder or quieter, so that songs are equally loud
 * (ReplayGain 2.0 specification, section "Player requirements").
 *
 * @module
 */

import type { SongGain } from "../ports/song_entry.ts";

/** Which gain a listener wants. */
export const GAIN_MODES = ["off", "track", "album"] as const;
/** A value of {@linkcode GAIN_MODES}. */
export type GainMode = typeof GAIN_MODES[number];

/** The largest factor: 24 dB. */
export const MAX_GAIN_FACTOR = 16;

/**
 * The factor of every sample. A song that only has the other gain gets that one;
 * without any, and with `off`, it is 1. The song's peak stays within full scale.
 *
 * @example
 * ```ts
 * import { gainFactor } from "./gain.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(gainFactor({ track: -20, album: 0 }, "track"), 0.1);
 * assert.equal(gainFactor({ track: 6, peak: 0.8 }, "album"), 1.25);
 * assert.equal(gainFactor({ track: 6 }, "off"), 1);
 * ```
 */
export function gainFactor(
  gain: SongGain | undefined,
  mode: GainMode,
): number {
  if (gain === undefined || mode === "off") return 1;
  const { track, album, peak } = gain;
  const decibel = mode === "album" ? album ?? track : track ?? album;
  if (decibel === undefined) return 1;
  const factor = Math.min(10 ** (decibel / 20), MAX_GAIN_FACTOR);
  return peak !== undefined && peak > 0
    ? Math.min(factor, Math.max(1 / peak, 1e-3))
    : factor;
}
