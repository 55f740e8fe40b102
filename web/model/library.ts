/**
 * The server's songs, which come in small pages: each is read within a frame.
 *
 * @module
 */

import { allPages } from "../../lib/client/all_pages.ts";
import type { ClientSession } from "../../lib/client/client_session.ts";
import { LIBRARY_BOUNDS } from "../../lib/client/song_list.ts";
import type { SongRow } from "../../lib/wire/messages.ts";
import type { Folder } from "./folders.ts";
import { notifyError } from "./notices.ts";
import { computed, signal } from "./signals.ts";
import { SongIndex } from "./song_index.ts";
import type { Reach } from "./errands.ts";

/** Songs that are asked for at once: first about as many as are in view. */
const PAGE_SONGS = { first: 50, most: 250 };
/** A large list is asked for again only after this many times its own duration. */
const REST = 20;

export class Library {
  /** The text that is searched for. */
  readonly search = signal("");
  readonly #known = signal<
    { index: SongIndex; songs: readonly SongRow[] } | null
  >(null);
  /** All songs in natural order, or those that have come; null: none has. */
  readonly songs = computed(() => this.#known.value?.songs ?? null);
  readonly #reach: Reach;
  #loading = false;
  /** Whether the list may have changed since the running request. */
  #again = false;
  /** When a look for changes is worth its time. */
  #restsUntilMs = 0;

  constructor(reach: Reach) {
    this.#reach = reach;
  }

  /** Their folders, by path, which more songs add to; null: none has come. */
  get folders(): ReadonlyMap<string, Folder> | null {
    return this.#known.value?.index.folders ?? null;
  }

  named(name: string): SongRow | undefined {
    return this.#known.value?.index.named(name);
  }

  /** The songs may have changed, as on any day. */
  async recheck(): Promise<void> {
    if (performance.now() >= this.#restsUntilMs) await this.refresh();
  }

  /** The songs have changed: fetches the list again. */
  async refresh(): Promise<void> {
    const { session } = this.#reach;
    this.#again = this.#loading;
    if (session === null || this.#loading) return;
    this.#loading = true;
    const startMs = performance.now();
    try {
      await this.#load(session);
    } catch (error) {
      if (session.failure === null) notifyError(error);
    } finally {
      this.#loading = false;
      const nowMs = performance.now();
      this.#restsUntilMs = nowMs + REST * (nowMs - startMs);
    }
    if (this.#again) await this.refresh();
  }

  /** At first, songs are shown while they come; later, once all have come. */
  async #load(session: ClientSession): Promise<void> {
    const before = this.#known.peek()?.index ?? null;
    const index = new SongIndex(before);
    let shown = 0;
    await allPages<SongRow>({
      what: "songs",
      bounds: LIBRARY_BOUNDS,
      ask: async (after) => {
        // As many again, so that the first are painted before many others come.
        const { first, most } = PAGE_SONGS;
        const limit = Math.min(most, Math.max(first, index.songs.length));
        const { songs, more, next } = await session.request({
          ...{ type: "list", sort: "natural", limit, after },
        });
        const rows = index.add(songs);
        // Each time twice as many, as each makes a copy.
        if (before === null && index.songs.length >= 2 * shown && more) {
          shown = index.songs.length;
          this.#show(index);
        }
        return { rows, more, next };
      },
    });
    this.#show(index);
  }

  #show(index: SongIndex): void {
    this.#known.value = { index, songs: [...index.songs] };
  }
}
