/**
 * A cache in memory: files by server and song.
 *
 * @module
 */

import type {
  CachedBytes,
  CachedSong,
  CacheWriter,
  SongCache,
} from "../../lib/ports/client.ts";
import { concat } from "./raw_peer.ts";

interface File {
  song: CachedSong;
  bytes: Uint8Array;
}

/** A cache of whole and half songs. */
export class MemoryCache implements SongCache {
  readonly #files = new Map<string, File>();

  /** Puts a song in: what of its file is stored. */
  add(
    song: Omit<CachedSong, "whole" | "storedBytes">,
    bytes: Uint8Array,
  ): CachedSong {
    const whole = bytes.length === song.bytes;
    const added = { ...song, whole, storedBytes: bytes.length };
    this.#files.set(keyOf(song.server, song.song), { song: added, bytes });
    return added;
  }

  find(server: string, song: string): Promise<CachedSong | null> {
    const found = this.#files.get(keyOf(server, song)) ??
      this.#files.get(keyOf(server, `${song}.wav`));
    return Promise.resolve(found?.song ?? null);
  }

  list(): Promise<CachedSong[]> {
    return Promise.resolve([...this.#files.values()].map(({ song }) => song));
  }

  check(): Promise<boolean> {
    return Promise.resolve(true);
  }

  openWhole(song: CachedSong): Promise<CachedBytes & { close(): void }> {
    const { bytes } = this.#files.get(keyOf(song.server, song.song))!;
    return Promise.resolve({ read: reader(() => bytes), close() {} });
  }

  store(
    server: string,
    about: Omit<CachedSong, "server" | "whole" | "storedBytes">,
  ): Promise<CacheWriter | null> {
    const before = this.#files.get(keyOf(server, about.song));
    let bytes: Uint8Array = before?.bytes ?? new Uint8Array(0);
    return Promise.resolve({
      get storedBytes() {
        return bytes.length;
      },
      read: reader(() => bytes),
      write: (piece) => {
        bytes = concat([bytes, piece]);
        return Promise.resolve();
      },
      publish: () => Promise.resolve(this.add({ ...about, server }, bytes)),
      close: () => {
        this.add({ ...about, server }, bytes);
        return Promise.resolve();
      },
    });
  }

  remove({ server, song }: CachedSong): Promise<void> {
    this.#files.delete(keyOf(server, song));
    return Promise.resolve();
  }
}

function keyOf(server: string, song: string): string {
  return `${server}\n${song}`;
}

function reader(bytes: () => Uint8Array): CachedBytes["read"] {
  return (into, offset) => {
    const piece = bytes().subarray(offset, offset + into.length);
    into.set(piece);
    return Promise.resolve(piece.length);
  };
}
