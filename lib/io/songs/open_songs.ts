/**
 * The open songs: one {@linkcode SharedFile} per name and content.
 *
 * @module
 */

import type { OpenOptions, OpenSong } from "../../ports/server.ts";
import { sizeOf } from "./file_stamp.ts";
import { renditionOf } from "../../audio/rendition.ts";
import { LruCache } from "../../model/lru_cache.ts";
import { KeptReader } from "./kept_reader.ts";
import type { FfmpegUse } from "./ffmpeg_use.ts";
import { RenditionReader, type RenditionTools } from "./rendition_reader.ts";
import { SharedFile } from "./shared_file.ts";
import type { WavReader } from "./wav_reader.ts";
import { fileRef } from "./song_file.ts";
import type { FileRef } from "../codecs/decoder_jobs.ts";
import type { SongFolder } from "./song_folder.ts";
import { keyOf, type KnownSong } from "./known_song.ts";

/** Damaged songs that are remembered; of others a report may be repeated. */
const MOST_REPORTED = 4096;

/** The decoders of songs. */
export interface OpenSongsTools extends RenditionTools {
  readonly ffmpeg: Pick<FfmpegUse, "both">;
}

/** Callbacks about songs while they are open. */
export interface SongsWatch {
  /** Whether the file with the song's name still has its content. */
  isSame(song: KnownSong): Promise<boolean>;
  /** Called when a song's `probe` was computed or its `stamp` has changed. */
  learned(song: KnownSong, stampBefore: string): void;
  /** Called with the SHA-256 of a song that was decoded completely. */
  hashed(song: KnownSong, sha256: string): void;
  /** Called when a song cannot be decoded as it should be. */
  damaged(song: KnownSong, reason: string): void;
  /** Called when a song has another length than was announced. */
  counted(song: KnownSong, sampleFrames: number): void;
}

/** A song that is open. */
interface Open {
  readonly shared: SharedFile;
  readonly place: Place;
}

/** Where the file of an open song is. */
interface Place {
  /** `keyOf()` the song by its present name. */
  key: string;
  /** The song by its present name, once its file is there. */
  song: Promise<KnownSong>;
  /** What its decoder reads. */
  file?: Omit<FileRef, "path"> & { path: string };
}

/** Opens each song once for all its listeners. */
export class OpenSongs {
  readonly #folder: SongFolder;
  readonly #watch: SongsWatch;
  readonly #tools: OpenSongsTools;
  /** By the names that the songs had when they were opened. */
  readonly #files = new Map<string, Open>();
  /** Songs reported as damaged, so that no listener can fill the log with one. */
  readonly #reported = new LruCache<string, true>(MOST_REPORTED);

  constructor(folder: SongFolder, watch: SongsWatch, tools: OpenSongsTools) {
    this.#folder = folder;
    this.#watch = watch;
    this.#tools = tools;
  }

  /** Opens a song for another listener. @throws As `SharedFile.use()` does. */
  use(song: KnownSong, options: OpenOptions = {}): Promise<OpenSong> {
    const { shared } = this.#files.get(keyOf(song)) ?? {};
    if (!shared || shared.gone.happened) return this.useAnew(song, options);
    // Its hashes may have become known since it was opened.
    const { sha256, file } = song;
    if (sha256 !== undefined) shared.entry.sha256 = sha256;
    if (file?.sha256 !== undefined) Object.assign(shared.entry, { file });
    return shared.use(options);
  }

  /** Opens the current file of a song. Listeners to the previous one keep it. */
  useAnew(song: KnownSong, options: OpenOptions = {}): Promise<OpenSong> {
    const key = keyOf(song);
    const place: Place = { key, song: Promise.resolve(song) };
    const shared = new SharedFile(
      song,
      {
        open: async () => await this.#folder.open((await place.song).name),
        path: async () => await this.#folder.path((await place.song).name),
        isSame: async () => await this.#watch.isSame(await place.song),
        learned: (before) => this.#watch.learned(song, before),
        decode: (info) => this.#decode(song, info, place),
      },
      () => {
        if (this.#files.get(key)?.shared === shared) this.#files.delete(key);
      },
    );
    this.#files.set(key, { shared, place });
    return shared.use(options);
  }

  /** Renames a song, whose streams go on. @param move Moves its file. */
  async follow(
    song: KnownSong,
    move: (moved: (path: string) => void) => Promise<KnownSong>,
  ): Promise<KnownSong> {
    const open = this.#at(song);
    for (const { shared } of open) {
      await shared.beforeMove().catch(() => {}); // Its readers fail, too.
    }
    const done = move((path) => {
      // What is read from the former path is read again if that fails.
      for (const { place } of open) if (place.file) place.file.path = path;
    });
    for (const { place } of open) place.song = done.catch(() => song);
    const now = await done;
    for (const { place } of open) place.key = keyOf(now);
    return now;
  }

  async #decode(
    song: KnownSong,
    info: Deno.FileInfo,
    place: Place,
  ): Promise<WavReader> {
    const path = await this.#folder.path((await place.song).name);
    const decoding = song.decoding!;
    const hashed = (sha256: string) => this.#watch.hashed(song, sha256);
    const counted = (frames: number) => this.#watch.counted(song, frames);
    if (!decoding.ffmpeg) {
      // It may have grown since.
      const file = { ...fileRef(path, info), bytes: sizeOf(song.stamp) };
      place.file = file;
      const damaged = (reason: string) => this.#damaged(song, reason);
      return new RenditionReader(file, decoding, this.#tools, {
        ...{ hashed, damaged, counted },
      });
    }
    const [ffmpeg, kept] = await this.#tools.ffmpeg.both();
    if (ffmpeg === null) throw new Error("ffmpeg is no longer installed");
    const rendition = renditionOf(decoding);
    const file = kept.open({
      id: decoding.ffmpeg.id,
      rendition,
      make: (take) => ffmpeg.decode(path, decoding, take),
      ...{ hashed, counted },
    });
    return new KeptReader(rendition, file);
  }

  #damaged(song: KnownSong, reason: string): void {
    const key = keyOf(song);
    if (this.#reported.get(key)) return;
    this.#reported.set(key, true);
    this.#watch.damaged(song, reason);
  }

  /** Ends the streams of a song whose content has changed. */
  vanish(song: KnownSong): void {
    for (const { shared } of this.#at(song)) shared.vanish();
  }

  /**
   * What is open of a song. It may be several: a song that was renamed is opened
   * by its new name, too.
   */
  #at(song: KnownSong): Open[] {
    const key = keyOf(song);
    return this.#files.values().filter(({ place }) => place.key === key)
      .toArray();
  }
}
