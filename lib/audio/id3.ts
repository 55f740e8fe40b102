/**
 * Reads the texts of an ID3v2 tag (versions 2.2 to 2.4), which WAV files have in
 * a chunk of their own or in front, and others in front.
 *
 * @module
 */

import type { FileWindow } from "./file_window.ts";
import { isPicture } from "./picture.ts";
import { latin1, type ReadableFile, readAt } from "./readable_file.ts";
import { type FilePart, TagPairs, utf8OrLatin1 } from "./tag_pairs.ts";

const HEAD_BYTES = 10;
/** Most frames that are read. */
const MOST_FRAMES = 512;
/** Longest text that is read, in bytes; longer ones are cut. */
const MOST_TEXT_BYTES = 8192;

/** Flags of a tag's head. */
const TAG = { unsync: 0x80, extended: 0x40 };

/** Bytes of a frame's head, and the flags in it, by the version of the tag. */
interface Version {
  headBytes: number;
  idBytes: number;
  /** Compressed or encrypted: nothing to read. */
  closed: number;
  grouped: number;
  unsync: number;
  hasLength: number;
}

const VERSIONS: Record<number, Version> = {
  2: {
    ...{ headBytes: 6, idBytes: 3 },
    ...{ closed: 0, grouped: 0, unsync: 0, hasLength: 0 },
  },
  3: {
    ...{ headBytes: 10, idBytes: 4 },
    ...{ closed: 0xC0, grouped: 0x20, unsync: 0, hasLength: 0 },
  },
  4: {
    ...{ headBytes: 10, idBytes: 4 },
    ...{ closed: 0x0C, grouped: 0x40, unsync: 0x02, hasLength: 0x01 },
  },
};

/** Whether bytes begin a supported ID3v2 tag. */
function isId3(head: Uint8Array): boolean {
  return head.length === HEAD_BYTES && latin1(head.subarray(0, 3)) === "ID3" &&
    head[3] in VERSIONS;
}

/**
 * Adds the texts of the tag at an offset; nothing if there is none.
 *
 * Only frames that lie in the file are read. In a tag of version 2.3 whose
 * unsynchronisation is on, sizes count the bytes before it (ID3 tag version
 * 2.3.0, section 5), as in real files.
 */
export async function readId3(
  window: FileWindow,
  offset: number,
  found: TagPairs,
): Promise<void> {
  const steps = id3Steps(offset, found);
  for (let step = steps.next(); !step.done;) {
    step = steps.next(await window.at(step.value.offset, step.value.bytes));
  }
}

/** The same for a file that is read at once. */
export function readId3At(
  file: ReadableFile,
  offset: number,
  found: TagPairs,
): void {
  const steps = id3Steps(offset, found);
  for (let step = steps.next(); !step.done;) {
    step = steps.next(readAt(file, step.value.offset, step.value.bytes));
  }
}

/** Yields for parts of the file, each valid until the next one. */
type Steps<T> = Generator<FilePart, T, Uint8Array>;

function* id3Steps(offset: number, found: TagPairs): Steps<void> {
  const head = (yield { offset, bytes: HEAD_BYTES }).slice();
  if (!isId3(head)) return;
  const version = head[3];
  const layout = VERSIONS[version];
  const end = offset + HEAD_BYTES + syncsafe(head.subarray(6));
  let at = offset + HEAD_BYTES;
  if (version > 2 && head[5] & TAG.extended) {
    const size = yield { offset: at, bytes: 4 };
    // Version 2.4 counts the size itself, 2.3 does not.
    at += version === 4 ? syncsafe(size) : 4 + bigEndian(size);
  }
  for (let i = 0; i < MOST_FRAMES && at + layout.headBytes <= end; i++) {
    const frame = (yield { offset: at, bytes: layout.headBytes }).slice();
    const id = latin1(frame.subarray(0, layout.idBytes));
    if (!/^[0-9A-Z]{3,4}$/.test(id)) return; // Padding, or the end of the file.
    const size = frameBytes(version, frame);
    const body = at + layout.headBytes;
    const flags = version === 2 ? 0 : frame[9];
    if (id === "APIC" || id === "PIC") {
      // What is not stored as it is, is left out.
      const isPlain = (head[5] & TAG.unsync) === 0 && flags === 0;
      const part = { offset: body, bytes: Math.min(size, end - body) };
      if (isPlain) found.art ??= yield* pictureIn(part, id);
    } else if (id.startsWith("T") && !(flags & layout.closed)) {
      const bytes = Math.min(size, MOST_TEXT_BYTES, end - body);
      const isUnsync = version === 4
        ? flags & layout.unsync
        : head[5] & TAG.unsync;
      const skipped = (flags & layout.grouped ? 1 : 0) +
        (flags & layout.hasLength ? 4 : 0);
      const text = (yield { offset: body, bytes }).subarray(skipped);
      addText(id, isUnsync ? synchronised(text) : text, found);
    }
    at = body + size;
  }
}

/** Most bytes in front of a picture in its frame: its type and description. */
const MOST_BEFORE_PICTURE = 512;

/**
 * The picture in a frame, behind an encoding, a media type or, in version 2.2,
 * three letters, its use, and a description (ID3v2.4, section 4.14).
 */
function* pictureIn(
  { offset, bytes }: FilePart,
  id: string,
): Steps<FilePart | null> {
  const most = Math.min(bytes, MOST_BEFORE_PICTURE);
  const head = yield { offset, bytes: most };
  const description = id === "PIC" ? 5 : head.indexOf(0, 1) + 2;
  const isWide = head[0] === 1 || head[0] === 2;
  let at = description;
  while (
    at < head.length && (head[at] !== 0 || (isWide && head[at + 1] !== 0))
  ) {
    at += isWide ? 2 : 1;
  }
  at += isWide ? 2 : 1;
  return isPicture(head.subarray(at), bytes - at)
    ? { offset: offset + at, bytes: bytes - at }
    : null;
}

function frameBytes(version: number, frame: Uint8Array): number {
  if (version === 2) return bigEndian(frame.subarray(3, 6));
  const size = frame.subarray(4, 8);
  // Some writers of 2.4 count in whole bytes, as in 2.3.
  const isSafe = version === 4 && size.every((byte) => byte < 0x80);
  return isSafe ? syncsafe(size) : bigEndian(size);
}

/** Adds a text frame; `TXXX` has its key in front of its value. */
function addText(id: string, body: Uint8Array, found: TagPairs): void {
  if (body.length < 2) return;
  const text = decoded(body[0], body.subarray(1));
  if (id !== "TXXX" && id !== "TXX") return found.add(id, text);
  const key = text.split("\0", 1)[0];
  found.add(`TXXX:${key.replace("\ufeff", "")}`, text.slice(key.length + 1));
}

/**
 * Text in one of the encodings of ID3v2.4, section 4. Many writers declare Latin-1
 * for the code page of their system or for UTF-8, which `readTags()` repairs.
 */
function decoded(encoding: number, bytes: Uint8Array): string {
  if (encoding === 0) return latin1(bytes);
  if (encoding !== 1 && encoding !== 2) return utf8OrLatin1(bytes);
  const isLittle = encoding === 1 && bytes[0] === 0xFF && bytes[1] === 0xFE;
  return new TextDecoder(isLittle ? "utf-16le" : "utf-16be").decode(bytes);
}

/** Removes the zeros after `0xFF` (section 6.1). */
function synchronised(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte, i) => byte !== 0 || bytes[i - 1] !== 0xFF);
}

function syncsafe(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 128 + (byte & 0x7F), 0);
}

function bigEndian(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}
