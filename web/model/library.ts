/**
 * The server's songs, and the search results among them.
 *
 * @module
 */

import { computed, signal } from "./signals.ts";
import { listSongs } from "../../lib/client/song_list.ts";
import { foldText, sortNaturally } from "../../lib/model/natural_order.ts";
import type { SongRow } from "../../lib/wire/messages.ts";
import { notifyError } from "./notices.ts";
import type { Tab } from "./tab.ts";

export class Library {
  /** All songs, in natural order; null: not known yet. */
  readonly songs = signal<SongRow[] | null>(null);
  readonly search = signal("");
  readonly #keyed = computed(() =>
    (this.songs.value ?? []).map((song) => ({ song, key: keyOf(song) }))
  );
  /** The songs that match the search. */
  readonly found = computed(() => {
    const words = foldText(this.search.value).split(/\s+/).filter(Boolean);
    return this.#keyed.value
      .filter(({ key }) => words.every((word) => key.includes(word)))
      .map(({ song }) => song);
  });
  readonly #byName = computed(() =>
    new Map((this.songs.value ?? []).map((song) => [song.name, song]))
  );
  readonly #tab: Tab;
  #loading = false;
  /** Whether the list may have changed since the running request. */
  #again = false;

  constructor(tab: Tab) {
    this.#tab = tab;
  }

  named(name: string): SongRow | undefined {
    return this.#byName.value.get(name);
  }

  /** Shows only songs whose names contain all of these words. */
  find(text: string): void {
    this.search.value = text;
  }

  /** Fetches the list again. */
  async refresh(): Promise<void> {
    const session = this.#tab.link.current;
    this.#again = this.#loading;
    if (session === null || this.#loading) return;
    this.#loading = true;
    try {
      this.songs.value = sortNaturally(
        await listSongs(session),
        ({ name }) => name,
      );
    } catch (error) {
      if (session.failure === null) notifyError(error);
    } finally {
      this.#loading = false;
    }
    if (this.#again) await this.refresh();
  }
}

/** What is searched: the name and the tags. */
function keyOf({ name, title, artist, album, albumArtist }: SongRow): string {
  const texts = [name, title, artist, album, albumArtist];
  return foldText(texts.filter((text) => text !== undefined).join(" "));
}
