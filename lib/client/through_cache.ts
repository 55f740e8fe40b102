/**
 * Looking into the cache before the network: what is there of a song, and
 * whether the server still has the same.
 *
 * @module
 */

import { OndacastError, toOndacastError } from "../errors.ts";
import type { CachedSong, SongCache } from "../ports.ts";
import { isPassing, type Link } from "./link.ts";

/** How long a server is waited for where the song could be played without it. */
const SERVER_MS = 1000;

/**
 * What the cache has of a song that can be played: the whole of it, or a half
 * to go on with; null: nothing that is right.
 *
 * @throws {OndacastError} `unreachable`, if there is but a half and the
 * server is away; the server's errors.
 */
export async function findCached(
  cache: SongCache,
  link: Link,
  song: string,
): Promise<CachedSong | null> {
  const found = await cache.find(link.place, song);
  if (found === null) return null;
  const [isRight, isSame] = await Promise.all([
    found.whole ? cache.check(found) : true,
    isServersOwn(link, found),
  ]);
  if (isRight && isSame) return found;
  await cache.remove(found);
  return null;
}

/**
 * Whether the server has the song as it is in the cache: asks for what is
 * behind its last byte, which the server refuses if its content has changed.
 * A whole song is played if the server is away.
 */
async function isServersOwn(link: Link, found: CachedSong): Promise<boolean> {
  const { song, etag, bytes } = found;
  const asked = link.session().then((session) =>
    session.request({ type: "play", song, offset: bytes, etag })
  );
  asked.catch(() => {}); // It may come too late.
  try {
    await (found.whole ? withinMs(SERVER_MS, asked, link) : asked);
    return true;
  } catch (thrown) {
    const error = toOndacastError(thrown);
    if (error.code === "changed") return false;
    if (found.whole && isPassing(error)) return true;
    throw error;
  }
}

async function withinMs<T>(
  ms: number,
  work: Promise<T>,
  { clock, place }: Link,
): Promise<T> {
  const waiting = new AbortController();
  const tooLate = clock.sleep(ms, waiting.signal).then((): never => {
    throw new OndacastError("unreachable", `${place} does not answer`);
  });
  tooLate.catch(() => {}); // It is heard only if it comes first.
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    waiting.abort();
  }
}
