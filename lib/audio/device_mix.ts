/**
 * Converts PCM to floats per channel, mixed for the speakers of an audio device.
 * Browsers drop channels for which they have no mixing rule, and do not support
 * channel masks (Web Audio API, section 4.4, "Channel Up-mixing and
 * Down-mixing").
 *
 * @module
 */

import type { PcmFormat } from "./format.ts";
import {
  isUntouched,
  mixMatrix,
  mixPlanes,
  STEREO,
  SURROUND_5_1,
} from "./mix.ts";
import { toFloats } from "./pcm.ts";
import { channelMask, channelSpeakers, isUsual } from "./speakers.ts";

/** Converts PCM for one audio device. */
export interface DeviceMix {
  /** Channels for the device: 1, 2, or 6 in the order of 5.1. */
  readonly channels: number;
  /** The samples of each channel. @param pcm Whole sample frames. */
  planes(pcm: Uint8Array): Float32Array<ArrayBuffer>[];
}

/**
 * Chooses the mix for a device. Mono and stereo are left unchanged.
 *
 * @param deviceChannels Most channels that the device supports.
 *
 * @example A centre on two speakers
 * ```ts
 * import { deviceMix } from "./device_mix.ts";
 * import assert from "node:assert/strict";
 *
 * const layout = { encoding: "u8", rate: 8000, channels: 3, bits: 8 } as const;
 * const mix = deviceMix({ ...layout, channelMask: 0x7 }, 2);
 * const [left, right] = mix.planes(Uint8Array.of(0x80, 0x80, 0xC0));
 * assert.equal(mix.channels, 2);
 * assert.deepEqual([left[0], right[0]].map((it) => it.toFixed(2)), ["0.21", "0.21"]);
 * ```
 */
export function deviceMix(
  format: PcmFormat,
  deviceChannels: number,
): DeviceMix {
  const planes = (pcm: Uint8Array) => toFloats(format, pcm);
  if (isUsual(channelMask(format))) {
    return { channels: format.channels, planes };
  }
  const isWide = format.channels > 2 && deviceChannels >= SURROUND_5_1.length;
  const speakers = isWide ? SURROUND_5_1 : STEREO;
  const matrix = mixMatrix(channelSpeakers(format), speakers);
  if (isUntouched(matrix)) return { channels: speakers.length, planes };
  return {
    channels: speakers.length,
    planes: (pcm) => mixPlanes(planes(pcm), matrix),
  };
}
