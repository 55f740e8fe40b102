/**
 * Headers of MPEG audio frames, layers 2 and 3 (ISO/IEC 11172-3 and 13818-3,
 * section 2.4.1.3), and the Xing, Info, LAME and VBRI tags in a first frame.
 *
 * @module
 */

import { latin1, viewOf } from "./readable_file.ts";

/** One frame, by its header. */
export interface MpegFrame {
  readonly layer: 2 | 3;
  /** 1, 2, or 2.5, the extension for low rates. */
  readonly version: 1 | 2 | 2.5;
  readonly rate: number;
  readonly channels: 1 | 2;
  /** Length, header included. */
  readonly bytes: number;
  /** Sample frames that it decodes to. */
  readonly samples: 576 | 1152;
}

/** The tag in a first frame, which is not audible. */
export interface MpegTag {
  /** MPEG frames after this one, if stored. */
  readonly frames: number | null;
  /** Bytes from the start of this frame, if stored. */
  readonly bytes: number | null;
  /** Sample frames to trim from the start and the end of the decoded audio. */
  readonly delay: number;
  readonly padding: number;
}

/** Sample frames by which every MP3 decoder lags. */
const DECODER_DELAY = 529;

// kbit/s by the bitrate index, of MPEG-1 layer 3 and 2, and of MPEG-2.
const KBITS: Readonly<Record<string, readonly number[]>> = {
  "1/3": [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  "1/2": [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  "2": [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
const VERSIONS = [2.5, null, 2, 1] as const;
const RATES = [44_100, 48_000, 32_000];
const MONO = 3;

/** Cache of all headers, by the bits that determine the frame. */
const FRAMES = new Map<number, MpegFrame | null>();

/**
 * Parses a frame header.
 *
 * @param header Its four bytes, big-endian.
 * @returns null: it is not a header, or has layer 1 or a free bitrate.
 */
export function mpegFrame(header: number): MpegFrame | null {
  if (header >>> 21 !== 0x7ff) return null;
  // Version, layer, bitrate, rate, padding and mode.
  const key = header & 0x1e_fec0;
  let frame = FRAMES.get(key);
  if (frame === undefined) FRAMES.set(key, frame = readFrame(header));
  return frame;
}

function readFrame(header: number): MpegFrame | null {
  const version = VERSIONS[header >>> 19 & 3];
  const layer = 4 - (header >>> 17 & 3);
  const bitrate = header >>> 12 & 15;
  const rateIndex = header >>> 10 & 3;
  if (version === null || bitrate === 0 || bitrate === 15) return null;
  if ((layer !== 2 && layer !== 3) || rateIndex === 3) return null;
  const rate = RATES[rateIndex] / (version === 1 ? 1 : version === 2 ? 2 : 4);
  const kbits = KBITS[version === 1 ? `1/${layer}` : "2"][bitrate - 1];
  const channels = (header >>> 6 & 3) === MONO ? 1 : 2;
  const samples = layer === 3 && version !== 1 ? 576 : 1152;
  if (layer === 2 && version === 1 && !isLayer2Rate(kbits, channels)) {
    return null;
  }
  const padding = header >>> 9 & 1;
  const bytes = Math.floor(samples / 8 * kbits * 1000 / rate) + padding;
  return { layer, version, rate, channels, bytes, samples };
}

/** Whether layer 2 allows a bitrate with a number of channels (table 3-B.2). */
function isLayer2Rate(kbits: number, channels: number): boolean {
  return channels === 1 ? kbits < 224 : ![32, 48, 56, 80].includes(kbits);
}

/** Whether two frames can belong to one stream: equal except for bitrate and padding. */
export function isSameStream(a: MpegFrame, b: MpegFrame): boolean {
  return a.version === b.version && a.layer === b.layer && a.rate === b.rate &&
    a.channels === b.channels;
}

/** Most bytes of a frame that its tag occupies. */
export const MPEG_TAG_BYTES = 192;

/**
 * Parses the tag in a frame that contains one instead of audio.
 *
 * @param bytes The frame's first {@linkcode MPEG_TAG_BYTES}, or all it has.
 * @returns null: the frame contains audio.
 */
export function mpegTag(frame: MpegFrame, bytes: Uint8Array): MpegTag | null {
  if (frame.layer !== 3) return null;
  const sideInfo = frame.version === 1
    ? frame.channels === 1 ? 17 : 32
    : frame.channels === 1
    ? 9
    : 17;
  return xingTag(frame, bytes, 4 + sideInfo) ?? vbriTag(bytes);
}

/** "Xing" or "Info" after empty side information, followed by LAME's extension. */
function xingTag(
  frame: MpegFrame,
  bytes: Uint8Array,
  at: number,
): MpegTag | null {
  if (bytes.length < at + 8 || !isBlank(bytes, 6, at)) return null;
  if (!["Xing", "Info"].includes(latin1(bytes, at, at + 4))) return null;
  const view = viewOf(bytes);
  const flags = view.getUint32(at + 4);
  let next = at + 8;
  const field = (flag: number, length: number) => {
    if ((flags & flag) === 0) return null;
    next += length;
    if (next > bytes.length || length !== 4) return null;
    return view.getUint32(next - 4);
  };
  const frames = field(1, 4);
  const size = field(2, 4);
  field(4, 100);
  field(8, 4);
  const tag = { frames, bytes: size, delay: 0, padding: 0 };
  if (next + 24 > bytes.length) return tag;
  const encoder = latin1(bytes, next, next + 4);
  if (!["LAME", "Lavf", "Lavc"].includes(encoder)) return tag;
  const trim = view.getUint32(next + 20) & 0xff_ffff;
  const delay = (trim >>> 12) + DECODER_DELAY;
  const padding = Math.max(0, (trim & 0xfff) - DECODER_DELAY);
  return delay + padding <= (frames ?? 0) * frame.samples
    ? { ...tag, delay, padding }
    : tag;
}

/** The tag of Fraunhofer's encoder, 32 bytes after the header. */
function vbriTag(bytes: Uint8Array): MpegTag | null {
  const at = 36;
  if (bytes.length < at + 18 || !isBlank(bytes, 6, at)) return null;
  if (latin1(bytes, at, at + 4) !== "VBRI") return null;
  const view = viewOf(bytes);
  return {
    bytes: view.getUint32(at + 10),
    frames: view.getUint32(at + 14),
    delay: 0,
    padding: 0,
  };
}

function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  return bytes.subarray(from, to).every((byte) => byte === 0);
}
