/**
 * A cache in memory: complete and partial songs, by server and name.
 *
 * @module
 */

import { OndacastError } from "../../lib/errors.ts";
import { nameKey } from "../../lib/model/song_name.ts";
import type {
  CachedBytes,
  CachedSong,
  CacheWriter,
  SongCache,
} from "../../lib/ports/client.ts";
import { sha256Hex } from "./memory_songs.ts";
import { concat } from "./raw_peer.ts";

interface File {
  song: CachedSong;
  bytes: Uint8Array;
}

/** A cache of complete and partial songs. */
export class MemoryCache implements SongCache {
  readonly #wholes = new Map<string, File>();
  readonly #halves = new Map<string, File>();
  /** Songs that are being stored. */
  readonly #writing = new Set<string>();

  /** Adds a song, or the first bytes of its file. */
  add(
    song: Omit<CachedSong, "whole" | "storedBytes">,
    bytes: Uint8Array,
    whole = bytes.length === song.bytes,
  ): CachedSong {
    const added = { ...song, whole, storedBytes: bytes.length };
    const files = whole ? this.#wholes : this.#halves;
    files.set(keyOf(song), { song: added, bytes });
    return added;
  }

  find(server: string, song: string): Promise<CachedSong | null> {
    const keys = [song, `${song}.wav`].map((song) => keyOf({ server, song }));
    const found = [this.#wholes, this.#halves]
      .flatMap((files) => keys.map((key) => files.get(key)))
      .find((file) => file !== undefined);
    return Promise.resolve(found?.song ?? null);
  }

  list(): Promise<CachedSong[]> {
    const files = [...this.#wholes.values(), ...this.#halves.values()];
    return Promise.resolve(files.map(({ song }) => song));
  }

  check(song: CachedSong): Promise<boolean> {
    return Promise.resolve(this.#wholes.get(keyOf(song))?.song === song);
  }

  openWhole(song: CachedSong): Promise<CachedBytes & { close(): void }> {
    const file = this.#wholes.get(keyOf(song));
    if (file?.song.etag !== song.etag) {
      return Promise.reject(
        new OndacastError("changed", `Cannot play ${song.song}: not there`),
      );
    }
    return Promise.resolve({ read: reader(() => file.bytes), close() {} });
  }

  store(
    server: string,
    about: Omit<CachedSong, "server" | "whole" | "storedBytes">,
  ): Promise<CacheWriter | null> {
    const song = { ...about, server };
    const key = keyOf(song);
    if (this.#writing.has(key)) return Promise.resolve(null);
    this.#writing.add(key);
    const before = this.#halves.get(key);
    let bytes = before?.song.etag === song.etag
      ? before.bytes
      : new Uint8Array(0);
    let isOver = false;
    return Promise.resolve({
      get storedBytes() {
        return bytes.length;
      },
      read: reader(() => bytes),
      write: (piece) => {
        bytes = concat([bytes, piece]);
        return Promise.resolve();
      },
      publish: (sha256) => {
        isOver = true;
        this.#halves.delete(key);
        const isRight = bytes.length === song.bytes &&
          (sha256 === undefined || sha256 === sha256Hex(bytes));
        if (isRight) return Promise.resolve(this.add(song, bytes));
        return Promise.reject(
          new OndacastError("bad-hash", `Cannot store ${song.song}: cut`),
        );
      },
      close: () => {
        if (!isOver && bytes.length > 0) this.add(song, bytes, false);
        this.#writing.delete(key);
        return Promise.resolve();
      },
      discard: () => {
        this.#halves.delete(key);
        this.#writing.delete(key);
        return Promise.resolve();
      },
    });
  }

  remove(song: CachedSong): Promise<boolean> {
    const files = song.whole ? this.#wholes : this.#halves;
    return Promise.resolve(files.delete(keyOf(song)));
  }
}

function keyOf({ server, song }: { server: string; song: string }): string {
  return `${server}\n${nameKey(song)}`;
}

function reader(bytes: () => Uint8Array): CachedBytes["read"] {
  return (into, offset) => {
    const piece = bytes().subarray(offset, offset + into.length);
    into.set(piece);
    return Promise.resolve(piece.length);
  };
}
