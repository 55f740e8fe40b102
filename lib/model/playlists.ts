/**
 * The playlists of the song folder, and the number of their songs that exist.
 *
 * @module
 */

import type { Listed, PlaylistEntry } from "../ports/library.ts";
import type { Turns } from "../ports/server.ts";
import type { Catalog } from "./catalog.ts";
import type { Tagged } from "./catalog_rows.ts";
import { naturalKey } from "./natural_order.ts";
import { songsOfPlaylist } from "./selection.ts";
import { sortByKey } from "./sort_key.ts";

/** The songs of a playlist by name; null: it lies outside the song folder. */
export type Entries = readonly (string | null)[];

export class Playlists {
  /** The entries of each playlist, by its name. */
  readonly entries: ReadonlyMap<string, Entries>;
  /** The counts for the latest catalogue. */
  #counted: { of: unknown; listed: Promise<Listed<PlaylistEntry>> } | null =
    null;

  constructor(entries: ReadonlyMap<string, Entries>) {
    this.entries = entries;
  }

  /**
   * All playlists by natural name, in small steps. The first to ask after a change
   * is charged for their count.
   */
  async list<T extends Tagged>(
    catalog: Catalog<T>,
    turns: Turns,
  ): Promise<Listed<PlaylistEntry>> {
    const { songs } = catalog;
    if (this.#counted?.of === songs) {
      return { ...await this.#counted.listed, compared: 0 };
    }
    const listed = this.#count(catalog, turns);
    this.#counted = { of: songs, listed };
    return await listed;
  }

  async #count<T extends Tagged>(
    catalog: Catalog<T>,
    turns: Turns,
  ): Promise<Listed<PlaylistEntry>> {
    const rows: PlaylistEntry[] = [];
    let compared = 0;
    const sorted = await sortByKey(
      [...this.entries],
      ([name]) => [naturalKey(name), name],
      turns,
    );
    for (const [name, entries] of sorted) {
      const found = await songsOfPlaylist(entries, catalog, turns);
      const songs = found.songs.filter((song) => song !== undefined).length;
      rows.push({ name, songs, missing: entries.length - songs });
      compared += 1 + found.compared;
    }
    return { rows, more: false, total: rows.length, compared };
  }
}
