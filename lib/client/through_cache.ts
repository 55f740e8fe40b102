/**
 * Looks for a song in the cache before it is requested, and checks whether the
 * server still has the same content.
 *
 * @module
 */

import { OndacastError, toOndacastError } from "../errors.ts";
import type { CachedSong, SongCache } from "../ports/client.ts";
import {
  CacheNotice,
  type EmptyStream,
  openEmptyStream,
} from "./cache_notice.ts";
import { isPassing, type Link } from "./link.ts";

/** How long to wait for the server if the song can be played without it. */
const SERVER_MS = 1000;

/** A song in the cache, and the reports to the server while it plays. */
export interface FoundSong {
  song: CachedSong;
  notice: CacheNotice;
}

/**
 * Finds a complete or partial song that is intact and up to date. Removes it from
 * the cache if it is not.
 *
 * @throws {OndacastError} `unreachable`, if the song is partial and the server is
 * away; the server's errors.
 */
export async function findCached(
  cache: SongCache,
  link: Link,
  song: string,
): Promise<FoundSong | null> {
  const found = await cache.find(link.place, song);
  if (found === null) return null;
  const opening = link.session()
    .then((session) => openEmptyStream(session, song, found));
  opening.catch(() => {}); // It may fail too late.
  const [isRight, server] = await Promise.all([
    found.whole ? cache.check(found) : true,
    serverHas(link, song, found, opening),
  ]);
  if (isRight && server === "same") {
    return { song: found, notice: new CacheNotice(link, found, opening) };
  }
  if (!isRight || server === "changed") await cache.remove(found);
  return null;
}

/**
 * Compares a cached song with the server's, which refuses to open a stream for an
 * old `etag`. The requested name may be that of another song there, if the names
 * differ in case or normal form. If the server is away, a complete song counts as
 * the same.
 */
async function serverHas(
  link: Link,
  song: string,
  found: CachedSong,
  opening: Promise<EmptyStream>,
): Promise<"same" | "changed" | "another"> {
  try {
    const start =
      await (found.whole ? withinMs(SERVER_MS, opening, link) : opening);
    return start.song === found.song ? "same" : "another";
  } catch (thrown) {
    const error = toOndacastError(thrown);
    if (error.code === "changed") {
      return song === found.song ? "changed" : "another";
    }
    if (found.whole && isPassing(error)) return "same";
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
  tooLate.catch(() => {}); // It may lose the race.
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    waiting.abort();
  }
}
