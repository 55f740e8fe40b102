/**
 * Identifies the content of song files. Known properties are kept while the stamp
 * or the probe is unchanged, so only new content is read. New properties go into
 * the {@linkcode SongIndex}.
 *
 * @module
 */

import { NEEDS_FFMPEG } from "../../model/row_reason.ts";
import { describeFileError } from "../disk/describe_file_error.ts";
import type { FoundSong, Skipped } from "./folder_walk.ts";
import {
  bareStamp,
  isFresh,
  isSameMtime,
  isSameStamp,
  probeOf,
  readerOf,
  sizeOf,
  stampOf,
} from "./file_stamp.ts";
import { decodedParts, type KnownSong } from "./known_song.ts";
import type { SongIndex } from "./song_index.ts";
import type { Decoders } from "../codecs/decoders.ts";
import { contentOfEtag, etagOf } from "./song_etag.ts";
import type { SongFolder } from "./song_folder.ts";
import { fileRef, lookIntoSong, type SongFile } from "./song_file.ts";

/** Called with problems of files. */
export interface SongFilesEvents {
  /** A file was skipped. */
  skipped?: Skipped;
  /** A file is listed, but cannot be read. */
  unreadable?: Skipped;
  /** A song cannot be decoded as it should be; a part of it may be silent. */
  damaged?: Skipped;
  /** The index cannot be written. */
  indexFailed?: (error: Error) => void;
}

export class KnownSongs {
  readonly index: SongIndex;
  /**
   * Names of songs whose files were modified without a change of length: editing
   * tags in place does not change it.
   */
  readonly retagged = new Set<string>();
  readonly #folder: SongFolder;
  readonly #events: SongFilesEvents;
  readonly #decoders: Decoders;
  readonly #moved: (song: KnownSong) => void;

  /**
   * @param decoders Examine files other than WAVs.
   * @param moved Called with a song of known SHA-256 whose file has the same probe
   * but another modification time.
   */
  constructor(
    folder: SongFolder,
    index: SongIndex,
    events: SongFilesEvents,
    decoders: Decoders,
    moved: (song: KnownSong) => void,
  ) {
    this.#folder = folder;
    this.index = index;
    this.#events = events;
    this.#decoders = decoders;
    this.#moved = moved;
  }

  /**
   * Makes a song of a file that was found; null if it is not a file. If the length
   * is unchanged, the content is verified only when the song is opened, so that
   * linking, copying or changing the mode of a whole collection needs no reads.
   * With many songs every system call counts, so links of plain files are not
   * resolved, and new ones are not examined before they are opened.
   */
  async look(
    found: FoundSong,
    known: KnownSong | undefined,
  ): Promise<KnownSong | null> {
    const before = known ?? this.index.get(found.name);
    return await this.#read(found, before, isAsBefore);
  }

