/**
 * Recognises the format of a song by its first bytes, regardless of its name. It
 * also recognises formats that are not decoded here, so that errors can name them.
 *
 * @module
 */

import { latin1, type ReadableFile, readAt } from "./readable_file.ts";
import { type SongBounds, songBounds } from "./song_bounds.ts";

/** Formats that are decoded here. */
export type SongKind =
  | "wav"
  | "flac"
  | "ogg"
  | "mp4"
  | "aiff"
  | "caf";

export type Recognised =
  | { readonly kind: SongKind; readonly bounds: SongBounds }
  /** No known container: possibly bare frames. */
  | { readonly kind: "frames"; readonly bounds: SongBounds }
  /** A format that is not decoded here, by its name. */
  | { readonly kind: "foreign"; readonly name: string };

/** First bytes of each format, in Latin-1; `.` stands for any byte. */
const BEGINNINGS: readonly (readonly [SongKind, ...string[]])[] = [
  ["wav", "RIFF....WAVE", "RF64....WAVE", "BW64....WAVE"],
  ["flac", "fLaC"],
  ["ogg", "OggS"],
  ["mp4", "....ftyp"],
  ["aiff", "FORM....AIFF", "FORM....AIFC"],
  ["caf", "caff"],
];

/** Formats that only ffmpeg reads. */
const FOREIGN: readonly (readonly [name: string, ...string[]])[] = [
  ["Matroska or WebM", "\x1aE\xdf\xa3"],
  ["Windows Media", "\x30\x26\xb2\x75\x8e\x66\xcf\x11"],
  ["Monkey's Audio", "MAC "],
  ["WavPack", "wvpk"],
  ["True Audio", "TTA1", "TTA2"],
  ["Musepack", "MPCK", "MP+"],
  ["DSD", "DSD ", "FRM8....DSD "],
  ["AC-3", "\x0b\x77"],
  ["DTS", "\x7f\xfe\x80\x01", "\xfe\x7f\x01\x80"],
  ["AAC in ADIF", "ADIF"],
  ["AMR", "#!AMR"],
  ["Sun AU", ".snd"],
  ["Wave64", "riff\x2e\x91\xcf\x11"],
  ["big-endian WAV", "RIFX....WAVE"],
  ["QuickTime", "....moov", "....mdat", "....wide", "....free", "....skip"],
  ["AVI", "RIFF....AVI "],
];

const HEAD_BYTES = 16;

/** Recognises a file by its content. */
export function songKind(file: ReadableFile): Recognised {
  const bounds = songBounds(file);
  const head = latin1(readAt(file, bounds.from, HEAD_BYTES));
  for (const [kind, ...beginnings] of BEGINNINGS) {
    if (beginnings.some((it) => begins(head, it))) return { kind, bounds };
  }
  for (const [name, ...beginnings] of FOREIGN) {
    if (beginnings.some((it) => begins(head, it))) {
      return { kind: "foreign", name };
    }
  }
  return { kind: "frames", bounds };
}

function begins(head: string, beginning: string): boolean {
  return head.length >= beginning.length &&
    [...beginning].every((it, i) => it === "." || it === head[i]);
}
