/**
 * The pictures of songs, as JPEG of a few sizes.
 *
 * @module
 */

import { type Answer, HttpError, httpErrorOf } from "./http_answer.ts";
import { requireReader } from "./http_auth.ts";
import {
  contentHeaders,
  namesContent,
  songOfPath,
  unchanged,
} from "./http_content.ts";
import type { HttpRequest } from "./http_request.ts";
import type { HttpWorld } from "./http_world.ts";

/** A few sizes only, to limit the work and the memory. */
export const SIZES = [64, 128, 256, 512, 1024];

/**
 * Answers `/art/NAME`: the picture in the song's file, else that of its folder.
 *
 * @throws {HttpError} 400, 401, 404, 409, 422, 429, 503.
 */
export async function songArt(
  { gate, songs }: HttpWorld,
  request: HttpRequest,
): Promise<Answer> {
  await requireReader(gate, request);
  const { query, headers: fields } = request;
  const size = SIZES.find((size) => `${size}` === query.get("size"));
  if (size === undefined) {
    throw new HttpError(400, `Expected a size of ${SIZES.join(", ")}.`);
  }
  try {
    const entry = songOfPath(songs, request);
    const isImmutable = namesContent(request, entry.etag);
    const picture = await songs.picture(entry);
    if (picture === null) throw new HttpError(404, "The song has no picture.");
    const headers = contentHeaders({
      etag: `"${picture.etag}-${size}"`,
      isImmutable,
    });
    return unchanged(fields, headers) ?? {
      status: 200,
      headers: { ...headers, "content-type": "image/jpeg" },
      body: await picture.shrunk(size, request.ip),
    };
  } catch (error) {
    throw httpErrorOf(error);
  }
}
