/**
 * Assigns channels of PCM to speakers: by the channel mask of a file, or by
 * convention if it has none.
 *
 * @module
 */

/**
 * Speakers in the order of their bits in a channel mask, which is also the order
 * of their channels (Microsoft, mmreg.h, `WAVEFORMATEXTENSIBLE`): front left,
 * front right, front centre, low frequencies, back, front left and right of
 * centre, back centre, side, and top (`T`).
 */
// deno-fmt-ignore
export const SPEAKERS = [
  "FL", "FR", "FC", "LFE", "BL", "BR", "FLC", "FRC", "BC", "SL", "SR",
  "TC", "TFL", "TFC", "TFR", "TBL", "TBC", "TBR",
] as const;
export type Speaker = typeof SPEAKERS[number];

/** The part of a format that says which channels there are. */
export interface ChannelLayout {
  readonly channels: number;
  readonly channelMask?: number;
}

const MONO_MASK = 0x004;
const STEREO_MASK = 0x003;

/** Default masks by number of channels, as in FFmpeg. */
// deno-fmt-ignore
const USUAL_MASKS: Readonly<Record<number, number>> = {
  1: MONO_MASK, 2: STEREO_MASK, 3: 0x00B, 4: 0x107, 5: 0x037, 6: 0x03F, 7: 0x70F, 8: 0x63F,
};

/**
 * The effective channel mask of a format: its own if it has one speaker per
 * channel, else the default; 0 if there is no default.
 *
 * @example
 * ```ts
 * import { channelMask } from "./speakers.ts";
 * import assert from "node:assert/strict";
 *
 * const plain = { encoding: "s16le", rate: 48000, channels: 6, bits: 16 } as const;
 * assert.equal(channelMask(plain), 0x3F);
 * assert.equal(channelMask({ ...plain, channelMask: 0x60F }), 0x60F);
 * assert.equal(channelMask({ ...plain, channelMask: 0x3 }), 0x3F);
 * ```
 */
export function channelMask(
  format: ChannelLayout,
): number {
  const { channels, channelMask: own = 0 } = format;
  const usual = USUAL_MASKS[channels] ?? 0;
  return speakersOf(own).length === channels && own < 2 ** SPEAKERS.length
    ? own
    : usual;
}

/** The speaker of each channel; null if unknown. */
export function channelSpeakers(
  format: ChannelLayout,
): (Speaker | null)[] {
  const known = speakersOf(channelMask(format));
  return Array.from({ length: format.channels }, (_, i) => known[i] ?? null);
}

/** Whether a mask is the default for mono or stereo. */
export function isUsual(mask: number): boolean {
  return mask === MONO_MASK || mask === STEREO_MASK;
}

function speakersOf(mask: number): Speaker[] {
  return SPEAKERS.filter((_, bit) => Math.floor(mask / 2 ** bit) % 2 === 1);
}