  async #read(
    { name, isPlain }: FoundSong,
    before: KnownSong | undefined,
    keeps: (before: KnownSong, info: Deno.FileInfo) => boolean,
  ): Promise<KnownSong | null> {
    try {
      const path = isPlain
        ? this.#folder.plainPath(name)
        : await this.#folder.path(name);
      if (before || !isPlain) {
        const info = await Deno.stat(path);
        if (!info.isFile) return null;
        if (before && keeps(before, info) && await this.#isStillSo(before)) {
          const seen = before.tagsStamp ?? before.stamp;
          if (!isSameMtime(stampOf(info), seen)) this.retagged.add(name);
          return before;
        }
      }
      const file = await lookIntoSong(path, this.#decoders);
      const same = before && await this.#isOf(before, name, file);
      return this.#learn(name, file, before, same === true);
    } catch (error) {
      this.#events.skipped?.(name, describeFileError(error));
      return null;
    }
  }

  /**
   * Whether a file that was read has the content that a song had. If its whole
   * content was known, it may only have been linked or given other permissions.
   */
  async #isOf(
    before: KnownSong,
    name: string,
    { info }: SongFile,
  ): Promise<boolean> {
    const stamp = stampOf(info);
    if (isSameStamp(before.stamp, stamp)) return true;
    const { probe } = before;
    if (probe === undefined || info.size !== sizeOf(before.stamp)) return false;
    const isTouched = !isSameMtime(stamp, before.stamp);
    if (isTouched && fileHash(before) !== undefined) return false;
    using file = await this.#folder.open(name);
    return await probeOf(readerOf(file), info.size) === probe &&
      isSameStamp(stampOf(file.statSync()), stamp);
  }

  /**
   * Reads the tags of a song again; the same song if they cannot be read. The
   * content itself is verified when the song is opened.
   */
  async retag(song: KnownSong): Promise<KnownSong> {
    try {
      const path = await this.#folder.path(song.name);
      const { info, tags, hasArt } = await lookIntoSong(path, this.#decoders);
      const tagsStamp = bareStamp(stampOf(info));
      return { ...song, tagsStamp, tags, hasArt };
    } catch {
      return song; // The next scan reports why.
    }
  }

  /** Whether ffmpeg, if the song depends on it, is still the same version or missing. */
  async #isStillSo({ decoding, problem, problemText }: KnownSong) {
    if (decoding?.ffmpeg) {
      const { version } = decoding.ffmpeg;
      return (await this.#decoders.ffmpeg())?.version === version;
    }
    if (problem !== "unsupported" || !problemText?.endsWith(NEEDS_FFMPEG)) {
      return true;
    }
    return await this.#decoders.ffmpeg() === null;
  }

  /** Reads a song's file, ignoring known properties; null if it is not a file. */
  read(name: string): Promise<KnownSong | null> {
    return this.#read({ name, isPlain: false }, undefined, () => false);
  }

  /**
   * Re-reads a song, verifying its content if the stamp has changed; null if it is
   * missing.
   */
  async again(before: KnownSong): Promise<KnownSong | null> {
    const { name, probe } = before;
    let isOther = false;
    let keeps: typeof isAsBefore = () => false;
    try {
      using file = await this.#folder.open(name);
      const info = file.statSync();
      const stamp = stampOf(info);
      if (stamp === before.stamp && !isFresh(stamp)) return before;
      const isSame = probe === undefined
        ? isSameStamp(stamp, before.stamp)
        : info.size === sizeOf(before.stamp) &&
          await probeOf(readerOf(file), info.size) === probe;
      if (isSame && stampOf(file.statSync()) === stamp) {
        const old = before.stamp;
        before.stamp = stamp;
        this.learned(before, old);
        return before;
      }
      isOther = !isSame;
    } catch (error) {
      // If the file temporarily cannot be opened, assume it is unchanged.
      const isLasting = error instanceof Deno.errors.PermissionDenied;
      if (!isLasting) keeps = isAsBefore;
    }
    const now = await this.#read(
      { name, isPlain: false },
      isOther ? undefined : before,
      keeps,
    );
    if (!isOther || now === null) return now;
    // An edited song is no more recent than it was.
    const edited = { ...now, added: before.added ?? now.added };
    // In a fresh file, new content may have the same stamp as before.
    if (now.etag !== before.etag) return edited;
    const content = `${contentOfEtag(now.etag)}-${crypto.randomUUID()}`;
    return { ...edited, etag: etagOf(content, now.decoding) };
  }

  /** The sample frames of a song whose length is estimated; null: it has changed. */
  async count(song: KnownSong, address?: string): Promise<number | null> {
    using file = await this.#folder.open(song.name);
    const info = file.statSync();
    if (!isSameStamp(stampOf(info), song.stamp)) return null;
    const ref = fileRef(await this.#folder.path(song.name), info);
    const job = { type: "probe", file: ref, effort: "whole" } as const;
    const { pool } = this.#decoders;
    return (await pool.run(job, 0, address).result).sampleFrames;
  }

  /** Computes a song's probe, unless its file has changed. */
  async probe(song: KnownSong): Promise<void> {
    try {
      using file = await this.#folder.open(song.name);
      const stamp = stampOf(file.statSync());
      if (!isSameStamp(stamp, song.stamp)) return;
      const probe = await probeOf(readerOf(file), sizeOf(stamp));
      if (!isSameStamp(stampOf(file.statSync()), stamp)) return;
      this.index.patch(song, { stamp, probe });
    } catch {
      // The next scan reports why.
    }
  }

  /** Stores new properties of a song whose content is unchanged. */
  learned(song: KnownSong, stampBefore: string): void {
    const { stamp, probe } = song;
    this.index.patch(song, { stamp, ...(probe !== undefined && { probe }) });
    if (fileHash(song) !== undefined && !isSameMtime(stamp, stampBefore)) {
      this.#moved(song);
    }
  }

  #learn(
    name: string,
    { info, decoding, ...content }: SongFile,
    before: KnownSong | undefined,
    isSame: boolean,
  ): KnownSong {
    const stamp = stampOf(info);
    if (content.problem === "internal" && before?.problem !== "internal") {
      this.#events.unreadable?.(name, content.problemText ?? content.problem);
    }
    const same = before && isSame ? before : null;
    const etag = etagOf(
      same ? contentOfEtag(same.etag) : bareStamp(stamp),
      decoding,
    );
    const sha256 = same?.etag === etag ? same.sha256 : undefined;
    const mtime = Math.floor((info.mtime?.getTime() ?? 0) / 1000);
    const isOld = before !== undefined || this.index.isNew;
    return {
      ...(sha256 !== undefined && { sha256 }),
      ...(same?.probe !== undefined && { probe: same.probe }),
      ...{ name, stamp, etag },
      added: before?.added ?? (isOld ? mtime : Math.floor(Date.now() / 1000)),
      ...content,
      ...(decoding && decodedParts(decoding, stamp, same?.file?.sha256)),
    };
  }
}

/** The SHA-256 of a song's file as it is stored, if known. */
export function fileHash(song: KnownSong): string | undefined {
  return song.file ? song.file.sha256 : song.sha256;
}

/** Whether a file can be assumed unchanged, from its stamp and length. */
function isAsBefore(before: KnownSong, info: Deno.FileInfo): boolean {
  if (before.isOutdated) return false;
  // A failure of this machine may be over, and says nothing about the song.
  if (before.problem === "internal") return false;
  if (stampOf(info) === before.stamp) return true;
  // An unplayable song is never opened, so a change would stay unnoticed.
  return info.size === sizeOf(before.stamp) && before.format !== null;
}
