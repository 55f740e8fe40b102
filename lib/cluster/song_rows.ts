/**
 * The rows of the songs of all servers in one catalogue, each content of a name once.
 *
 * @module
 */

import type { Catalog } from "../model/catalog.ts";
import type { Turns } from "../ports/server.ts";
import type { SongEntry } from "../ports/song_entry.ts";
import type { OtherSongs } from "./other_songs.ts";
import type { OwnSongs } from "./own_songs.ts";
import { isSame } from "./placed_name.ts";

export interface SongRowsWorld {
  readonly own: OwnSongs;
  readonly others: OtherSongs;
  readonly catalog: Catalog<SongEntry>;
  readonly turns: Turns;
}

export class SongRows {
  readonly #world: SongRowsWorld;
  /** Names whose rows may have changed. */
  readonly #dirty = new Set<string>();
  /** Names of rows for each name of a song. */
  readonly #rows = new Map<string, string[]>();
  #isUpdating = false;

  constructor(world: SongRowsWorld) {
    this.#world = world;
  }

  /** Brings the rows of a name up to date, soon. */
  update(name: string): void {
    this.#dirty.add(name);
    if (!this.#isUpdating) this.#updateAll();
  }

  async #updateAll(): Promise<void> {
    const { catalog, turns } = this.#world;
    this.#isUpdating = true;
    await null; // Changes come in groups.
    while (this.#dirty.size > 0) {
      const songs: SongEntry[] = [];
      const gone: string[] = [];
      for (const name of this.#dirty) {
        this.#dirty.delete(name);
        const rows = this.#rowsOf(name);
        const before = this.#rows.get(name) ?? [];
        const now = new Set(rows.map((it) => it.name));
        gone.push(...before.filter((it) => !now.has(it)));
        songs.push(...rows);
        if (now.size > 0) this.#rows.set(name, [...now]);
        else this.#rows.delete(name);
        const turn = turns.next(8, "background");
        if (turn) await turn;
      }
      await catalog.change(songs, gone, turns);
    }
    this.#isUpdating = false;
  }

  #rowsOf(name: string): SongEntry[] {
    const { own, others } = this.#world;
    const here = own.get(name);
    const rows = here ? [here] : [];
    for (const { node, entry } of others.named(name)) {
      if (rows.some((it) => isSame(it, entry))) continue;
      const isBare = rows.length === 0;
      rows.push(isBare ? entry : { ...entry, name: `${node.name}:${name}` });
    }
    return rows;
  }
}
