/**
 * The pictures of songs, fetched when they are first seen.
 *
 * @module
 */

import { type Signal, signal } from "@preact/signals";
import { WAVEFORM_POINTS } from "../../lib/audio/waveform.ts";
import type { SongRow } from "../../lib/wire/messages.ts";
import type { Tab } from "./tab.ts";

/** Pictures that are fetched at once. */
const AT_ONCE = 3;
/** When a picture that did not come is asked for again, and how often. */
const RETRY = { ms: 3000, times: 5 };

/** A picture, or the wish for it. */
interface Picture {
  readonly peaks: Signal<Uint8Array | null>;
  /** How many places on the page show it. */
  viewers: number;
  /** Whether it is fetched, or will be. */
  wanted: boolean;
}

/** The pictures by song and content. */
export class Pictures {
  readonly #known = new Map<string, Picture>();
  readonly #waiting: (() => Promise<void>)[] = [];
  readonly #tab: Tab;
  #fetching = 0;

  constructor(tab: Tab) {
    this.#tab = tab;
  }

  /** A song's picture; null until it has come, which takes {@linkcode watch}. */
  of(song: Pick<SongRow, "name" | "etag">): Signal<Uint8Array | null> {
    return this.#picture(song).peaks;
  }

  /**
   * Has a picture fetched that is shown now. One that is passed by before its
   * turn has come is not.
   *
   * @returns To be called when it is shown no more.
   */
  watch(song: Pick<SongRow, "name" | "etag">): () => void {
    const picture = this.#picture(song);
    picture.viewers++;
    if (!picture.wanted && picture.peaks.peek() === null) {
      picture.wanted = true;
      this.#want(picture, song, RETRY.times);
    }
    return () => picture.viewers--;
  }

  #picture({ name, etag }: Pick<SongRow, "name" | "etag">): Picture {
    const key = `${etag} ${name}`;
    const known = this.#known.get(key);
    if (known) return known;
    const picture = { peaks: signal(null), viewers: 0, wanted: false };
    this.#known.set(key, picture);
    return picture;
  }

  #want(
    picture: Picture,
    song: Pick<SongRow, "name" | "etag">,
    times: number,
  ): void {
    // The last one asked for is what a person looks at.
    this.#waiting.push(async () => {
      if (picture.viewers > 0) {
        picture.peaks.value = await this.#fetch(song.name, song.etag);
      }
      const again = picture.peaks.peek() === null && picture.viewers > 0 &&
        times > 0;
      picture.wanted = again;
      if (!again) return;
      setTimeout(() => this.#want(picture, song, times - 1), RETRY.ms);
    });
    this.#next();
  }

  #next(): void {
    while (this.#fetching < AT_ONCE && this.#waiting.length > 0) {
      this.#fetching++;
      this.#waiting.pop()!().finally(() => {
        this.#fetching--;
        this.#next();
      });
    }
  }

  async #fetch(song: string, etag: string): Promise<Uint8Array | null> {
    try {
      const response = await fetch(
        `/peaks?${new URLSearchParams({ song, etag })}`,
        { headers: this.#tab.credentials },
      );
      if (!response.ok) return null;
      const peaks = new Uint8Array(await response.arrayBuffer());
      return peaks.length === WAVEFORM_POINTS ? peaks : null;
    } catch {
      return null; // The server is away.
    }
  }
}
