/**
 * What is learned of songs between scans: that a file has changed, its hash, its
 * true length. Each goes to the catalogue and to the index, if the song is still
 * the current one.
 *
 * @module
 */

import { OndacastError } from "../../errors.ts";
import { LruCache } from "../../model/lru_cache.ts";
import type { Clock } from "../../ports/common.ts";
import type { OpenOptions } from "../../ports/server.ts";
import type { FfmpegUse } from "./ffmpeg_use.ts";
import { bareStamp } from "./file_stamp.ts";
import { fileHash, type KnownSongs } from "./known_songs.ts";
import type { ScannedSongs } from "./scanned_songs.ts";
import { contentOfEtag, etagOf } from "./song_etag.ts";
import { contentBy, newMaking } from "./song_file.ts";
import { decodedParts, keyOf, type KnownSong } from "./known_song.ts";

/** Songs that are remembered as they were before their length was known. */
const MOST_FORMER = 1_000;

export class SongUpdates {
  readonly #songs: ScannedSongs;
  readonly #known: KnownSongs;
  readonly #ffmpeg: FfmpegUse;
  readonly #vanish: (song: KnownSong) => void;
  /** The lengths of estimated songs that are being counted. */
  readonly #counting = new Map<string, Promise<number | null>>();
  readonly #former = new LruCache<string, KnownSong>(MOST_FORMER);

  /** @param vanish Ends the streams of a song whose content is gone. */
  constructor(
    songs: ScannedSongs,
    known: KnownSongs,
    ffmpeg: FfmpegUse,
    vanish: (song: KnownSong) => void,
  ) {
    this.#songs = songs;
    this.#known = known;
    this.#ffmpeg = ffmpeg;
    this.#vanish = vanish;
  }

  /** Puts a song into the index and the catalogue. */
  put(song: KnownSong): void {
    this.#songs.put(song.name, song);
  }

  /** The song to open: of its true length, and not of a decoding that is lost. */
  async beforeOpen(song: KnownSong, options: OpenOptions): Promise<KnownSong> {
    return await this.#counted(await this.#remade(song), options);
  }

