/**
 * Where pictures of songs and albums are. An album's is that of its first song,
 * which is asked for once the album is in view.
 *
 * @module
 */

import type { SongRow } from "../../lib/wire/messages.ts";
import type { Reach } from "./errands.ts";
import { readKey } from "./read_key.ts";
import { type Signal, signal } from "./signals.ts";

/** The sizes that the server makes, in pixels of the longer side. */
export type ArtSize = 64 | 128 | 256 | 512;

/** Albums whose songs are known, at most; the oldest are forgotten. */
const MOST_COVERS = 2_000;

/** What a picture belongs to. */
export type Pictured = Pick<SongRow, "name"> & { etag?: string | null };

/** The way to the pictures. */
export interface PictureServer extends Reach {
  /** The server's token, where it has one. */
  readonly token?: string;
}

export class Pictures {
  readonly #tab: PictureServer;
  #covers = new Map<string, Signal<Pictured | null>>();
  /** Those of before, which are shown until the new ones come. */
  #before: ReadonlyMap<string, Signal<Pictured | null>> = new Map();
  #key: { token: string | undefined; query: string } | null = null;

  constructor(tab: PictureServer) {
    this.#tab = tab;
  }

  /** The address of a song's picture. */
  address({ name, etag }: Pictured, size: ArtSize): string {
    const path = name.split("/").map(encodeURIComponent).join("/");
    const content = etag ? `&etag=${encodeURIComponent(etag)}` : "";
    return `/art/${path}?size=${size}${content}${this.#readKey()}`;
  }

  /** The song with an album's picture; null until it is known. */
  coverOf(album: string): Signal<Pictured | null> {
    const known = this.#covers.get(album);
    if (known) return known;
    const before = this.#before.get(album)?.peek() ?? null;
    const cover = signal<Pictured | null>(before);
    this.#covers.set(album, cover);
    if (this.#covers.size > MOST_COVERS) {
      this.#covers.delete(this.#covers.keys().next().value!);
    }
    this.#ask(album, cover);
    return cover;
  }

  /** The songs may have changed. */
  refresh(): void {
    this.#before = this.#covers;
    this.#covers = new Map();
  }

  async #ask(album: string, cover: Signal<Pictured | null>): Promise<void> {
    try {
      const { songs } = await this.#tab.session!
        .request({ type: "list", album, limit: 1 });
      cover.value = songs[0] ?? null;
    } catch {
      this.#covers.delete(album); // asked again when it is shown again
    }
  }

  /** Images cannot send the token, only the key that is made of it. */
  #readKey(): string {
    const { token } = this.#tab;
    if (this.#key?.token !== token || this.#key === null) {
      this.#key = { token, query: token ? `&key=${readKey(token)}` : "" };
    }
    return this.#key.query;
  }
}
