/**
 * Recognises the file formats of songs by their first bytes. Decoders do the rest.
 *
 * @module
 */

import type { FileKindName } from "./file_kinds.ts";
import { isWavKind } from "./wav_kind.ts";

/** The first byte and the mask of the second one of an MPEG audio frame's sync word. */
const SYNC = { first: 0xFF, mask: 0xE0 } as const;

/** Whether a file has a format, by its first bytes. */
const SNIFF: Readonly<Record<FileKindName, (head: Uint8Array) => boolean>> = {
  WAV: isWavKind,
  FLAC: (head) => hasAt(head, 0, "fLaC"),
  // Layer 0 is AAC (ISO/IEC 13818-7, section 6.2.1).
  MP3: (head) => hasAt(head, 0, "ID3") || (hasSync(head) && layer(head) > 0),
  Ogg: (head) => hasAt(head, 0, "OggS"),
  MP4: (head) => hasAt(head, 4, "ftyp"),
  AAC: (head) => hasSync(head) && layer(head) === 0,
  AIFF: (head) =>
    hasAt(head, 0, "FORM") &&
    (hasAt(head, 8, "AIFF") || hasAt(head, 8, "AIFC")),
  CAF: (head) => hasAt(head, 0, "caff"),
  Matroska: (head) => hasAt(head, 0, "\x1AE\xDF\xA3"),
  WMA: (head) => hasAt(head, 0, "\x30\x26\xB2\x75\x8E\x66\xCF\x11"),
  "Monkey's Audio": (head) => hasAt(head, 0, "MAC "),
  WavPack: (head) => hasAt(head, 0, "wvpk"),
  Wave64: (head) => hasAt(head, 0, "riff\x2E\x91\xCF\x11"),
};

/** The format of a file, by its first bytes; undefined: it is none of these. */
export function kindByHead(head: Uint8Array): FileKindName | undefined {
  return (Object.keys(SNIFF) as FileKindName[]).find((kind) =>
    SNIFF[kind](head)
  );
}

/** Whether bytes, in Latin-1, stand at an offset. */
function hasAt(head: Uint8Array, offset: number, bytes: string): boolean {
  const there = head.subarray(offset, offset + bytes.length);
  return String.fromCharCode(...there) === bytes;
}

function hasSync([first, second]: Uint8Array): boolean {
  return first === SYNC.first && (second & SYNC.mask) === SYNC.mask;
}

/** The `layer` field of an MPEG audio frame (ISO/IEC 11172-3, section 2.4.1.3). */
function layer(head: Uint8Array): number {
  return head[1] >> 1 & 3;
}
