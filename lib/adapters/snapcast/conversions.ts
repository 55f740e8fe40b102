/**
 * The songs that are converted for rooms: one conversion for all rooms of a group,
 * and for all songs of one rate that follow each other, unless they are live.
 *
 * @module
 */

import type { OpenResampler } from "../../audio/resampler.ts";
import type { OpenSong } from "../../ports/server.ts";
import { ConvertedLive } from "./converted_live.ts";
import type { ConvertedSound, Pause } from "./converted_sound.ts";
import { ConvertedSongs } from "./converted_songs.ts";
import type { JoinedSong } from "./joined_songs.ts";

/** A room's use of a song's conversion. */
export interface Conversion {
  /** What the song is a part of. */
  readonly sound: ConvertedSound;
  readonly song: JoinedSong;
  /** Ends the use. Call it once. */
  release(): void;
}

/** A row, and how many rooms use each song of it. */
interface Shared {
  readonly group: string;
  readonly row: ConvertedSongs;
  readonly users: Map<JoinedSong, number>;
}

/** A live song, which groups hear at much the same time, and how many rooms use it. */
interface SharedLive {
  readonly sound: ConvertedLive;
  users: number;
}

export class Conversions {
  readonly #open: OpenResampler;
  readonly #pause: Pause;
  readonly #all = new Set<Shared>();
  readonly #live = new Set<SharedLive>();

  constructor(open: OpenResampler, pause: Pause) {
    this.#open = open;
    this.#pause = pause;
  }

  /** Rows and live songs that are being converted. */
  get size(): number {
    return this.#all.size + this.#live.size;
  }

  /**
   * @param song Closed once it is no longer used, or at once if it is converted
   * already.
   * @param follows The conversion after whose last sample frame it sounds.
   */
  use(song: OpenSong, group: string, follows?: Conversion): Conversion {
    if (song.live) return this.#ofLive(song);
    return this.#inRow(song, follows) ?? this.#found(song, group) ??
      this.#begun(song, group);
  }

  #ofLive(song: OpenSong): Conversion {
    let shared = this.#live.values()
      .find((it) => it.sound.song.song.live === song.live);
    if (shared) song.close();
    else {
      const sound = new ConvertedLive(song, this.#open, this.#pause);
      this.#live.add(shared = { sound, users: 0 });
    }
    const used = shared;
    used.users++;
    const release = () => {
      if (--used.users > 0) return;
      this.#live.delete(used);
      used.sound.song.song.close();
    };
    return { sound: used.sound, song: used.sound.song, release };
  }

  /** Of songs that might follow one, the song that was asked for last does. */
  #inRow(song: OpenSong, follows?: Conversion): Conversion | null {
    const { rate } = song.entry.format!;
    if (!follows || follows.sound.rateHz !== rate) return null;
    const shared = this.#all.values().find(({ row }) => row === follows.sound);
    if (!shared?.row.songs.includes(follows.song)) return null;
    const { row } = shared;
    const next = row.after(follows.song);
    if (next && !next.failure && isSame(next.song, song)) {
      return this.#shared(shared, next, song);
    }
    if (next) row.removeFrom(next);
    return this.#used(shared, row.add(song));
  }

  #found(song: OpenSong, group: string): Conversion | null {
    for (const shared of this.#all) {
      if (shared.group !== group) continue;
      const same = shared.row.songs.find((it) =>
        shared.users.has(it) && isSame(it.song, song)
      );
      if (same) return this.#shared(shared, same, song);
    }
    return null;
  }

  #begun(song: OpenSong, group: string): Conversion {
    const { rate } = song.entry.format!;
    const row = new ConvertedSongs(rate, this.#open, this.#pause);
    const shared = { group, row, users: new Map() };
    this.#all.add(shared);
    return this.#used(shared, row.add(song));
  }

  #shared(shared: Shared, song: JoinedSong, other: OpenSong): Conversion {
    other.close();
    return this.#used(shared, song);
  }

  #used(shared: Shared, song: JoinedSong): Conversion {
    const { row, users } = shared;
    users.set(song, (users.get(song) ?? 0) + 1);
    const release = () => {
      const left = users.get(song)! - 1;
      if (left > 0) users.set(song, left);
      else users.delete(song);
      this.#trim(shared);
    };
    return { sound: row, song, release };
  }

  /** Removes the songs before the first one in use, and those after the last. */
  #trim(shared: Shared): void {
    const { row, users } = shared;
    const isUsed = (it: JoinedSong) => users.has(it);
    const first = row.songs.find(isUsed);
    const unused = row.songs[row.songs.findLastIndex(isUsed) + 1];
    if (unused) row.removeFrom(unused);
    if (first) row.removeBefore(first);
    else this.#all.delete(shared);
  }
}

function isSame({ entry }: OpenSong, other: OpenSong): boolean {
  return entry.name === other.entry.name && entry.etag === other.entry.etag;
}
