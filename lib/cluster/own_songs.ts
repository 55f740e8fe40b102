/**
 * The songs of this server, with the etags that their contents have everywhere.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import { passedSong } from "../model/passed_song.ts";
import type { OpenOptions, OpenSong, SongStore } from "../ports/server.ts";
import type { SongEntry } from "../ports/song_entry.ts";
import { eachName, type FewNames, withName, withoutName } from "./few_names.ts";
import { fileOfEtag, sharedEtag } from "./placed_name.ts";

/** The songs of the folder. */
export interface LocalSongs extends SongStore {
  /** Whether there is a song with exactly this name. */
  has(name: string): boolean;
  list(): Iterable<{ name: string }>;
  listen(changed: (name: string) => void): void;
  /** Requests the SHA-256 of a song's file, which is computed in the background. */
  wantFileHash(entry: SongEntry): void;
}

export class OwnSongs {
  readonly local: LocalSongs;
  readonly #place: string;
  /** Names by etag, and etags by name, of contents that are known. */
  readonly #names = new Map<string, FewNames>();
  readonly #etags = new Map<string, string>();

  /** @param place The name of this server. */
  constructor(local: LocalSongs, place: string) {
    this.local = local;
    this.#place = place;
  }

  get(name: string): SongEntry | undefined {
    const own = this.local.get(name);
    return own && this.#dress(own);
  }

  find(name: string): SongEntry | undefined {
    const own = this.local.find(name);
    return own && this.#dress(own);
  }

  /**
   * A song with the etag that it had before its content or its length was known, so
   * that streams that began then go on.
   */
  asBefore(
    entry: SongEntry | undefined,
    etag: string,
  ): SongEntry | undefined {
    const own = entry && this.#sending(entry.name, etag);
    return own && { ...this.#dress(own), etag };
  }

  /** One that sends what this etag names. */
  withEtag(etag: string): SongEntry | undefined {
    for (const name of eachName(this.#names.get(etag))) {
      const own = this.get(name);
      if (own?.etag === etag) return own;
    }
  }

  /** @throws {OndacastError} `not-found`, `changed`. */
  async open(
    name: string,
    etag: string,
    options?: OpenOptions,
  ): Promise<OpenSong> {
    const own = this.local.get(name);
    if (!own) throw missing(name);
    const meant = this.#sending(name, etag);
    const song = await this.local.open(meant ?? own, options);
    const entry = this.#dress(song.entry);
    const isMeant = song.entry.etag === meant?.etag;
    return passedSong(song, { entry: isMeant ? { ...entry, etag } : entry });
  }

  /**
   * Opens an own song in the place of another server's with the same content.
   *
   * @returns Null: none has it, though the last scan may have seen one.
   */
  async openCopy(
    { name, place, etag }: SongEntry,
    options?: OpenOptions,
  ): Promise<OpenSong | null> {
    const own = this.withEtag(etag);
    if (!own) return null;
    const song = await this.open(own.name, etag, options).catch(gone);
    if (song?.entry.etag === etag) {
      return passedSong(song, { entry: { ...song.entry, name, place } });
    }
    song?.close();
    return null;
  }

  /** Notes that a song may have changed. @returns Null: it is gone. */
  changed(name: string): SongEntry | null {
    const own = this.local.get(name);
    if (own) this.local.wantFileHash(own);
    const entry = own ? this.#dress(own) : null;
    const before = this.#etags.get(name);
    if (before !== undefined) {
      const left = withoutName(this.#names.get(before), name);
      if (left === undefined) this.#names.delete(before);
      else this.#names.set(before, left);
    }
    if (entry?.content === undefined) this.#etags.delete(name);
    else {
      this.#etags.set(name, entry.etag);
      this.#names.set(entry.etag, withName(this.#names.get(entry.etag), name));
    }
    return entry;
  }

  /** The song of the folder that sends what an etag of here or of everywhere names. */
  #sending(name: string, etag: string): SongEntry | undefined {
    const own = this.local.get(name);
    if (!own) return undefined;
    const { content } = this.#dress(own);
    const isShared = content !== undefined &&
      sharedEtag(etag, content) === etag;
    const local = isShared ? localEtag(etag, own) : etag;
    const sent = own.etag === local ? own : this.local.find(name, local);
    return sent?.etag === local ? sent : undefined;
  }

  #dress(entry: SongEntry): SongEntry {
    const content = entry.file ? entry.file.sha256 : entry.sha256;
    return {
      ...entry,
      place: this.#place,
      ...(content !== undefined && {
        content,
        etag: sharedEtag(entry.etag, content),
      }),
      get sha256() {
        return entry.sha256;
      },
    };
  }
}

/** What the folder calls what is decoded as a shared etag says. */
function localEtag(shared: string, own: SongEntry): string {
  return sharedEtag(shared, fileOfEtag(own.etag));
}

/** The file of a copy may be gone or unreadable; a limit holds for other servers, too. */
function gone(error: unknown): null {
  if (error instanceof OndacastError && error.code === "busy") throw error;
  return null;
}

export function missing(name: string): OndacastError {
  return new OndacastError(
    "not-found",
    `Cannot find the song ${JSON.stringify(name)}`,
  );
}
