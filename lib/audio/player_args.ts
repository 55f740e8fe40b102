/**
 * The players that PCM can be piped into, as a table: for each, its program,
 * its arguments for a format, and where to get it.
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

/** A program that plays what comes on its stdin. */
export interface Player {
  readonly name: string;
  /** The file to run; `.exe` is added by the system where it is used. */
  readonly program: string;
  /** Its arguments. */
  args(format: PcmFormat): string[];
  /** What is written before the PCM; null: nothing. */
  header(format: PcmFormat): Uint8Array | null;
  /**
   * Bytes of silence that are written behind the last PCM, whole sample frames,
   * where it would else be lost.
   */
  tailBytes(format: PcmFormat): number;
  /** How channels are mixed for it, where it would lose some; null: not at all. */
  mix(format: PcmFormat): MixMatrix | null;
  /** Whether it plays the format. */
  plays(format: PcmFormat): boolean;
  /** The package that has it, for each system that it exists on. */
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

/** All players, in the order in which `auto` tries them. */
export const PLAYERS: readonly Player[] = [
  {
    name: "ffplay",
    program: "ffplay",
    // A WAV header says the format, since the option for channels has another
    // name in each version. The probe is kept short: the header is all there
    // is to find out, and the default costs a second of silence.
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
    // It waits until all was heard.
    tailBytes: () => 0,
    // ALSA drops the channels that a device has no speakers for, and refuses a
    // map (`--chmap`) that names more than it has.
    mix: mixToStereo,
    // aplay takes rates of 2,000 to 768,000 Hz (aplay.c, "bad speed value").
    plays: (format) => format.rate >= 2000,
    packages: { linux: "sudo apt install alsa-utils" },
  },
];

/** A packet of FFmpeg's WAV demuxer, in bytes (libavformat/wavdec.c). */
const FFPLAY_PACKET_BYTES = 4096;
/** What SDL lets sound at least when it is closed: two of ffplay's buffers. */
const SDL_DRAIN_SECONDS = 1 / 15;

/**
 * ffplay ends when it takes its last packet, not when that was heard. With
 * little data a second that is up to half a second of the song.
 */
function ffplayTailBytes(format: PcmFormat): number {
  const seconds = FFPLAY_PACKET_BYTES / bytesPerSecond(format);
  if (seconds <= SDL_DRAIN_SECONDS) return 0;
  return wholeSampleFrames(format, FFPLAY_PACKET_BYTES);
}

/** What a player is told: the container, and the speakers that it is heard by. */
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
 * How to install a player on a system.
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
