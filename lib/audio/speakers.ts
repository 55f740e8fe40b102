/**
 * Which speaker each channel of PCM is meant for: what a channel mask says, and
 * what is taken for granted where a file has none.
 *
 * @module
 */

import type { PcmFormat } from "./format.ts";

/**
 * The speakers in the order of their bits in a channel mask, which is the order
 * of their channels, too (Microsoft, mmreg.h, `WAVEFORMATEXTENSIBLE`): front
 * left, right and centre, low frequencies, back, front of centre, back centre,
 * side, and those above (`T`).
 */
// deno-fmt-ignore
export const SPEAKERS = [
  "FL", "FR", "FC", "LFE", "BL", "BR", "FLC", "FRC", "BC", "SL", "SR",
  "TC", "TFL", "TFC", "TFR", "TBL", "TBC", "TBR",
] as const;
export type Speaker = typeof SPEAKERS[number];

const MONO_MASK = 0x004;
const STEREO_MASK = 0x003;

/** Masks by count of channels: what FFmpeg takes a file without one for. */
// deno-fmt-ignore
const USUAL_MASKS: Readonly<Record<number, number>> = {
  1: MONO_MASK, 2: STEREO_MASK, 3: 0x00B, 4: 0x107, 5: 0x037, 6: 0x03F, 7: 0x70F, 8: 0x63F,
};

/**
 * The mask that a format's channels are heard by: its own, if that names as
 * many speakers as there are channels, else the usual one; 0: there is none.
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
  format: Pick<PcmFormat, "channels" | "channelMask">,
): number {
  const { channels, channelMask: own = 0 } = format;
  const usual = USUAL_MASKS[channels] ?? 0;
  return speakersOf(own).length === channels && own < 2 ** SPEAKERS.length
    ? own
    : usual;
}

/** The speaker of each channel; null: not known. */
export function channelSpeakers(
  format: Pick<PcmFormat, "channels" | "channelMask">,
): (Speaker | null)[] {
  const known = speakersOf(channelMask(format));
  return Array.from({ length: format.channels }, (_, i) => known[i] ?? null);
}

/** Whether a mask is what one or two channels are taken for without one. */
export function isUsual(mask: number): boolean {
  return mask === MONO_MASK || mask === STEREO_MASK;
}

function speakersOf(mask: number): Speaker[] {
  return SPEAKERS.filter((_, bit) => Math.floor(mask / 2 ** bit) % 2 === 1);
}
