/**
 * An open song that the streams of several devices read.
 *
 * @module
 */

import type { LiveFeed, LiveListener, OpenSong } from "../../ports/server.ts";
import type { SongEntry } from "../../ports/song_entry.ts";
import type { SongFormat } from "../../audio/format.ts";
import { sampleFrameBytes } from "../../audio/format.ts";
import { passedSong } from "../../model/passed_song.ts";

/** Closes the song once all handles of it are closed, and it is released. */
export class SharedSong implements LiveListener {
  readonly #song: OpenSong;
  #users = 1;
  #ended: ((frames: number) => void) | null = null;

  /** @param song Can be played. */
  constructor(song: OpenSong) {
    this.#song = song;
  }

  get entry(): SongEntry {
    return this.#song.entry;
  }

  get format(): SongFormat {
    return this.#song.entry.format!;
  }

  /** How it grows; undefined: it is there as a whole. */
  get live(): LiveFeed | undefined {
    return this.#song.live;
  }

  /** Sample frames of the whole song; null while it is live. */
  get frames(): number | null {
    const { live } = this.#song;
    if (live) return live.frames;
    const { dataBytes } = this.format;
    return dataBytes && Math.floor(dataBytes / sampleFrameBytes(this.format));
  }

  /** Calls back once a live song has ended, unless it is released before. */
  whenEnded(ended: (frames: number) => void): void {
    this.#ended = ended;
    this.live?.add(this);
    this.grown();
  }

  grown(): void {
    const { frames } = this;
    if (!this.live || frames === null) return;
    this.live.delete(this);
    this.#ended?.(frames);
  }

  /** Another handle. */
  handle(): OpenSong {
    this.#users++;
    let isOpen = true;
    return passedSong(this.#song, {
      // Other devices may wait for the same read.
      abandon: () => {},
      close: () => {
        if (isOpen) this.release();
        isOpen = false;
      },
    });
  }

  /** Call it once, when no more handles are needed. */
  release(): void {
    if (--this.#users > 0) return;
    this.live?.delete(this);
    this.#song.close();
  }
}
