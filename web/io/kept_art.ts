/**
 * Answers requests for pictures from those that were seen before, so that covers
 * are there while the server is away. A picture whose address names its content
 * never changes.
 *
 * @module
 */

import type { Kept } from "./kept_shell.ts";

/** Pictures that are kept, at most; the oldest are dropped. */
export const MOST_PICTURES = 300;
/** Larger ones are not kept, in bytes: that makes 38 MB at most. */
export const MOST_PICTURE_BYTES = 128_000;

/** A `Cache` is one; its keys are in the order in which they were put. */
export interface KeptArt extends Kept {
  keys(): Promise<readonly { url: string }[]>;
  delete(url: string): Promise<unknown>;
}

/** Whether pictures with this address are kept. */
export function isKeptArt({ pathname, searchParams }: URL): boolean {
  return pathname.startsWith("/art/") && searchParams.has("etag");
}

/**
 * The answer for a picture of which {@linkcode isKeptArt} is true.
 *
 * @param ask Requests it of the server.
 * @throws What `ask` throws, if it is not kept.
 */
export async function artAnswer(
  url: URL,
  { ask, kept }: { ask: () => Promise<Response>; kept: KeptArt },
): Promise<Response> {
  const address = new URL(url);
  // It opens the server, and need not be stored.
  address.searchParams.delete("key");
  const known = await kept.match(address.href);
  if (known) return known;
  const response = await ask();
  const bytes = Number(response.headers.get("content-length") ?? Infinity);
  if (response.ok && bytes <= MOST_PICTURE_BYTES) {
    // If the browser has no room, the server is asked again.
    keep(kept, address.href, response.clone()).catch(() => {});
  }
  return response;
}

async function keep(
  kept: KeptArt,
  address: string,
  response: Response,
): Promise<void> {
  await kept.put(address, response);
  const all = await kept.keys();
  const old = all.slice(0, Math.max(0, all.length - MOST_PICTURES));
  for (const { url } of old) await kept.delete(url);
}