  /** A song whose length was estimated gets the right one. */
  async #counted(
    song: KnownSong,
    { address }: OpenOptions,
  ): Promise<KnownSong> {
    if (!song.decoding?.isEstimated) return song;
    const key = keyOf(song);
    const counting = this.#counting.get(key) ??
      this.#known.count(song, address).catch(() => null) // Opening it says why.
        .finally(() => this.#counting.delete(key));
    this.#counting.set(key, counting);
    const sampleFrames = await counting;
    if (sampleFrames === null) return song;
    return this.putLength(song, sampleFrames);
  }

  /** Keeps the true length of a song, which gives it another etag. */
  putLength(song: KnownSong, sampleFrames: number): KnownSong {
    const { ffmpeg } = song.decoding!;
    const decoding = {
      ...song.decoding!,
      ...{ sampleFrames, isEstimated: false },
      // What was kept of the former length is not read any more.
      ...(ffmpeg && { ffmpeg: newMaking(ffmpeg) }),
    };
    const etag = etagOf(contentOfEtag(song.etag), decoding);
    const before = this.#songs.current(song);
    if (before === undefined) {
      return this.#songs.current({ ...song, etag }) ?? song;
    }
    // The length of others is counted before anybody hears them.
    if (!before.isEstimated) this.#former.set(keyOf(before), before);
    const { sha256: _, isEstimated: __, ...others } = before;
    const now = {
      ...others,
      ...contentBy(decoding),
      ...decodedParts(decoding, before.stamp, before.file?.sha256),
      etag,
    };
    this.put(now);
    return now;
  }

  /** A song as it was sent before its length was known: who hears it reads on. */
  former(name: string, etag: string): KnownSong | undefined {
    return this.#former.get(keyOf({ name, etag }));
  }

  /** A song whose former decoding by ffmpeg is gone gets another etag. */
  async #remade(song: KnownSong): Promise<KnownSong> {
    const { decoding } = song;
    if (!decoding?.ffmpeg || !this.#songs.current(song)) return song;
    const [ffmpeg, kept] = await this.#ffmpeg.both();
    if (ffmpeg === null || !kept.lost.has(decoding.ffmpeg.id)) return song;
    const anew = { ...decoding, ffmpeg: newMaking(ffmpeg) };
    const before = this.#songs.current(song);
    const content = contentOfEtag(song.etag);
    if (before === undefined) {
      // Another who opens it may have come first.
      const there = this.#songs.catalog.get(song.name);
      return there && contentOfEtag(there.etag) === content ? there : song;
    }
    const { sha256: _, ...others } = before;
    const etag = etagOf(content, anew);
    const now = { ...others, etag, decoding: anew };
    this.put(now);
    return now;
  }

  /** Adds a newly stored song. */
  async stored(name: string, sha256: string): Promise<KnownSong> {
    const before = this.#songs.catalog.get(name);
    const read = await this.#known.read(name);
    if (read === null) {
      throw new OndacastError(
        "internal",
        `Cannot find ${name} after storing it`,
      );
    }
    const isSame = before && fileHash(before) === sha256;
    const song = isSame && before.format && !before.isOutdated
      // Its etag stands for how it is decoded, too.
      ? { ...withoutTagsStamp(before), stamp: read.stamp }
      : {
        ...{ ...read, ...hashOf(read, sha256) },
        ...(before?.added !== undefined && { added: before.added }),
      };
    this.put(song);
    return song;
  }

  /** Re-reads a song whose file may have changed since the last scan. */
  async lookAgain(before: KnownSong): Promise<KnownSong | null> {
    const entry = await this.#known.again(before);
    if (entry !== before && this.#songs.current(before)) {
      if (entry) this.put(entry);
      else this.#songs.miss(before);
    }
    return entry;
  }

  learned(song: KnownSong, stampBefore: string): void {
    const now = this.#songs.current(song);
    if (now === undefined) return;
    const { stamp, probe } = song;
    // Who opened the song first may not know the hash that it has now.
    this.#known.learned({ ...now, stamp, probe }, stampBefore);
  }

  /** Keeps the hash of a song that was decoded completely. */
  sent(song: KnownSong, sha256: string): void {
    song.sha256 = sha256;
    this.#known.index.patch(song, { sha256 });
  }

  /** Handles a file's hash. If it differs from a known one, the content changed. */
  hashed(song: KnownSong, sha256: string): void {
    const now = this.#songs.current(song);
    const known = fileHash(now ?? song);
    if (known === undefined || known === sha256) {
      Object.assign(song, hashOf(song, sha256));
      if (now === undefined) return;
      this.#known.index.patch(now, hashOf(now, sha256));
      this.#songs.catalog.note(now.name);
      return;
    }
    if (now) {
      // New, because the mtime has changed.
      const etag = etagOf(bareStamp(now.stamp), now.decoding);
      const { sha256: _, ...others } = now;
      this.put({ ...others, ...hashOf(others, sha256), etag });
    }
    this.#vanish(song);
  }

  /**
   * Reads tags again that may have been edited. After each song, it pauses for as
   * long as that took.
   */
  async retag(clock: Clock, signal: AbortSignal): Promise<void> {
    for (const name of this.#known.retagged) {
      if (signal.aborted) return;
      this.#known.retagged.delete(name);
      const before = this.#songs.catalog.get(name);
      if (before === undefined) continue;
      const beganMs = clock.now();
      const now = await this.#known.retag(before);
      if (now !== before && this.#songs.current(before)) this.put(now);
      await clock.sleep(Math.max(1, clock.now() - beganMs), signal);
    }
  }
}

function withoutTagsStamp({ tagsStamp: _, ...song }: KnownSong): KnownSong {
  return song;
}

/** The SHA-256 of a song's file, which is its own if it is sent as it is. */
function hashOf(
  { file }: Pick<KnownSong, "file">,
  sha256: string,
): Pick<KnownSong, "file" | "sha256"> {
  return file ? { file: { ...file, sha256 } } : { sha256 };
}
