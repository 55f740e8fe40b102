/**
 * The pictures of songs, fetched when they are first seen.
 *
 * @module
 */

import { type Signal, signal } from "@preact/signals";
import { PEAKS } from "../../lib/audio/peaks.ts";
import type { SongRow } from "../../lib/wire/messages.ts";
import type { Tab } from "./tab.ts";

/** Pictures that are fetched at once. */
const AT_ONCE = 3;
/** When a picture that did not come is asked for again, and how often. */
const RETRY = { ms: 3000, times: 5 };

/** The pictures by song and content. */
export class Pictures {
  readonly #known = new Map<string, Signal<Uint8Array | null>>();
  readonly #waiting: (() => Promise<void>)[] = [];
  readonly #tab: Tab;
  #fetching = 0;

  constructor(tab: Tab) {
    this.#tab = tab;
  }

  /** A song's picture; null until it has come. */
  of(
    { name, etag }: Pick<SongRow, "name" | "etag">,
  ): Signal<Uint8Array | null> {
    const key = `${etag} ${name}`;
    let picture = this.#known.get(key);
    if (!picture) {
      picture = signal(null);
      this.#known.set(key, picture);
      this.#want(picture, name, etag, RETRY.times);
    }
    return picture;
  }

  #want(
    picture: Signal<Uint8Array | null>,
    name: string,
    etag: string,
    times: number,
  ): void {
    // The last one asked for is what a person looks at.
    this.#waiting.push(async () => {
      picture.value = await this.#fetch(name, etag);
      if (picture.value !== null || times === 0) return;
      setTimeout(() => this.#want(picture, name, etag, times - 1), RETRY.ms);
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
    const { token } = this.#tab;
    try {
      const response = await fetch(
        `/peaks?${new URLSearchParams({ song, etag })}`,
        {
          headers: token
            ? { authorization: `Bearer ${encodeToken(token)}` }
            : {},
        },
      );
      if (!response.ok) return null;
      const peaks = new Uint8Array(await response.arrayBuffer());
      return peaks.length === PEAKS ? peaks : null;
    } catch {
      return null; // The server is away.
    }
  }
}

/** A token as a header can carry it: its bytes in UTF-8. */
function encodeToken(token: string): string {
  return String.fromCharCode(...new TextEncoder().encode(token));
}
