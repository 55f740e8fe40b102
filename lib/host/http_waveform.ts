/**
 * The waveforms of songs.
 *
 * @module
 */

import type { SongEntry } from "../ports/song_entry.ts";
import { type Answer, httpErrorOf } from "./http_answer.ts";
import { requireReader, requireToken } from "./http_auth.ts";
import {
  contentHeaders,
  namesContent,
  songOfPath,
  unchanged,
} from "./http_content.ts";
import type { HttpRequest } from "./http_request.ts";
import type { HttpWorld } from "./http_world.ts";

/**
 * Answers `/peaks`, for the page: by a song's name and its listed etag.
 *
 * @throws {HttpError} 401, 404, 429, 503.
 */
export async function listedWaveform(
  world: HttpWorld,
  request: HttpRequest,
): Promise<Answer> {
  await requireToken(world.gate, request);
  const name = request.query.get("song") ?? "";
  const etag = request.query.get("etag") ?? "";
  try {
    const headers = contentHeaders({ etag: `"${etag}"`, isImmutable: true });
    return await waveformOf(world, { name, etag }, headers, request.ip);
  } catch (error) {
    throw httpErrorOf(error);
  }
}

/**
 * Answers `/waveform/NAME`, for other programs.
 *
 * @throws {HttpError} 400, 401, 404, 409, 429, 503.
 */
export async function songWaveform(
  world: HttpWorld,
  request: HttpRequest,
): Promise<Answer> {
  await requireReader(world.gate, request);
  try {
    const entry = songOfPath(world.songs, request);
    const headers = contentHeaders({
      etag: `"${entry.etag}"`,
      isImmutable: namesContent(request, entry.etag),
    });
    return unchanged(request.headers, headers) ??
      await waveformOf(world, entry, headers, request.ip);
  } catch (error) {
    throw httpErrorOf(error);
  }
}

async function waveformOf(
  { peaks, songs }: HttpWorld,
  { name, etag }: Pick<SongEntry, "name" | "etag">,
  headers: Record<string, string>,
  ip: string,
): Promise<Answer> {
  const isLive = songs.get(name)?.bytes === null;
  return {
    status: 200,
    body: await peaks(name, etag, ip),
    headers: {
      ...(isLive ? { "cache-control": "no-store" } : headers),
      "content-type": "application/octet-stream",
    },
  };
}
