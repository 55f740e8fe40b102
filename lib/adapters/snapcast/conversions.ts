/**
 * The songs that are converted for rooms: one conversion for all rooms of a group.
 *
 * @module
 */

import type { OpenResampler } from "../../audio/resampler.ts";
import type { OpenSong } from "../../ports/server.ts";
import { ConvertedSong, type Pause } from "./converted_song.ts";

/** A room's use of a conversion. */
export interface Conversion {
  readonly song: ConvertedSong;
  /** Ends the use. Call it once. */
  release(): void;
}

export class Conversions {
  readonly #open: OpenResampler;
  readonly #pause: Pause;
  readonly #byKey = new Map<string, { song: ConvertedSong; users: number }>();

  constructor(open: OpenResampler, pause: Pause) {
    this.#open = open;
    this.#pause = pause;
  }

  /** Conversions under way. */
  get size(): number {
    return this.#byKey.size;
  }

  /** @param song Closed with the conversion, or at once if there is one. */
  use(song: OpenSong, group: string): Conversion {
    const { name, etag } = song.entry;
    const key = JSON.stringify([group, name, etag]);
    let shared = this.#byKey.get(key);
    if (shared) song.close();
    else {
      const made = new ConvertedSong(song, this.#open, this.#pause);
      shared = { song: made, users: 0 };
      this.#byKey.set(key, shared);
    }
    const used = shared;
    used.users++;
    const release = () => {
      if (--used.users > 0) return;
      this.#byKey.delete(key);
      used.song.close();
    };
    return { song: used.song, release };
  }
}
