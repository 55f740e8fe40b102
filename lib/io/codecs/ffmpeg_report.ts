/**
 * Parses ffmpeg's report about a file.
 *
 * @module
 */

import { CONTAINER_BITS, type Encoding } from "../../audio/format.ts";
import type { DecodedPcm } from "../../audio/rendition.ts";

/** A file's first audio stream. */
export interface FfmpegSong extends DecodedPcm {
  readonly codec: string;
}

// Metadata is indented further, so that no tag can imitate one of these lines.
const DURATION = /^ {2}Duration: (\d+):(\d\d):(\d\d\.\d\d),/m;
const AUDIO = /^ {2}Stream #0:\d+[^\n ]*: Audio: ([^\n]*)$/m;

/** Channel masks by ffmpeg's names of layouts. */
const LAYOUTS: Readonly<Record<string, number>> = {
  ...{ mono: 0x4, stereo: 0x3, "2.1": 0xB, "3.0": 0x7, "3.0(back)": 0x103 },
  ...{ "3.1": 0xF, "4.0": 0x107, quad: 0x33, "quad(side)": 0x603 },
  ...{ "4.1": 0x10F, "5.0": 0x37, "5.0(side)": 0x607, "5.1": 0x3F },
  ...{ "5.1(side)": 0x60F, "6.0": 0x707, "6.1": 0x70F, "6.1(back)": 0x13F },
  ...{ "7.0": 0x637, "7.1": 0x63F, "7.1(wide)": 0xFF },
};

/** Encrypted audio, in files that only ffmpeg recognises; it decodes it to noise. */
const ENCRYPTED = /^\w+ (\([^()]*\) )?\((drms|enca) \/ /;

/** Codecs that preserve every sample. */
const LOSSLESS =
  /^(pcm_|alac|ape|flac|mlp|shorten|tak|truehd|tta|wavpack|wmalossless)/;

/** The encoding of each sample format; its `p` means planar. */
const ENCODINGS: Readonly<Record<string, Encoding>> = {
  ...{ u8: "u8", s16: "s16le", s32: "s32le", flt: "f32le", dbl: "f64le" },
};
/** A sample format; absent if ffmpeg cannot decode the codec. */
const SAMPLES = /^(u8|s16|s32|s64|flt|dbl)p?( \(\d+ bit\))?$/;

/**
 * The first audio stream of a report.
 *
 * @returns Null: there is none that ffmpeg can decode, its length or layout is
 * unknown, or it is encrypted.
 *
 * @example
 * ```ts
 * import { readFfmpegReport } from "./ffmpeg_report.ts";
 * import assert from "node:assert/strict";
 *
 * const song = readFfmpegReport([
 *   "  Duration: 00:01:00.50, start: 0.000000, bitrate: 138 kb/s",
 *   "  Stream #0:0: Audio: wmav2 (a[1][0][0] / 0x0161), 44100 Hz, stereo, fltp, 128 kb/s",
 * ].join("\n"));
 * assert.equal(song?.encoding, "s16le");
 * assert.equal(song?.sampleFrames, 60.5 * 44100);
 * ```
 */
export function readFfmpegReport(text: string): FfmpegSong | null {
  const duration = DURATION.exec(text);
  const found = AUDIO.exec(text)?.[1];
  if (duration === null || found === undefined) return null;
  if (ENCRYPTED.test(found)) return null;
  const audio = found.split(", ");
  const [hours, minutes, seconds] = duration.slice(1).map(Number);
  const codec = audio[0].split(" ")[0];
  const rateAt = audio.findIndex((part) => /^\d+ Hz$/.test(part));
  const [rateText, layout, samples] = audio.slice(rateAt);
  const rate = parseInt(rateText);
  const channels = channelsOf(layout);
  const pcm = pcmOf(codec, samples ?? "");
  if (rateAt < 1 || rate === 0 || channels === null || pcm === null) {
    return null;
  }
  const total = hours * 3600 + minutes * 60 + seconds;
  return {
    codec: codec.startsWith("pcm_") ? "pcm" : codec,
    rate,
    ...channels,
    ...pcm,
    sampleFrames: Math.round(total * rate),
  };
}

const PICTURE =
  /^ {2}Stream #0:(\d+)[^\n ]*: Video: (?:mjpeg|png|webp)\b[^\n]*\(attached pic\)$/m;

/**
 * The number of the stream that is a picture of the song, of a kind that can be made
 * smaller; null: there is none.
 *
 * @example
 * ```ts
 * import { readFfmpegPicture } from "./ffmpeg_report.ts";
 * import assert from "node:assert/strict";
 *
 * const report = "  Stream #0:1: Video: png, rgb24(pc), 9x9, 90k tbr (attached pic)";
 * assert.equal(readFfmpegPicture(report), 1);
 * ```
 */
export function readFfmpegPicture(text: string): number | null {
  const found = PICTURE.exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

/** Most tags of a file. */
const MOST_TAGS = 256;

/**
 * The tags of the file in a report. Further lines of a value are joined by blanks.
 *
 * @example
 * ```ts
 * import { readFfmpegTags } from "./ffmpeg_report.ts";
 * import assert from "node:assert/strict";
 *
 * const tags = readFfmpegTags([
 *   "  Metadata:",
 *   "    title           : Air",
 *   "                    : on the G string",
 *   "  Duration: 00:01:00.50, start: 0.000000, bitrate: 138 kb/s",
 * ].join("\n"));
 * assert.deepEqual(tags, [["title", "Air on the G string"]]);
 * ```
 */
export function readFfmpegTags(text: string): [key: string, value: string][] {
  const tags: [string, string][] = [];
  const lines = text.split("\n");
  let at = lines.indexOf("  Metadata:") + 1;
  if (at === 0) return tags;
  for (; at < lines.length && lines[at].startsWith("    "); at++) {
    const colon = lines[at].indexOf(": ");
    if (colon < 0) continue;
    const key = lines[at].slice(0, colon).trim();
    const value = lines[at].slice(colon + 2).trim();
    const last = tags.at(-1);
    if (key === "" && last) last[1] += ` ${value}`;
    else if (key !== "" && tags.length < MOST_TAGS) tags.push([key, value]);
  }
  return tags;
}

function channelsOf(
  layout: string,
): Pick<DecodedPcm, "channels" | "channelMask"> | null {
  const channelMask = LAYOUTS[layout];
  if (channelMask !== undefined) {
    const channels = channelMask.toString(2).replaceAll("0", "").length;
    return { channels, channelMask };
  }
  const channels = parseInt(/^(\d+) channels/.exec(layout)?.[1] ?? "0");
  return channels > 0 ? { channels } : null;
}

/** @param samples Such as `s32 (24 bit)`. */
function pcmOf(
  codec: string,
  samples: string,
): Pick<DecodedPcm, "encoding" | "validBits"> | null {
  if (!SAMPLES.test(samples)) return null;
  if (!LOSSLESS.test(codec)) return { encoding: "s16le", validBits: 16 };
  const [kind] = samples.split(" ");
  const bits = parseInt(/\((\d+) bit\)/.exec(samples)?.[1] ?? "0");
  const container = ENCODINGS[kind.replace(/p$/, "")];
  if (container === undefined) return null;
  const encoding = container === "s32le" && bits > 0 && bits <= 24
    ? "s24le"
    : container;
  return { encoding, validBits: bits || CONTAINER_BITS[encoding] };
}
