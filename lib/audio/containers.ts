/**
 * Tells the format of a song's file. It stands between the disk and the pages of a
 * song: a WAV is read as it is stored, anything else is decoded to one.
 *
 * @module
 */

import { type FileBytes, HEAD_BYTES, type WavContent } from "./container.ts";
import { kindByHead } from "./file_heads.ts";
import { FILE_KINDS, type FileKindName } from "./file_kinds.ts";
import { id3v2Bytes, MAX_TAGS } from "./song_bounds.ts";
import { inspectWav } from "./wav_container.ts";

/**
 * Recognises a file by its content, else by the ending of its name, and examines
 * it, if it is a WAV.
 *
 * @returns Null: it has another format, and only a decoder can tell more.
 * @throws {OndacastError} `not-wav`, `unsupported`; errors of `file.read()`.
 *
 * @example
 * ```ts
 * import { inspectFile } from "./containers.ts";
 * import { wavHeader } from "./wav_writer.ts";
 * import assert from "node:assert/strict";
 *
 * const cd = { encoding: "s16le", rate: 44100, channels: 2, bits: 16 } as const;
 * const wav = new Uint8Array(444);
 * wav.set(wavHeader(cd, 400));
 * const content = await inspectFile({
 *   bytes: wav.length,
 *   read: (into, at) => {
 *     const piece = wav.subarray(at, at + into.length);
 *     into.set(piece);
 *     return Promise.resolve(piece.length);
 *   },
 * });
 * assert.deepEqual(content?.format, { ...cd, dataOffset: 44, dataBytes: 400 });
 * assert.equal(content?.bytes, 444);
 * ```
 */
export async function inspectFile(
  file: FileBytes,
  name = "",
): Promise<WavContent | null> {
  const head = await readHead(file, 0);
  const kind = await kindOf(file, head, name);
  return kind === "WAV" ? await inspectWav(file, head) : null;
}

/** Whether files of a name usually have a format that is decoded here. */
export function hasDecodedEnding(name: string): boolean {
  const kind = kindByEnding(name) ?? "WAV";
  return kind !== "WAV" && !FILE_KINDS[kind].needsFfmpeg;
}

/** Whether only ffmpeg decodes a file, by its content. */
export async function isForFfmpegOnly(file: FileBytes): Promise<boolean> {
  const kind = await kindOf(file, await readHead(file, 0), "");
  return kind !== undefined && FILE_KINDS[kind].needsFfmpeg === true;
}

/**
 * The ending for the name of a file of this content.
 *
 * @param codec What its decoder says, which also names frames behind junk; absent
 * for a WAV.
 */
export async function endingOf(
  file: FileBytes,
  codec?: string,
): Promise<string> {
  const ofCodec = `.${codec}`;
  const kind = await kindOf(file, await readHead(file, 0), ofCodec);
  const { endings } = FILE_KINDS[kind ?? "WAV"];
  return endings.find((ending) => ending === ofCodec) ?? endings[0];
}

async function kindOf(
  file: FileBytes,
  head: Uint8Array,
  name: string,
): Promise<FileKindName | undefined> {
  return kindByHead(await behindId3(file, head)) ?? kindByHead(head) ??
    kindByEnding(name);
}

async function readHead(file: FileBytes, offset: number): Promise<Uint8Array> {
  const head = new Uint8Array(HEAD_BYTES);
  return head.subarray(0, await file.read(head, offset));
}

/** The first bytes behind the ID3v2 tags in front of a file. */
async function behindId3(
  file: FileBytes,
  head: Uint8Array,
): Promise<Uint8Array> {
  let begin = head;
  let at = 0;
  for (let tags = 0; tags < MAX_TAGS; tags++) {
    const bytes = id3v2Bytes(begin);
    if (bytes === 0) break;
    begin = await readHead(file, at += bytes);
  }
  return begin;
}

function kindByEnding(name: string): FileKindName | undefined {
  const lower = name.toLowerCase();
  return (Object.keys(FILE_KINDS) as FileKindName[]).find((kind) =>
    FILE_KINDS[kind].endings.some((ending) => lower.endsWith(ending))
  );
}
