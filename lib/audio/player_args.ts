/**
 * The table of players that PCM can be piped into: the program, its arguments for
 * a format, and how to install it.
 *
 * @module
 */

import { cafHeader } from "./caf_writer.ts";
import {
  bytesPerSecond,
  containerOf,
  type Encoding,
  type PcmFormat,
  wholeSampleFrames,
} from "./format.ts";
import { type MixMatrix, mixMatrix, STEREO } from "./mix.ts";
import { surroundArgs } from "./ffplay_surround.ts";
import {
  APLAY_REPORTS,
  MPV_REPORTS,
  MPV_STATUS,
  PACAT_REPORTS,
  type PlayerReports,
} from "./player_reports.ts";
import {
  channelMask,
  channelSpeakers,
  isUsual,
  type Speaker,
} from "./speakers.ts";
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
  /** How far ahead it must be written to, in seconds; 0.2 if left out. */
  readonly leadSeconds?: number;
  /** Left out where it does not report its position. */
  readonly reports?: PlayerReports;
  /** Whether it can be started while another one has the device. */
  readonly startsAhead?: boolean;
  /** On stderr once it has found a device; left out where it does not say so. */
  readonly ready?: RegExp;
  /** Set for its process. */
  readonly env?: Readonly<Record<string, string>>;
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

// pacat(1), option --format; PulseAudio has no 64-bit float.
const PACAT_FORMATS: Record<Encoding, string | null> = {
  u8: "u8",
  s16le: "s16le",
  s24le: "s24le",
  s32le: "s32le",
  f32le: "float32le",
  f64le: null,
  alaw: "alaw",
  mulaw: "ulaw",
};

/** PulseAudio's names of speakers (pulse/channelmap.h). */
const PULSE_SPEAKERS: Record<Speaker, string> = {
  FL: "front-left",
  FR: "front-right",
  FC: "front-center",
  LFE: "lfe",
  BL: "rear-left",
  BR: "rear-right",
  FLC: "front-left-of-center",
  FRC: "front-right-of-center",
  BC: "rear-center",
  SL: "side-left",
  SR: "side-right",
  TC: "top-center",
  TFL: "top-front-left",
  TFC: "top-front-center",
  TFR: "top-front-right",
  TBL: "top-rear-left",
  TBC: "top-rear-center",
  TBR: "top-rear-right",
};

/**
 * PulseAudio gives a stream half of the latency and the process time, and begins
 * to play once half of the latency is there (protocol-native.c,
 * fix_playback_buffer_attr). So a lead of 0.3 s begins, and never fills the stream:
 * then pacat would read a part of a write, and its reports fit none.
 */
const PACAT_BUFFER = "--latency-msec=560 --process-time-msec=100";

/** PulseAudio takes at most as much (pulse/sample.h, `PA_RATE_MAX`). */
const PULSE_MAX_HZ = 384_000;

/**
 * The order in which `auto` tries players: to play here, or to be in step with
 * other devices, for which a player must report its position.
 */
export const AUTO_ORDERS = {
  play: ["ffplay", "aplay"],
  step: ["pacat", "mpv", "aplay", "ffplay"],
} as const;
export type AutoOrder = keyof typeof AUTO_ORDERS;

/** The players that `auto` tries. */
export function autoPlayers(order: AutoOrder): readonly Player[] {
  return AUTO_ORDERS[order].map((name) =>
    PLAYERS.find((player) => player.name === name)!
  );
}

