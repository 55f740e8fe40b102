/**
 * Waveforms of songs, fetched when they are first shown.
 *
 * @module
 */

import { type Signal, signal } from "./signals.ts";
import { WAVEFORM_POINTS } from "../../lib/audio/waveform.ts";
import type { SongRow } from "../../lib/wire/messages.ts";

/** Fetched at the same time. */
const AT_ONCE = 3;
/** Delay and number of retries after a failed fetch. */
const RETRY = { ms: 3000, times: 5 };
/** How often that of a live song is fetched. */
const LIVE_MS = 1000;

/** A waveform, or the request for one. */
interface Wanted {
  readonly peaks: Signal<Uint8Array | null>;
  /** How many places on the page show it. */
  viewers: number;
  /** Whether a fetch is under way or queued. */
  wanted: boolean;
}

/** The waveforms by song and content. */
export class Waveforms {
  readonly #known = new Map<string, Wanted>();
  readonly #waiting: (() => Promise<void>)[] = [];
  readonly #tab: { readonly credentials: Record<string, string> };
  #fetching = 0;

  constructor(tab: { readonly credentials: Record<string, string> }) {
    this.#tab = tab;
  }

  /** A song's waveform; null until it is fetched: see {@linkcode watch}. */
  of(song: Pick<SongRow, "name" | "etag">): Signal<Uint8Array | null> {
    return this.#entry(song).peaks;
  }

  /**
   * Fetches a waveform that is on screen. One that is scrolled past before its
   * turn is skipped.
   *
   * @returns Call it when the waveform is no longer shown.
   */
  watch(song: Pick<SongRow, "name" | "etag">): () => void {
    const entry = this.#entry(song);
    entry.viewers++;
    if (!entry.wanted && (entry.peaks.peek() === null || song.etag === null)) {
      entry.wanted = true;
      this.#want(entry, song, RETRY.times);
    }
    return () => entry.viewers--;
  }

  #entry({ name, etag }: Pick<SongRow, "name" | "etag">): Wanted {
    const key = `${etag} ${name}`;
    const known = this.#known.get(key);
    if (known) return known;
    const entry = { peaks: signal(null), viewers: 0, wanted: false };
    this.#known.set(key, entry);
    return entry;
  }

  #want(
    entry: Wanted,
    song: Pick<SongRow, "name" | "etag">,
    times: number,
  ): void {
    // The latest request is what is on screen.
    this.#waiting.push(async () => {
      const { name, etag } = song;
      let isAway = false;
      if (entry.viewers > 0) {
        const peaks = await this.#fetch(name, etag ?? "");
        isAway = peaks === undefined;
        entry.peaks.value = peaks ?? null;
      }
      const isHere = entry.peaks.peek() !== null;
      // That of a live song is of its last half minute.
      const moves = isHere && etag === null;
      const again = entry.viewers > 0 && (moves || (!isHere && times > 0));
      entry.wanted = again;
      if (!again) return;
      const left = moves || isAway ? times : times - 1;
      const ms = moves ? LIVE_MS : RETRY.ms;
      setTimeout(() => this.#want(entry, song, left), ms);
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

  /** @returns Undefined while the server is away. */
  async #fetch(
    song: string,
    etag: string,
  ): Promise<Uint8Array | null | undefined> {
    try {
      const response = await fetch(
        `/peaks?${new URLSearchParams({ song, etag })}`,
        { headers: this.#tab.credentials },
      );
      if (!response.ok) return null;
      const peaks = new Uint8Array(await response.arrayBuffer());
      return peaks.length === WAVEFORM_POINTS ? peaks : null;
    } catch {
      return undefined;
    }
  }
}
