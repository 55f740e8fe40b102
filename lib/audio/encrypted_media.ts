/**
 * Recognises encryption in files that only ffmpeg reads: it would decode them to
 * noise without an error.
 *
 * @module
 */

import { boxIn } from "./mp4_boxes.ts";
import { hasEncryptedTrack } from "./mp4_track.ts";
import { type ReadableFile, readAt, viewOf } from "./readable_file.ts";

/** Tests a file by the names that `songKind()` gives to formats. */
const IS_ENCRYPTED: Readonly<Record<string, (file: ReadableFile) => boolean>> =
  {
    "Matroska or WebM": isEncryptedMatroska,
    "Windows Media": isEncryptedAsf,
    QuickTime: isEncryptedQuickTime,
  };

/** @param format The name of a format that is not decoded here. */
export function isEncrypted(file: ReadableFile, format: string): boolean {
  return IS_ENCRYPTED[format]?.(file) ?? false;
}

/** Most elements or objects of a file that are looked at. */
const MOST_PARTS = 20_000;

/** Ids of Matroska elements (RFC 9559, section 5), with their length marker. */
const CONTENT_ENCRYPTION = 0x5035;
const WITHIN: ReadonlySet<number> = new Set([
  0x18538067, // Segment
  0x1654AE6B, // Tracks
  0xAE, // TrackEntry
  0x6D80, // ContentEncodings
  0x6240, // ContentEncoding
]);

/**
 * Whether a track has `ContentEncryption`. Elements of unknown length, such as the
 * clusters of a live stream, are looked into instead of skipped.
 */
function isEncryptedMatroska(file: ReadableFile): boolean {
  let at = 0;
  for (let parts = 0; parts < MOST_PARTS; parts++) {
    const head = readAt(file, at, 12);
    const idBytes = vintBytes(head, 0);
    const sizeBytes = vintBytes(head, idBytes);
    if (idBytes > 4 || idBytes + sizeBytes > head.length) return false;
    const id = numberOf(head.subarray(0, idBytes));
    if (id === CONTENT_ENCRYPTION) return true;
    const size = head.slice(idBytes, idBytes + sizeBytes);
    size[0] |= 0x100 - (0x100 >> sizeBytes); // with the marker, and zeros before it
    const isUnknown = size.every((it) => it === 0xFF);
    size[0] &= 0xFF >> sizeBytes;
    at += idBytes + sizeBytes;
    if (!WITHIN.has(id) && !isUnknown) at += numberOf(size);
  }
  return false;
}

/** The length of a number of variable length (RFC 8794, section 4); 9: malformed. */
function vintBytes(head: Uint8Array, at: number): number {
  return Math.clz32(head[at] ?? 0) - 23;
}

/** Big-endian. */
function numberOf(bytes: Uint8Array): number {
  return bytes.reduce((all, it) => 256 * all + it, 0);
}

/**
 * Objects of ASF ("Advanced Systems Format Specification", 1.20.03, sections 3.3,
 * 3.4, 3.14, 3.15 and 4.7), by the first four bytes of their ids, little-endian.
 */
const ASF_HEADER = 0x75B22630;
const STREAM_PROPERTIES = 0xB7DC0791;
const HEADER_EXTENSION = 0x5FBF03B5;
const ENCRYPTION: ReadonlySet<number> = new Set([
  0x2211B3FB, // Content Encryption
  0x298AE614, // Extended Content Encryption
  0x43058533, // Advanced Content Encryption
]);
/** Bytes of an object's id and length, and of what precedes objects within it. */
const OBJECT_BYTES = 24;
const BEFORE_OBJECTS: Readonly<Record<number, number>> = {
  [ASF_HEADER]: 6,
  [HEADER_EXTENSION]: 22,
};
/** The flags of stream properties: their offset, and "Encrypted Content". */
const FLAGS = { at: OBJECT_BYTES + 48, encrypted: 0x8000 } as const;

/** Whether the header describes an encryption, or a stream says that it has one. */
function isEncryptedAsf(file: ReadableFile): boolean {
  let at = 0;
  for (let parts = 0; parts < MOST_PARTS; parts++) {
    const view = viewOf(readAt(file, at, FLAGS.at + 2));
    if (view.byteLength < OBJECT_BYTES) return false;
    const id = view.getUint32(0, true);
    if (ENCRYPTION.has(id)) return true;
    if (id === STREAM_PROPERTIES && view.byteLength === FLAGS.at + 2) {
      const flags = view.getUint16(FLAGS.at, true);
      if ((flags & FLAGS.encrypted) !== 0) return true;
    }
    const size = Number(view.getBigUint64(16, true));
    const before = BEFORE_OBJECTS[id];
    if (before === undefined && size < OBJECT_BYTES) return false;
    at += before === undefined ? size : OBJECT_BYTES + before;
  }
  return false;
}

/** QuickTime without a file type, of which ffmpeg reports the original codec. */
function isEncryptedQuickTime(file: ReadableFile): boolean {
  const moov = boxIn(file, { from: 0, to: file.bytes }, "moov");
  return moov !== null && hasEncryptedTrack(file, moov);
}
