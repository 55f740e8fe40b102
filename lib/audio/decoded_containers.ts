/**
 * The file formats of songs that have to be decoded, as rows of the table in
 * `containers.ts`: their names and first bytes. Decoders do the rest.
 *
 * @module
 */

import type { Container } from "./container.ts";

/** The first byte and the mask of the second one of an MPEG audio frame's sync word. */
const SYNC = { first: 0xFF, mask: 0xE0 } as const;

export const DECODED_CONTAINERS: readonly Container[] = [
  {
    name: "FLAC",
    endings: [".flac"],
    mediaTypes: ["audio/flac", "audio/x-flac"],
    sniff: (head) => hasAt(head, 0, "fLaC"),
  },
  {
    name: "MP3",
    endings: [".mp3", ".mp2"],
    mediaTypes: ["audio/mpeg"],
    // Layer 0 is AAC (ISO/IEC 13818-7, section 6.2.1).
    sniff: (head) =>
      hasAt(head, 0, "ID3") || (hasSync(head) && layer(head) > 0),
  },
  {
    name: "Ogg",
    endings: [".ogg", ".oga", ".opus"],
    mediaTypes: ["audio/ogg", "audio/opus"],
    sniff: (head) => hasAt(head, 0, "OggS"),
  },
  {
    name: "MP4",
    endings: [".m4a", ".m4b", ".mp4"],
    mediaTypes: ["audio/mp4", "audio/x-m4a"],
    sniff: (head) => hasAt(head, 4, "ftyp"),
  },
  {
    name: "AAC",
    endings: [".aac"],
    mediaTypes: ["audio/aac"],
    sniff: (head) => hasSync(head) && layer(head) === 0,
  },
  {
    name: "AIFF",
    endings: [".aiff", ".aif", ".aifc"],
    mediaTypes: ["audio/aiff", "audio/x-aiff"],
    sniff: (head) =>
      hasAt(head, 0, "FORM") &&
      (hasAt(head, 8, "AIFF") || hasAt(head, 8, "AIFC")),
  },
  {
    name: "CAF",
    endings: [".caf"],
    mediaTypes: ["audio/x-caf"],
    sniff: (head) => hasAt(head, 0, "caff"),
  },
  {
    name: "Matroska",
    needsFfmpeg: true,
    endings: [".mka"],
    mediaTypes: ["audio/x-matroska"],
    sniff: (head) => hasAt(head, 0, "\x1AE\xDF\xA3"),
  },
  {
    name: "WMA",
    needsFfmpeg: true,
    endings: [".wma"],
    mediaTypes: ["audio/x-ms-wma"],
    sniff: (head) => hasAt(head, 0, "\x30\x26\xB2\x75\x8E\x66\xCF\x11"),
  },
  {
    name: "Monkey's Audio",
    needsFfmpeg: true,
    endings: [".ape"],
    mediaTypes: ["audio/x-ape"],
    sniff: (head) => hasAt(head, 0, "MAC "),
  },
  {
    name: "WavPack",
    needsFfmpeg: true,
    endings: [".wv"],
    mediaTypes: ["audio/x-wavpack"],
    sniff: (head) => hasAt(head, 0, "wvpk"),
  },
  {
    name: "Wave64",
    needsFfmpeg: true,
    endings: [".w64"],
    mediaTypes: ["audio/x-w64"],
    sniff: (head) => hasAt(head, 0, "riff\x2E\x91\xCF\x11"),
  },
];

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
