/**
 * Songs as files, for programs that support only HTTP: the stored file, or the WAV
 * that is sent to clients, whole or in part.
 *
 * @module
 */

import { HEAD_BYTES } from "../audio/container.ts";
import { kindByHead } from "../audio/file_heads.ts";
import { FILE_KINDS } from "../audio/file_kinds.ts";
import type { SongEntry } from "../ports/song_entry.ts";
import type { OpenFile, SongStore } from "../ports/server.ts";
import { playable } from "../server/find_song.ts";
import {
  type Answer,
  type BodySource,
  HttpError,
  httpErrorOf,
} from "./http_answer.ts";
import { requireReader } from "./http_auth.ts";
import {
  contentHeaders,
  namesContent,
  songOfPath,
  unchanged,
} from "./http_content.ts";
import { type ByteRange, parseRange } from "./http_range.ts";
import type { HttpRequest } from "./http_request.ts";
import type { HttpWorld } from "./http_world.ts";

const WAV_TYPE = "audio/wav";

/** The content that is sent of a song. */
interface Content {
  file: OpenFile;
  /** With its quotes. */
  etag: string;
  type: string;
  /** Whether the address of the request names this content alone. */
  isImmutable: boolean;
}

/**
 * Answers `/songs/NAME`; with `as=wav`, sends the WAV that clients get.
 *
 * @throws {HttpError} 400, 401, 404, 409, 416, 422, 429, 500.
 */
export async function songFile(
  { gate, songs }: HttpWorld,
  request: HttpRequest,
): Promise<Answer> {
  await requireReader(gate, request);
  try {
    const entry = songOfPath(songs, request);
    const as = request.query.get("as");
    if (as !== null && as !== "wav") {
      throw new HttpError(400, "Expected as=wav, or none.");
    }
    // A live song has no WAV either.
    const content = as === null || entry.bytes === null
      ? await storedContent(songs, entry)
      : await wavContent(songs, playable(entry, entry.name), request);
    return answerWith(content, request);
  } catch (error) {
    throw httpErrorOf(error);
  }
}

async function storedContent(
  songs: SongStore,
  entry: SongEntry,
): Promise<Content> {
  const file = await songs.openFile(entry);
  try {
    const head = new Uint8Array(Math.min(HEAD_BYTES, file.bytes));
    await file.read(head, 0);
    const kind = kindByHead(head);
    const type = kind
      ? FILE_KINDS[kind].mediaTypes[0]
      : "application/octet-stream";
    return { file, etag: `"${file.etag}"`, type, isImmutable: false };
  } catch (error) {
    file.close();
    throw error;
  }
}

async function wavContent(
  songs: SongStore,
  wanted: SongEntry,
  request: HttpRequest,
): Promise<Content> {
  const song = await songs.open(wanted, { address: request.ip });
  const { bytes, etag } = song.entry;
  try {
    return {
      file: {
        bytes: bytes!,
        etag,
        read: (into, offsetBytes) => song.read(into, offsetBytes),
        close: () => song.close(),
      },
      etag: `"${etag}"`,
      type: WAV_TYPE,
      isImmutable: namesContent(request, etag),
    };
  } catch (error) {
    song.close();
    throw error;
  }
}

/** Sends the whole, a part, or 304 (RFC 9110, section 13.2.2). */
function answerWith(content: Content, request: HttpRequest): Answer {
  const { file, etag, type } = content;
  const { method, headers } = request;
  const common = { ...contentHeaders(content), "accept-ranges": "bytes" };
  const same = unchanged(headers, common);
  if (same) {
    file.close();
    return same;
  }
  const whole = { offset: 0, bytes: file.bytes };
  // RFC 9110, section 14.2: only GET has ranges.
  const isPart = method === "GET" && (headers.get("if-range") ?? etag) === etag;
  const range = isPart
    ? parseRange(headers.get("range") ?? "", file.bytes)
    : null;
  if (range === "unsatisfiable") {
    file.close();
    throw new HttpError(416, "The requested range does not exist.", {
      ...common,
      "content-range": `bytes */${file.bytes}`,
    });
  }
  return {
    status: range ? 206 : 200,
    headers: {
      ...common,
      "content-type": type,
      ...(range && { "content-range": contentRange(range, file.bytes) }),
    },
    body: new PartOfFile(file, range ?? whole),
  };
}

function contentRange({ offset, bytes }: ByteRange, total: number): string {
  return `bytes ${offset}-${offset + bytes - 1}/${total}`;
}

/** Reads a part of a file from its start to its end. */
class PartOfFile implements BodySource {
  readonly bytes: number;
  readonly #file: OpenFile;
  #at: number;
  readonly #end: number;

  constructor(file: OpenFile, { offset, bytes }: ByteRange) {
    this.#file = file;
    this.bytes = bytes;
    this.#at = offset;
    this.#end = offset + bytes;
  }

  async read(into: Uint8Array): Promise<number | null> {
    const part = into.subarray(0, this.#end - this.#at);
    if (part.length === 0) return null;
    await this.#file.read(part, this.#at);
    this.#at += part.length;
    return part.length;
  }

  close(): void {
    this.#file.close();
  }
}
