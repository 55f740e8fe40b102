/**
 * Arguments that make ffplay play each channel on its speaker. ffplay mixes by
 * the song's channel mask, but passes the channels to SDL in the song's order,
 * where SDL expects its own.
 *
 * @module
 */

import type { PcmFormat } from "./format.ts";
import { mixMatrix, STEREO, SURROUND_5_1, SURROUND_7_1 } from "./mix.ts";
import { channelMask, channelSpeakers, type Speaker } from "./speakers.ts";

/**
 * Masks whose channels are in SDL's order for their number (SDL 2, SDL_audio.h):
 * mono, stereo, 2.1, quad, 5.1, 6.1 and 7.1, with back or side speakers.
 */
const SDL_MASKS: ReadonlySet<number> = new Set(
  [0x4, 0x3, 0xB, 0x33, 0x603, 0x3F, 0x60F, 0x70F, 0x63F],
);

/** Half the level on each side in stereo, because FFmpeg subtracts 3 dB. */
const LFE_ARGS = ["-lfe_mix_level", Math.SQRT1_2.toFixed(4)];

/**
 * The arguments for a format: a filter if its channels must be reordered, and the
 * level of low frequencies, which FFmpeg omits from stereo by default.
 *
 * @example Four channels, of which the third is a centre
 * ```ts
 * import { surroundArgs } from "./ffplay_surround.ts";
 * import assert from "node:assert/strict";
 *
 * const plain = { encoding: "s16le", rate: 48000, channels: 4, bits: 16 } as const;
 * assert.deepEqual(surroundArgs({ ...plain, channelMask: 0x33 }), []);
 * assert.deepEqual(surroundArgs({ ...plain, channelMask: 0x107 }), [
 *   "-af",
 *   "pan=5.1|FL=1*c0|FR=1*c1|FC=1*c2|BL=0.7071*c3|BR=0.7071*c3",
 * ]);
 * ```
 */
export function surroundArgs(format: PcmFormat): string[] {
  const channels = channelSpeakers(format);
  const lfe = channels.includes("LFE") ? LFE_ARGS : [];
  if (SDL_MASKS.has(channelMask(format))) return lfe;
  const [layout, speakers] = placeFor(channels);
  const rows = mixMatrix(channels, speakers).map((row, i) => {
    const terms = row.flatMap((level, channel) =>
      level === 0 ? [] : [`${Number(level.toFixed(4))}*c${channel}`]
    );
    return terms.length === 0 ? [] : [`${speakers[i]}=${terms.join("+")}`];
  });
  return [...lfe, "-af", `pan=${[layout, ...rows.flat()].join("|")}`];
}

/** The smallest SDL layout with all speakers, by FFmpeg's name. */
function placeFor(
  channels: readonly (Speaker | null)[],
): [layout: string, speakers: readonly Speaker[]] {
  const has = (...speakers: Speaker[]) =>
    speakers.some((it) => channels.includes(it));
  if (channels.length <= 2 || !has("FL", "FR")) return ["stereo", STEREO];
  const isWide = has("BL", "BR", "BC") && has("SL", "SR");
  return isWide ? ["7.1", SURROUND_7_1] : ["5.1", SURROUND_5_1];
}
