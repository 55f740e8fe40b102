/**
 * One song from every source that a client plays: over the network, completely
 * or partially from its cache, and as a plain stream; in memory, on a fake
 * clock.
 *
 * @module
 */

import { CacheNotice } from "../../lib/client/cache_notice.ts";
import { PlainSource } from "../../lib/client/plain_source.ts";
import { Playback } from "../../lib/client/playback.ts";
import { songPlayback } from "../../lib/client/song_playback.ts";
import { OndacastError } from "../../lib/errors.ts";
import { MemoryCache } from "./memory_cache.ts";
import { MemoryClient } from "./memory_client.ts";
import { noise, PHONE, TAGS, wavFile } from "./memory_songs.ts";
import { transportPair } from "./memory_transport.ts";
import { dataFrame } from "./raw_peer.ts";

/** Longer than any buffer, so that every source waits for space at times. */
export const SECONDS = 60;
/** The song, of 8,000 bytes per second. */
export const PCM = noise(SECONDS * 8000);
const FILE = wavFile(PHONE, PCM, TAGS);
const WINDOW_BYTES = 40_000;
const HALF_BYTES = 200_000;
/** A server that is never contacted. */
const NEVER = new Promise<never>(() => {});
const AWAY = new OndacastError("unreachable", "Cannot reach it");

/** A client, and the song that it will play. */
export interface World {
  client: MemoryClient;
  playback: Playback;
}

/** A server that refuses four attempts after each lost connection. */
function network(): MemoryClient {
  const client = new MemoryClient({
    realTime: true,
    windowBytes: WINDOW_BYTES,
    attempt: (number) => number % 5 === 0 ? {} : AWAY,
  });
  client.server.songs.add("a.wav", FILE);
  return client;
}

/** The song, with its first bytes in a cache. */
function fromCache(client: MemoryClient, storedBytes: number): Playback {
  const { link, output } = client;
  const cache = new MemoryCache();
  const entry = client.server.songs.find("a.wav")!;
  const song = cache.add({
    server: client.link.place,
    song: entry.name,
    etag: entry.etag,
    bytes: entry.bytes!,
    format: entry.format!,
  }, FILE.slice(0, storedBytes));
  const found = { song, notice: new CacheNotice(link, song, NEVER) };
  return songPlayback({ link, output, cache, found, song: "a.wav" });
}

/** Every source, by name. */
export const SOURCES: Record<string, () => World> = {
  network: () => {
    const client = network();
    return { client, playback: client.playback("a") };
  },
  "whole cache": () => {
    const client = network();
    return { client, playback: fromCache(client, FILE.length) };
  },
  "half cache": () => {
    const client = network();
    return { client, playback: fromCache(client, HALF_BYTES) };
  },
  "plain stream": () => {
    const client = network();
    const { output, clock } = client;
    const connector = {
      place: "plain:4041",
      connect: () => {
        const pair = transportPair(clock, {
          toClient: { capacityBytes: 10_000 },
        });
        sendPlain(pair.server.write.bind(pair.server)).catch(() => {});
        return Promise.resolve(pair.client);
      },
    };
    const { signal } = client.link;
    const source = new PlainSource(connector, clock, signal);
    return {
      client,
      playback: new Playback({ source, output, clock, signal }),
    };
  },
};

async function sendPlain(write: (bytes: Uint8Array) => Promise<void>) {
  for (let at = 0; at < FILE.length; at += 8192) {
    await write(dataFrame(FILE.subarray(at, at + 8192)));
  }
  await write(dataFrame(new Uint8Array(0)));
}
