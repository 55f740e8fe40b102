/**
 * The songs of the server, as groups play them: through the pages that all
 * listeners share.
 *
 * @module
 */

import { sampleFrameBytes } from "../audio/format.ts";
import type { OpenSong, SongStore } from "../ports/server.ts";
import type { SongEntry } from "../ports/song_entry.ts";
import { playable } from "./find_song.ts";
import type { GroupSongs as Songs } from "./groups/world.ts";
import type { LiveSongs } from "./live/live_songs.ts";
import { FIRST_BATCH_BYTES } from "./send_song.ts";
import type { SongPages } from "./song_pages.ts";

export class GroupSongs implements Songs {
  readonly #songs: SongStore;
  readonly #live: Pick<LiveSongs, "awaited">;
  readonly #pages: SongPages;

  constructor(
    songs: SongStore,
    live: Pick<LiveSongs, "awaited">,
    pages: SongPages,
  ) {
    this.#songs = songs;
    this.#live = live;
    this.#pages = pages;
  }

  find(name: string): SongEntry | undefined {
    return this.#songs.get(name) ??
      this.#songs.get(this.#songs.presentName(name));
  }

  async open(name: string): Promise<OpenSong> {
    const found = this.find(name) ?? await this.#live.awaited(name);
    const entry = playable(found, name);
    const song = await this.#songs.open(entry);
    this.#songs.wantHash(song.entry);
    return song;
  }

  async load(song: OpenSong, fromFrame: number): Promise<void> {
    if (song.live) return;
    const { format, bytes } = song.entry;
    const { dataOffset } = format!;
    const offset = fromFrame === 0
      ? 0
      : dataOffset + fromFrame * sampleFrameBytes(format!);
    const left = (bytes ?? Infinity) - offset;
    await this.#pages.load(song, offset, Math.min(left, FIRST_BATCH_BYTES));
  }
}
