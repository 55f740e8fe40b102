/**
 * Reads the tags of a WAV file: its `LIST` chunk of type `INFO` ("Multimedia
 * Programming Interface and Data Specifications 1.0", chapter 2) and its ID3v2
 * tag, in a chunk `id3 ` or in front of the file.
 *
 * @module
 */

import { type FileBytes, HEAD_BYTES } from "./container.ts";
import { FileWindow } from "./file_window.ts";
import type { SongFormat } from "./format.ts";
import { readId3 } from "./id3.ts";
import { latin1 } from "./readable_file.ts";
import { id3v2Bytes, MAX_TAGS } from "./song_bounds.ts";
import { TagPairs, utf8OrLatin1 } from "./tag_pairs.ts";
import { SIZE_UNKNOWN } from "./wav_writer.ts";

/** Most chunks of a file, and of its list, that are looked at. */
const MOST_CHUNKS = 256;
/** Most reads behind the head. */
const MOST_READS = 16;
/** Longest text that is read, in bytes. */
const MOST_TEXT_BYTES = 4096;
const CHUNK_HEAD_BYTES = 8;
const RIFF_HEAD_BYTES = 12;
const ID3_HEAD_BYTES = 10;

/**
 * The pairs of a WAV file, in its order. What cannot be read is left out; a file
 * has no tags rather than an error.
 *
 * @param format As read from the file's header.
 */
export async function readWavTags(
  file: FileBytes,
  format: SongFormat,
): Promise<TagPairs> {
  const head = new Uint8Array(HEAD_BYTES);
  const begin = head.subarray(0, await file.read(head, 0));
  const window = new FileWindow(file, begin, MOST_READS);
  const found = new TagPairs();
  let at = 0;
  for (let tags = 0; tags < MAX_TAGS; tags++) {
    const bytes = id3v2Bytes(await window.at(at, ID3_HEAD_BYTES));
    if (bytes === 0) break;
    await readId3(window, at, found);
    at += bytes;
  }
  at += RIFF_HEAD_BYTES;
  for (let i = 0; i < MOST_CHUNKS; i++) {
    const chunk = await chunkAt(window, at);
    if (chunk === null) break;
    const { id, body } = chunk;
    let { bytes } = chunk;
    if (id === "LIST") await readList(window, body, bytes, found);
    else if (id === "id3 " || id === "ID3 ") await readId3(window, body, found);
    else if (body === format.dataOffset && bytes === SIZE_UNKNOWN) {
      bytes = format.dataBytes ?? Infinity;
    }
    at = body + bytes + bytes % 2;
  }
  return found;
}

interface Chunk {
  id: string;
  /** Where its content begins in the file, and its length. */
  body: number;
  bytes: number;
}

/** Null at the end of the file. */
async function chunkAt(
  window: FileWindow,
  offset: number,
): Promise<Chunk | null> {
  const head = await window.at(offset, CHUNK_HEAD_BYTES);
  if (head.length < CHUNK_HEAD_BYTES) return null;
  const bytes = new DataView(head.buffer, head.byteOffset).getUint32(4, true);
  const id = latin1(head.subarray(0, 4));
  return { id, body: offset + CHUNK_HEAD_BYTES, bytes };
}

/** Adds the texts of a list, if it is one of texts. */
async function readList(
  window: FileWindow,
  offset: number,
  bytes: number,
  found: TagPairs,
): Promise<void> {
  if (latin1(await window.at(offset, 4)) !== "INFO") return;
  const end = offset + bytes;
  let at = offset + 4;
  for (let i = 0; i < MOST_CHUNKS && at < end; i++) {
    const chunk = await chunkAt(window, at);
    if (chunk === null) return;
    const length = Math.min(chunk.bytes, MOST_TEXT_BYTES, end - chunk.body);
    const text = await window.at(chunk.body, length);
    found.add(chunk.id, utf8OrLatin1(text).replace(/\0.*$/s, ""));
    at = chunk.body + chunk.bytes + chunk.bytes % 2;
  }
}
