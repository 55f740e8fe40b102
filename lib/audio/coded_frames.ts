/**
 * Detects successive frames of MP3, MP2, AAC, AC-3 or E-AC-3 in data labelled
 * PCM, as found on some discs. It runs before a song is accepted.
 *
 * @module
 */

/** A frame, as described by its header. */
interface Frame {
  name: string;
  bytes: number;
  /** Header bits that are equal in all frames of a stream. */
  kind: number;
}

/** Header bytes to parse; no frame is shorter. */
const HEAD_BYTES = 7;
/** Successive frames that cannot be a coincidence. */
const FRAMES = 5;
/** Bytes of two frames to compare: audio, not padding at the end. */
const COMPARED_BYTES = 64;

/**
 * The codec whose frames are in the data, in either byte order; null if none is
 * found.
 *
 * @param pcm The first bytes, beginning at a sample frame.
 *
 * @example Five frames of AC-3
 * ```ts
 * import { codingInFrames } from "./coded_frames.ts";
 * import assert from "node:assert/strict";
 *
 * const pcm = new Uint8Array(5 * 768);
 * for (let at = 0; at < pcm.length; at += 768) {
 *   pcm.fill(at / 768, at, at + 768);
 *   pcm.set([0x0B, 0x77, 0, 0, 0x14, 0x40], at);
 * }
 * assert.equal(codingInFrames(pcm), "AC-3");
 * assert.equal(codingInFrames(pcm.subarray(768, 2000)), null);
 * ```
 */
export function codingInFrames(pcm: Uint8Array): string | null {
  return codingInOrder(pcm) ?? codingInOrder(swapped(pcm));
}

function codingInOrder(pcm: Uint8Array): string | null {
  for (let at = 0; at + HEAD_BYTES <= pcm.length; at++) {
    const frame = frameAt(pcm, at);
    if (frame !== null && isRow(pcm, at, frame)) return frame.name;
  }
  return null;
}

/** Whether enough frames of the same kind follow. */
function isRow(pcm: Uint8Array, first: number, frame: Frame): boolean {
  let at = first;
  for (let i = 1; i < FRAMES; i++) {
    const next = frameAt(pcm, at + frame.bytes);
    if (next?.name !== frame.name || next.kind !== frame.kind) return false;
    if (!isAnother(pcm, at, at + frame.bytes)) return false;
    at += frame.bytes;
    frame = next;
  }
  return true;
}

/**
 * Whether two frames have different content, that is, half of their bytes
 * differ. A tone may contain a sync word in each period, but its periods are
 * nearly equal.
 */
export function isAnother(pcm: Uint8Array, a: number, b: number): boolean {
  const most = Math.min(b - a, COMPARED_BYTES, pcm.length - b);
  let others = 0;
  for (let i = HEAD_BYTES; i < most; i++) {
    if (pcm[a + i] !== pcm[b + i]) others++;
  }
  return others >= (most - HEAD_BYTES) / 2;
}

function frameAt(pcm: Uint8Array, at: number): Frame | null {
  if (at + HEAD_BYTES > pcm.length) return null;
  if (pcm[at] === 0xFF && pcm[at + 1] >= 0xE0) {
    return (pcm[at + 1] & 0xF6) === 0xF0 ? adts(pcm, at) : mpeg(pcm, at);
  }
  return pcm[at] === 0x0B && pcm[at + 1] === 0x77 ? ac3(pcm, at) : null;
}

/** AAC with ADTS headers (ISO/IEC 13818-7, section 6.2). */
function adts(pcm: Uint8Array, at: number): Frame | null {
  const rate = pcm[at + 2] >> 2 & 15;
  const bytes = (pcm[at + 3] & 3) << 11 | pcm[at + 4] << 3 | pcm[at + 5] >> 5;
  if (rate > 12 || bytes < HEAD_BYTES) return null;
  const kind = pcm[at + 1] << 16 | pcm[at + 2] << 8 | pcm[at + 3] & 0xF0;
  return { name: "AAC", bytes, kind };
}

/** Bit rates in kbit/s: layers 2 and 3 of MPEG-1, and both of MPEG-2 and 2.5. */
const MPEG_1_LAYER_2 = // deno-fmt-ignore
  [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384];
const MPEG_1_LAYER_3 = // deno-fmt-ignore
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const MPEG_2 = // deno-fmt-ignore
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const MPEG_1_RATES_HZ = [44100, 48000, 32000];

/** MP2 and MP3 (ISO/IEC 11172-3, section 2.4). Layer 1 is not in use. */
function mpeg(pcm: Uint8Array, at: number): Frame | null {
  const version = pcm[at + 1] >> 3 & 3;
  const layer = 4 - (pcm[at + 1] >> 1 & 3);
  if (version === 1 || layer === 1 || layer === 4) return null;
  const isFirst = version === 3;
  const rates = MPEG_1_RATES_HZ[pcm[at + 2] >> 2 & 3];
  const kilobits = isFirst
    ? layer === 2 ? MPEG_1_LAYER_2 : MPEG_1_LAYER_3
    : MPEG_2;
  const kilobitsNow = kilobits[pcm[at + 2] >> 4];
  if (!rates || !kilobitsNow) return null;
  const rate = rates / (isFirst ? 1 : version === 2 ? 2 : 4);
  const eighths = layer === 3 && !isFirst ? 72 : 144;
  const padding = pcm[at + 2] >> 1 & 1;
  const bytes = Math.floor(eighths * 1000 * kilobitsNow / rate) + padding;
  const kind = pcm[at + 1] << 8 | pcm[at + 2] & 0x0C;
  return { name: `MP${layer}`, bytes, kind };
}

/** Bit rates of AC-3 in kbit/s. */
const AC3_KILOBITS = // deno-fmt-ignore
  [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640];
const AC3_RATES_HZ = [48000, 44100, 32000];

/** AC-3 and E-AC-3 (ETSI TS 102 366, section 4.4.1 and annex E.1.3.1). */
function ac3(pcm: Uint8Array, at: number): Frame | null {
  const version = pcm[at + 5] >> 3;
  if (version > 10 && version <= 16) {
    const words = ((pcm[at + 2] & 7) << 8 | pcm[at + 3]) + 1;
    return {
      name: "E-AC-3",
      bytes: Math.max(HEAD_BYTES, 2 * words),
      kind: version,
    };
  }
  const rate = AC3_RATES_HZ[pcm[at + 4] >> 6];
  const code = pcm[at + 4] & 63;
  const kilobits = AC3_KILOBITS[code >> 1];
  if (version > 10 || !rate || !kilobits) return null;
  // 1,536 samples, in 16-bit words.
  const words = Math.floor(kilobits * 96_000 / rate);
  const isOdd = rate === 44100 && code % 2 === 1;
  return { name: "AC-3", bytes: 2 * (words + Number(isOdd)), kind: rate };
}

/** Swaps the bytes of each 16-bit word. */
function swapped(pcm: Uint8Array): Uint8Array {
  const other = new Uint8Array(pcm.length - pcm.length % 2);
  for (let at = 0; at < other.length; at += 2) {
    other[at] = pcm[at + 1];
    other[at + 1] = pcm[at];
  }
  return other;
}
