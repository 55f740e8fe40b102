/**
 * The table of players that PCM can be piped into: the program, its arguments for
 * a format, and how to install it.
 *
 * @module
 */

import {
  bytesPerSecond,
  containerOf,
  type Encoding,
  type PcmFormat,
  wholeSampleFrames,
} from "./format.ts";
import { type MixMatrix, mixMatrix, STEREO } from "./mix.ts";
import { surroundArgs } from "./ffplay_surround.ts";
import { channelMask, channelSpeakers, isUsual } from "./speakers.ts";
import { wavHeader } from "./wav_writer.ts";

/** A program that plays PCM from its stdin. */
export interface Player {
  readonly name: string;
  /** The executable, without `.exe`, which Windows adds. */
  readonly program: string;
  args(format: PcmFormat): string[];
  /** Bytes to write before the PCM, if any. */
  header(format: PcmFormat): Uint8Array | null;
  /**
   * Bytes of silence, in whole sample frames, to write behind the PCM so that its
   * end is played.
   */
  tailBytes(format: PcmFormat): number;
  /** How to mix channels that the player would drop; null if it needs no mix. */
  mix(format: PcmFormat): MixMatrix | null;
  plays(format: PcmFormat): boolean;
  /** Command to install it, by `Deno.build.os`; left out where unavailable. */
  readonly packages: Readonly<Record<string, string>>;
}

// aplay(1), option --format.
const APLAY_FORMATS: Record<Encoding, string> = {
  u8: "U8",
  s16le: "S16_LE",
  s24le: "S24_3LE",
  s32le: "S32_LE",
  f32le: "FLOAT_LE",
  f64le: "FLOAT64_LE",
  alaw: "A_LAW",
  mulaw: "MU_LAW",
};

/** All players, in the order that `auto` tries them. */
export const PLAYERS: readonly Player[] = [
  {
    name: "ffplay",
    program: "ffplay",
    // The format goes into a WAV header because ffplay's option for channels
    // differs by version. The probe is short because only the header is needed,
    // and the default delays the first sound by a second.
    args: (format) => [
      ..."-hide_banner -loglevel error -nodisp -autoexit".split(" "),
      ...surroundArgs(format),
      ..."-probesize 32 -analyzeduration 0 -f wav -i -".split(" "),
    ],
    header: (format) => wavHeader(layoutOf(format), null),
    tailBytes: ffplayTailBytes,
    mix: () => null,
    plays: () => true,
    packages: {
      linux: "sudo apt install ffmpeg",
      darwin: "brew install ffmpeg",
      windows: "winget install Gyan.FFmpeg",
    },
  },
  {
    name: "aplay",
    program: "aplay",
    args: (format) => [
      ..."--quiet --file-type raw".split(" "),
      `--format=${APLAY_FORMATS[format.encoding]}`,
      `--rate=${format.rate}`,
      `--channels=${mixToStereo(format)?.length ?? format.channels}`,
      "-",
    ],
    header: () => null,
    // aplay waits until all PCM was played.
    tailBytes: () => 0,
    // ALSA drops channels for which the device has no speakers, and rejects a
    // channel map (`--chmap`) with more speakers than the device has.
    mix: mixToStereo,
    // aplay takes rates of 2,000 to 768,000 Hz (aplay.c, "bad speed value").
    plays: (format) => format.rate >= 2000,
    packages: { linux: "sudo apt install alsa-utils" },
  },
];

/** The packet size of FFmpeg's WAV demuxer (libavformat/wavdec.c). */
const FFPLAY_PACKET_BYTES = 4096;
/** SDL plays at least two of ffplay's buffers when it is closed. */
const SDL_DRAIN_SECONDS = 1 / 15;

/**
 * ffplay exits when it has read its last packet, not when it has played it. At low
 * byte rates it would cut off up to half a second.
 */
function ffplayTailBytes(format: PcmFormat): number {
  const seconds = FFPLAY_PACKET_BYTES / bytesPerSecond(format);
  if (seconds <= SDL_DRAIN_SECONDS) return 0;
  return wholeSampleFrames(format, FFPLAY_PACKET_BYTES);
}

/** The format to pass to a player: without valid bits, with the effective mask. */
function layoutOf(format: PcmFormat): PcmFormat {
  const { channelMask: _, ...layout } = containerOf(format);
  const mask = channelMask(format);
  return isUsual(mask) ? layout : { ...layout, channelMask: mask };
}

function mixToStereo(format: PcmFormat): MixMatrix | null {
  if (isUsual(channelMask(format))) return null;
  return mixMatrix(channelSpeakers(format), STEREO);
}

/**
 * The command that installs a player.
 *
 * @param os As in `Deno.build.os`.
 *
 * @example
 * ```ts
 * import { installHint } from "./player_args.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(installHint("darwin"), "brew install ffmpeg");
 * ```
 */
export function installHint(os: string): string {
  const commands = PLAYERS.map((player) => player.packages[os]);
  return commands.find((command) => command) ?? "install ffmpeg";
}
