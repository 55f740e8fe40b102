/**
 * The songs of the server as they come, page by page: in order, by name and by
 * folder. Texts that many songs share are kept once.
 *
 * @module
 */

import type { SongRow } from "../../lib/wire/messages.ts";
import { type Folder, foldersOf } from "./folders.ts";

export class SongIndex {
  readonly songs: SongRow[] = [];
  readonly #byName = new Map<string, SongRow>();
  readonly #before: SongIndex | null;
  readonly #texts = new Map<string, string>();
  #folders = foldersOf([]);

  /** @param before What was known until now: songs that are the same are kept. */
  constructor(before: SongIndex | null = null) {
    this.#before = before;
  }

  /** By path; see {@linkcode foldersOf}. */
  get folders(): ReadonlyMap<string, Folder> {
    return this.#folders;
  }

  named(name: string): SongRow | undefined {
    return this.#byName.get(name);
  }

  /** Adds the songs that follow. @returns As they are kept. */
  add(page: readonly SongRow[]): SongRow[] {
    const kept = page.map((row) => this.#kept(row));
    for (const song of kept) {
      this.songs.push(song);
      this.#byName.set(song.name, song);
    }
    this.#folders = foldersOf(kept, this.#folders);
    return kept;
  }

  #kept(row: SongRow): SongRow {
    const song = this.#compact(row);
    const known = this.#before?.named(row.name);
    return known && isSame(known, song) ? known : song;
  }

  /** What the page shows of a song, as an object of one shape. */
  #compact(row: SongRow): SongRow {
    return {
      name: row.name,
      title: row.title,
      artist: this.#shared(row.artist),
      album: this.#shared(row.album),
      albumArtist: this.#shared(row.albumArtist),
      track: row.track,
      art: row.art,
      seconds: row.seconds,
      bytes: row.bytes,
      etag: row.etag,
      format: row.format,
      problem: row.problem,
      reason: row.reason,
      node: this.#shared(row.node),
    };
  }

  #shared(text: string | undefined): string | undefined {
    if (text === undefined) return undefined;
    const known = this.#texts.get(text);
    if (known === undefined) this.#texts.set(text, text);
    return known ?? text;
  }
}

function isSame(a: SongRow, b: SongRow): boolean {
  return a.etag === b.etag && a.problem === b.problem &&
    a.seconds === b.seconds && a.art === b.art && a.title === b.title &&
    a.artist === b.artist && a.album === b.album &&
    a.albumArtist === b.albumArtist && a.track === b.track &&
    a.node === b.node;
}
