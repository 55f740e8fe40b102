/**
 * Shared parts of responses about songs: names in paths, and header fields.
 *
 * @module
 */

import { checkSongName } from "../model/song_name.ts";
import type { SongStore } from "../ports/server.ts";
import type { SongEntry } from "../ports/song_entry.ts";
import { type Answer, HttpError } from "./http_answer.ts";
import { hasTag } from "./http_fields.ts";
import type { HttpRequest } from "./http_request.ts";

const NOTHING = new Uint8Array(0);

interface ContentFacts {
  /** With its quotes. */
  etag: string;
  /** Whether the address of the request names this content alone. */
  isImmutable?: boolean;
}

/**
 * Whether a request names this content alone, by `etag` in its query.
 *
 * @throws {HttpError} 404, if it names another one.
 */
export function namesContent({ query }: HttpRequest, etag: string): boolean {
  const wanted = query.get("etag");
  if (wanted === null || wanted === etag) return wanted !== null;
  throw new HttpError(404, "The song has changed.");
}

/** Header fields of a content, whether or not it is sent. */
export function contentHeaders(
  { etag, isImmutable = false }: ContentFacts,
): Record<string, string> {
  return {
    etag,
    "cache-control": isImmutable
      ? "private, max-age=31536000, immutable"
      : "private",
  };
}

/** The response for an unchanged content; null: it has changed (RFC 9110, section 13.2.2). */
export function unchanged(
  fields: ReadonlyMap<string, string>,
  headers: Record<string, string>,
): Answer | null {
  return hasTag(fields.get("if-none-match") ?? "", headers.etag)
    ? { status: 304, headers, body: NOTHING }
    : null;
}

/**
 * The song that a request names by its path, whose components are
 * percent-encoded. By `etag` in its query it may mean what the song was before its
 * hash or length was known.
 *
 * @throws {HttpError} 400, 404; {@linkcode OndacastError} `ambiguous`, `bad-name`.
 */
export function songOfPath(
  songs: SongStore,
  { tail, query }: Pick<HttpRequest, "tail" | "query">,
): SongEntry {
  const etag = query.get("etag") ?? undefined;
  const entry = songs.find(checkSongName(decodeName(tail)), etag);
  if (entry === undefined) throw new HttpError(404, "The song does not exist.");
  return entry;
}

function decodeName(path: string): string {
  return path.split("/").map((part) => {
    const name = decoded(part);
    if (!name.includes("/")) return name;
    throw new HttpError(400, "A part of the name has a slash.");
  }).join("/");
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new HttpError(400, "The name is not percent-encoded UTF-8.");
  }
}

/** Encodes the components of a name for a path. */
export function encodeName(name: string): string {
  return name.split("/").map(encodeURIComponent).join("/");
}