/** All players. */
export const PLAYERS: readonly Player[] = [
  {
    name: "ffplay",
    program: "ffplay",
    startsAhead: true,
    // The format goes into a header because ffplay's option for channels
    // differs by version. The probe is short because only the header is needed,
    // and the default delays the first sound by a second.
    args: (format) => [
      ..."-hide_banner -loglevel error -nodisp -autoexit".split(" "),
      ...surroundArgs(format),
      ..."-probesize 32 -analyzeduration 0".split(" "),
      ...["-f", plainCaf(format) ? "caf" : "wav", "-i", "-"],
    ],
    header: (format) => plainCaf(format) ?? wavHeader(layoutOf(format), null),
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
      ..."--quiet -vv --file-type raw".split(" "),
      // Its reports are up to a period off.
      ..."--period-time=1000 --buffer-time=150000".split(" "),
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
    leadSeconds: 0.35,
    reports: APLAY_REPORTS,
    packages: { linux: "sudo apt install alsa-utils" },
  },
  {
    name: "pacat",
    program: "pacat",
    startsAhead: true,
    args: (format) => [
      ..."--playback --raw --verbose".split(" "),
      ..."--client-name=Ondacast --stream-name=Ondacast".split(" "),
      ...PACAT_BUFFER.split(" "),
      `--format=${PACAT_FORMATS[format.encoding]}`,
      `--rate=${format.rate}`,
      `--channels=${format.channels}`,
      ...pulseMap(format),
    ],
    header: () => null,
    // pacat drains before it exits.
    tailBytes: () => 0,
    mix: () => null,
    plays: (format) =>
      PACAT_FORMATS[format.encoding] !== null && format.rate <= PULSE_MAX_HZ,
    leadSeconds: 0.3,
    reports: PACAT_REPORTS,
    ready: /^Stream successfully created/,
    // Reports have a decimal point then.
    env: { LC_ALL: "C" },
    packages: { linux: "sudo apt install pulseaudio-utils" },
  },
  {
    name: "mpv",
    program: "mpv",
    startsAhead: true,
    args: () => [
      ..."--no-config --no-video --input-terminal=no --cache=no".split(" "),
      ..."--msg-level=all=error,statusline=status".split(" "),
      `--term-status-msg=${MPV_STATUS}`,
      ..."--audio-buffer=0.2 --audio-client-name=Ondacast".split(" "),
      // As for ffplay: the format goes into a WAV header.
      ..."--demuxer=lavf --demuxer-lavf-format=wav".split(" "),
      ..."--demuxer-lavf-probesize=32 --demuxer-lavf-analyzeduration=0"
        .split(" "),
      "-",
    ],
    header: (format) => wavHeader(layoutOf(format), null),
    tailBytes: () => 0,
    mix: () => null,
    plays: () => true,
    leadSeconds: 0.4,
    reports: MPV_REPORTS,
    // At the sound server: its own 100 ms run dry on a busy machine, and what it
    // reports is wrong for 15 s after that.
    env: { PULSE_LATENCY_MSEC: "300" },
    packages: {
      linux: "sudo apt install mpv",
      darwin: "brew install mpv",
      windows: "winget install shinchiro.mpv",
    },
  },
];

/** PulseAudio's default map differs from WAV's from three channels on. */
function pulseMap(format: PcmFormat): string[] {
  if (format.channels < 3) return [];
  const names = channelSpeakers(format).map((speaker, i) =>
    speaker === null ? `aux${i}` : PULSE_SPEAKERS[speaker]
  );
  return [`--channel-map=${names.join(",")}`];
}

/**
 * The header of a format that has one in CAF: ffplay plays that sooner. Which
 * speakers there are, only WAV says.
 */
function plainCaf(format: PcmFormat): Uint8Array | null {
  const { channels } = format;
  const isPlain = channels <= 2 && isUsual(channelMask(format));
  return isPlain ? cafHeader(format) : null;
}

/** The packet size of FFmpeg's demuxers of both (libavformat/wavdec.c, cafdec.c). */
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
 * @param players Those that would do: the first that the system has counts.
 *
 * @example
 * ```ts
 * import { installHint } from "./player_args.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(installHint("darwin"), "brew install ffmpeg");
 * ```
 */
export function installHint(
  os: string,
  players: readonly Player[] = autoPlayers("play"),
): string {
  const commands = players.map((player) => player.packages[os]);
  return commands.find((command) => command) ?? "install ffmpeg";
}
