/**
 * The playlists of the song folder, and the number of their songs that exist.
 *
 * @module
 */

import type { Listed, PlaylistEntry } from "../ports/library.ts";
import type { Turns } from "../ports/server.ts";
import type { Catalog } from "./catalog.ts";
import type { Tagged } from "./song_table.ts";
import { naturalKey } from "./natural_order.ts";
import { songsOfPlaylist } from "./selection.ts";
import { joinKeys, sortByKey } from "./sort_key.ts";

/** The songs of a playlist by name; null: it lies outside the song folder. */
export type Entries = readonly (string | null)[];

export class Playlists {
  /** The entries of each playlist, by its name. */
  readonly entries: ReadonlyMap<string, Entries>;
  /** The counts for the latest catalogue. */
  #counted: { of: object; listed: Promise<Listed<PlaylistEntry>> } | null =
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
    const { version } = catalog;
    if (this.#counted?.of === version) {
      return { ...await this.#counted.listed, compared: 0 };
    }
    const listed = this.#count(catalog, turns);
    this.#counted = { of: version, listed };
    return await listed;
  }

  async #count<T extends Tagged>(
    catalog: Catalog<T>,
    turns: Turns,
  ): Promise<Listed<PlaylistEntry>> {
    const rows: PlaylistEntry[] = [];
    let compared = 0;
    const all = [...this.entries];
    const sorted = await sortByKey(
      all.keys(),
      (index) => joinKeys(naturalKey(all[index][0]), all[index][0]),
      turns,
    );
    for (const index of sorted) {
      const [name, entries] = all[index];
      const found = await songsOfPlaylist(entries, catalog, turns);
      const songs = found.songs.filter((song) => song !== undefined).length;
      rows.push({ name, songs, missing: entries.length - songs });
      compared += 1 + found.compared;
    }
    return { rows, more: false, total: rows.length, compared };
  }
}
