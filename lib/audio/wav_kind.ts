/**
 * Recognises a WAV file by its first bytes, and names other common file types in
 * the error. Reading a header begins with it.
 *
 * @module
 */

import { notWav, unsupported } from "./wav_fmt.ts";

/** Bytes needed to recognise a file. */
export const KIND_BYTES = 8;
/** The supported kinds of WAV. */
const WAV_KINDS: readonly string[] = ["RIFF", "RF64", "BW64"];
const EXPECTED = '"RIFF", "RF64" or "BW64"';

/** Whether a file is a WAV, by its first 12 bytes. ID3 tags in front are not skipped. */
export function isWavKind(head: Uint8Array): boolean {
  const begin = String.fromCharCode(...head.subarray(0, 12));
  return WAV_KINDS.includes(begin.slice(0, 4)) && begin.slice(8) === "WAVE";
}

/** The first bytes of other file types, in Latin-1. */
// deno-fmt-ignore
const OTHER_KINDS: Readonly<Record<string, readonly string[]>> = {
  FLAC: ["fLaC"], Ogg: ["OggS"], AIFF: ["FORM"], CAF: ["caff"], "Sun AU": [".snd"],
  // A frame of MPEG-1, -2 or -2.5, layer 2 or 3, with a checksum or without.
  MP3: ["\xFF\xFA", "\xFF\xFB", "\xFF\xF2", "\xFF\xF3", "\xFF\xE2", "\xFF\xE3"],
  MP2: ["\xFF\xFC", "\xFF\xFD", "\xFF\xF4", "\xFF\xF5"],
  AAC: ["\xFF\xF0", "\xFF\xF1", "\xFF\xF8", "\xFF\xF9"],
  WavPack: ["wvpk"], "Monkey's Audio": ["MAC "], "True Audio": ["TTA1"],
  Musepack: ["MPCK", "MP+"], DSD: ["DSD ", "FRM8"], "AC-3": ["\x0B\x77"],
  DTS: ["\x7F\xFE\x80\x01", "\xFE\x7F\x01\x80"], AMR: ["#!AMR"],
  WMA: ["\x30\x26\xB2\x75"], "Matroska or WebM": ["\x1AE\xDF\xA3"],
  MIDI: ["MThd"], "NIST Sphere": ["NIST_1A"], "Creative Voice": ["Creative"],
  ZIP: ["PK\x03\x04"], gzip: ["\x1F\x8B"], PDF: ["%PDF"], PNG: ["\x89PNG"],
  JPEG: ["\xFF\xD8\xFF"], "a playlist": ["#EXTM3U"],
  "a web page": ["<!DOC", "<!doc", "<html", "<HTML", "<?xml"],
};

/**
 * Checks that a file is a WAV.
 *
 * @param begin Its first {@linkcode KIND_BYTES} bytes, as a Latin-1 string.
 * @param behindId3 Whether an ID3 tag precedes them.
 * @returns `RIFF`, `RF64` or `BW64`.
 * @throws {NotWavError} if it is not a WAV file.
 * @throws {UnsupportedWavError} if it is an unsupported kind of WAV.
 */
export function checkKind(
  begin: string,
  offset: number,
  behindId3: boolean,
): string {
  const kind = begin.slice(0, 4);
  if (WAV_KINDS.includes(kind)) return kind;
  if (kind === "RIFX") throw unsupported("big-endian RIFX", EXPECTED, offset);
  if (kind === "riff") throw unsupported("Sony Wave64", EXPECTED, offset);
  const name = [
    otherKind(begin) ?? "",
    behindId3 ? "with an ID3 tag" : "",
  ].join(" ").trim();
  const found = `file that begins ${quoted(kind)}`;
  throw notWav(name ? `${found} (${name})` : found, EXPECTED, offset);
}

function otherKind(begin: string): string | undefined {
  if (begin.slice(4) === "ftyp") return "MP4";
  return Object.keys(OTHER_KINDS).find((name) =>
    OTHER_KINDS[name].some((it) => begin.startsWith(it))
  );
}

/** Quotes a FourCC and escapes all but visible ASCII. */
export function quoted(id: string): string {
  const escape = (char: string) =>
    `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
  return `"${id.replace(/[^\x20-\x7e]|["\\]/g, escape)}"`;
}
