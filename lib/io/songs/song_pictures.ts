/**
 * The pictures of songs, made smaller in a worker, and kept in memory.
 *
 * @module
 */

import type { FilePart } from "../../audio/tag_pairs.ts";
import { readWavTags } from "../../audio/wav_tags.ts";
import { OndacastError } from "../../errors.ts";
import { AddressTally } from "../../model/address_tally.ts";
import { LruCache } from "../../model/lru_cache.ts";
import type { SongPicture } from "../../ports/server.ts";
import type { SongEntry } from "../../ports/song_entry.ts";
import type { FileRef } from "../codecs/decoder_jobs.ts";
import { DecoderFailure, type DecoderPool } from "../codecs/decoder_pool.ts";
import type { Ffmpeg } from "../codecs/ffmpeg.ts";
import { cannotOpen } from "../disk/describe_file_error.ts";
import { fileBytes } from "../disk/file_bytes.ts";
import { bareStamp, stampOf } from "./file_stamp.ts";
import type { KnownSong } from "./known_song.ts";
import { fileRef } from "./song_file.ts";
import type { SongFolder } from "./song_folder.ts";

/** Memory for pictures; the least recently used are evicted first. */
const MAX_KEPT_BYTES = 16 * 2 ** 20;
/** Most pictures that may wait to be made, in all and for one address. */
const MOST_WAITING = 256;
const MOST_OF_ADDRESS = 64;
/** Pictures that cannot be made and are remembered, so that none is tried again. */
const MOST_FAILED = 1024;

/** A file that a picture may be in. */
interface Source {
  readonly file: FileRef;
  /** As of a job, or that ffmpeg finds it in the song. */
  readonly part: FilePart | "embedded" | "ffmpeg";
}

type PicturedSong = SongEntry & Pick<KnownSong, "decoding">;

type Jpeg = Uint8Array<ArrayBuffer>;

interface Wanted {
  /** The most pixels of the longer side. */
  size: number;
  /** Of the client; absent: the server itself. */
  address?: string;
}

export class SongPictures {
  readonly #folder: SongFolder;
  readonly #pool: Pick<DecoderPool, "run">;
  readonly #ffmpeg: () => Promise<Pick<Ffmpeg, "picture"> | null>;
  readonly #kept = new Map<string, Jpeg>();
  #keptBytes = 0;
  readonly #making = new Map<string, Promise<Jpeg>>();
  readonly #tally = new AddressTally(MOST_OF_ADDRESS);
  readonly #failed = new LruCache<string, OndacastError>(MOST_FAILED);

  constructor(
    folder: SongFolder,
    pool: Pick<DecoderPool, "run">,
    ffmpeg: () => Promise<Pick<Ffmpeg, "picture"> | null>,
  ) {
    this.#folder = folder;
    this.#pool = pool;
    this.#ffmpeg = ffmpeg;
  }

  /**
   * The picture of a song; null: it has none.
   *
   * @param cover The picture of its folder.
   * @throws {OndacastError} `not-found`, `bad-name`.
   */
  async of(song: PicturedSong, cover?: string): Promise<SongPicture | null> {
    const files = [
      ...(song.hasArt ? [{ name: song.name, of: song }] : []),
      ...(cover === undefined ? [] : [{ name: cover, of: null }]),
    ];
    if (files.length === 0) return null;
    const found = await Promise.all(
      files.map(({ name, of }) => this.#find(name, of)),
    );
    const sources = found.map(({ source }) => source);
    const etag = found.map(({ stamp }) => stamp).join("-");
    // Songs of a folder share its picture.
    const key = [etag, ...files.map(({ name }) => name)].join("/");
    const shrunk = (size: number, address?: string) =>
      this.#get(`${size} ${key}`, sources, { size, address });
    return { etag, shrunk };
  }

  /** @param song The song that the file is; null: it is a picture. */
  async #find(
    name: string,
    song: PicturedSong | null,
  ): Promise<{ source: Source; stamp: string }> {
    try {
      using file = await this.#folder.open(name);
      const info = file.statSync();
      const whole = { offset: 0, bytes: info.size };
      const part = song === null ? whole : await embeddedPart(file, song);
      const path = await this.#folder.path(name);
      const stamp = bareStamp(stampOf(info));
      return { source: { file: fileRef(path, info), part }, stamp };
    } catch (cause) {
      throw cannotOpen(name, cause);
    }
  }

  async #get(key: string, sources: Source[], as: Wanted): Promise<Jpeg> {
    const kept = this.#kept.get(key);
    if (kept) {
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return kept;
    }
    const failed = this.#failed.get(key);
    if (failed) throw failed;
    const making = this.#making.get(key);
    if (making) return await making;
    const { address = "" } = as;
    if (this.#making.size >= MOST_WAITING || !this.#tally.enter(address)) {
      throw new OndacastError(
        "busy",
        "Cannot make the picture now: too many wait for it",
      );
    }
    const made = this.#make(sources, as).catch((error) => {
      const isFinal = error.code === "unsupported" &&
        !(error.cause instanceof DecoderFailure); // It may have been suspended.
      if (isFinal) this.#failed.set(key, error);
      throw error;
    }).finally(() => {
      this.#making.delete(key);
      this.#tally.leave(address);
    });
    this.#making.set(key, made);
    const picture = await made;
    this.#keep(key, picture);
    return picture;
  }

  /** Makes the first picture that can be. */
  async #make([source, ...others]: Source[], as: Wanted): Promise<Jpeg> {
    const { file } = source;
    const { size, address } = as;
    try {
      const part = source.part === "ffmpeg"
        ? await (await this.#ffmpeg())?.picture(file.path, address) ?? NOTHING
        : source.part;
      const job = { type: "picture", file, part, size } as const;
      return (await this.#pool.run(job, "probe", address).result).picture;
    } catch (error) {
      const isOfPicture = error instanceof DecoderFailure ||
        error instanceof OndacastError && NO_PICTURE.has(error.code);
      if (!isOfPicture) throw error;
      if (others.length > 0) return await this.#make(others, as);
      throw new OndacastError("unsupported", error.message, { cause: error });
    }
  }

  #keep(key: string, picture: Jpeg): void {
    this.#kept.set(key, picture);
    this.#keptBytes += picture.length;
    for (const [oldest, { length }] of this.#kept) {
      if (this.#keptBytes <= MAX_KEPT_BYTES) break;
      this.#kept.delete(oldest);
      this.#keptBytes -= length;
    }
  }
}

/** Where the picture of a song lies: a WAV is read here, others by a decoder. */
async function embeddedPart(
  file: Deno.FsFile,
  { codec, format, decoding }: PicturedSong,
): Promise<Source["part"]> {
  if (decoding?.ffmpeg) return "ffmpeg";
  if (codec !== undefined || format === null) return "embedded";
  const { art } = await readWavTags(fileBytes(file), format);
  return art ?? NOWHERE;
}

const NOWHERE: FilePart = { offset: 0, bytes: 0 };
const NOTHING = new Uint8Array();

/** Codes of errors that a damaged picture or song causes. */
const NO_PICTURE: ReadonlySet<string> = new Set(["unsupported", "not-wav"]);
