/**
 * Looking into the cache before the network: what is there of a song, and
 * whether the server still has the same.
 *
 * @module
 */

import { OndacastError, toOndacastError } from "../errors.ts";
import type { CachedSong, SongCache } from "../ports/client.ts";
import {
  askForNothing,
  CacheNotice,
  type EmptyStream,
} from "./cache_notice.ts";
import { isPassing, type Link } from "./link.ts";

/** How long a server is waited for where the song could be played without it. */
const SERVER_MS = 1000;

/** A song of the cache, and what the server is told while it plays. */
export interface FoundSong {
  song: CachedSong;
  notice: CacheNotice;
}

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
): Promise<FoundSong | null> {
  const found = await cache.find(link.place, song);
  if (found === null) return null;
  const asked = link.session()
    .then((session) => askForNothing(session, song, found));
  asked.catch(() => {}); // It may come too late.
  const [isRight, server] = await Promise.all([
    found.whole ? cache.check(found) : true,
    serverHas(link, song, found, asked),
  ]);
  if (isRight && server === "same") {
    return { song: found, notice: new CacheNotice(link, found, asked) };
  }
  if (!isRight || server === "changed") await cache.remove(found);
  return null;
}

/**
 * Whether the server has the song as it is in the cache: asks by the name that
 * is wanted for what is behind its last byte, which the server refuses if its
 * content has changed. It may mean another song by that name, which differs
 * from this one's in case or normal form. A whole song is played if the server
 * is away.
 */
async function serverHas(
  link: Link,
  song: string,
  found: CachedSong,
  asked: Promise<EmptyStream>,
): Promise<"same" | "changed" | "another"> {
  try {
    const start =
      await (found.whole ? withinMs(SERVER_MS, asked, link) : asked);
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
  tooLate.catch(() => {}); // It is heard only if it comes first.
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    waiting.abort();
  }
}
