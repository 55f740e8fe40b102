/**
 * Songs in memory: a store that counts its reads and can hold them, make them
 * fail, and change a song while it plays.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { PcmFormat } from "../../lib/audio/format.ts";
import { songFormat, WavHeaderReader } from "../../lib/audio/wav.ts";
import { wavHeader } from "../../lib/audio/wav_writer.ts";
import { OndacastError } from "../../lib/errors.ts";
import { Catalog } from "../../lib/model/catalog.ts";
import { InvalidationSignal } from "../../lib/model/invalidation.ts";
import { Playlists } from "../../lib/model/playlists.ts";
import { SongQueries } from "../../lib/model/song_queries.ts";
import {
  checkNewSongName,
  hasSongEnding,
  withDefaultEnding,
} from "../../lib/model/song_name.ts";
import type { SongEntry } from "../../lib/ports/song_entry.ts";
import type {
  OpenFile,
  OpenSong,
  SongPicture,
  SongStore,
  SongWriter,
  StoreOptions,
} from "../../lib/ports/server.ts";
import { concat } from "./raw_peer.ts";

/** 8000 bytes per second, one byte per sample frame, for simple arithmetic. */
export const PHONE: PcmFormat = {
  encoding: "u8",
  rate: 8000,
  channels: 1,
  bits: 8,
};
/** 176,400 bytes per second, 4 bytes per sample frame. */
export const CD: PcmFormat = {
  encoding: "s16le",
  rate: 44100,
  channels: 2,
  bits: 16,
};

/** Reproducible pseudo-random bytes (a xorshift). */
export function noise(bytes: number, seed = 1): Uint8Array {
  const noise = new Uint8Array(bytes);
  let state = seed * 0x9E3779B1 | 1;
  for (let i = 0; i < bytes; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    noise[i] = state;
  }
  return noise;
}

/** A WAV file of some PCM, padded if odd, and followed by the trailer. */
export function wavFile(
  format: PcmFormat,
  pcm: Uint8Array,
  trailer: number[] = [],
): Uint8Array {
  const header = wavHeader(format, pcm.length);
  const pad = pcm.length % 2;
  const file = new Uint8Array(
    header.length + pcm.length + pad + trailer.length,
  );
  file.set(header);
  file.set(pcm, header.length);
  file.set(trailer, header.length + pcm.length + pad);
  return file;
}

/** A chunk of tags for the end of a file. */
export const TAGS: number[] = [
  ...new TextEncoder().encode("LIST\x0a\0\0\0INFOabcdef"),
];

const AT_ONCE = { next: () => null };

interface Song {
  entry: SongEntry;
  bytes: Uint8Array;
  gone: InvalidationSignal;
}

/** The songs of a server in memory. */
export class MemorySongs implements SongStore {
  readonly #songs = new Map<string, Song>();
  readonly #catalog = new Catalog<SongEntry>();
  readonly #removed = new Map<string, Song>();
  /** The next names of songs, by their former ones. */
  readonly #former = new Map<string, string>();
  #version = 0;
  #changed: (name: string) => void = () => {};
  #readFailure: { error: Error; name?: string } | null = null;
  #held: { until: Promise<void>; name?: string } | null = null;
  #openHeld: PromiseWithResolvers<void> | null = null;
  /** Whether reads are reported as slow. */
  isSlow = true;
  /** The length of the parts that are decoded as a whole; 0: nothing is decoded. */
  partBytes = 0;
  /** All reads so far. */
  readonly reads: { name: string; offset: number; bytes: number }[] = [];
  /** The number of open songs. */
  openCount = 0;
  readonly library: SongQueries<SongEntry> = new SongQueries(
    () => ({ catalog: this.#catalog, playlists: this.lists }),
    AT_ONCE,
  );
  /** The playlists of its folder. */
  lists = new Playlists(new Map());
  /** Pictures by the names of their songs. */
  readonly pictures = new Map<string, SongPicture>();
  /** Songs whose hash was asked for. */
  readonly wanted: string[] = [];

  /** Adds a WAV file, or replaces the one of the same name. */
  add(name: string, bytes: Uint8Array): SongEntry {
    const before = this.#songs.get(name);
    const header = new WavHeaderReader(bytes.length).push(bytes);
    if (header === null) throw new TypeError("Expected a WAV file");
    return this.#put(before, bytes, {
      name,
      bytes: bytes.length,
      etag: `v${++this.#version}`,
      format: songFormat(header, bytes.length),
    });
  }

  /** Adds only an entry of a song, whose content is zeros. */
  addEntry(entry: Partial<SongEntry> & { name: string }): SongEntry {
    const bytes = new Uint8Array(entry.bytes ?? 0);
    return this.#put(this.#songs.get(entry.name), bytes, {
      bytes: bytes.length,
      etag: `v${++this.#version}`,
      format: null,
      ...entry,
    });
  }

  /** Removes a song; without an etag, with any content. */
  async remove(name: string, etag?: string): Promise<string> {
    const song = this.#songs.get(this.find(name)?.name ?? "");
    if (song === undefined) throw new OndacastError("not-found", "Gone");
    if (etag !== undefined && etag !== song.entry.etag) throw changed(name);
    song.gone.invalidate(changed(name));
    this.#songs.delete(song.entry.name);
    this.#catalog.delete(song.entry.name);
    this.#removed.set(song.entry.name, song);
    return await Promise.resolve(song.entry.name);
  }

  async restore(name: string): Promise<SongEntry> {
    const song = this.#removed.get(name);
    if (song === undefined) throw new OndacastError("not-found", "Gone");
    if (this.#songs.has(name)) throw new OndacastError("exists", "There");
    this.#removed.delete(name);
    this.#songs.set(name, { ...song, gone: new InvalidationSignal() });
    this.#catalog.put(song.entry);
    return await Promise.resolve(song.entry);
  }

  async rename(name: string, to: string): Promise<SongEntry> {
    const song = this.#songs.get(this.find(name)?.name ?? "");
    if (song === undefined) throw new OndacastError("not-found", "Gone");
    const wanted = checkNewSongName(withDefaultEnding(to));
    if (this.#songs.has(wanted)) throw new OndacastError("exists", "There");
    const entry = { ...song.entry, name: wanted };
    this.#songs.delete(song.entry.name);
    this.#songs.set(wanted, { ...song, entry });
    this.#catalog.delete(song.entry.name);
    this.#catalog.put(entry);
    this.#former.set(song.entry.name, wanted);
    this.#former.delete(wanted);
    return await Promise.resolve(entry);
  }

  presentName(name: string): string {
    const now = this.#former.get(name);
    return now === undefined ? name : this.presentName(now);
  }

  /** Makes the hash of a song's content known. */
  setHash(name: string, sha256: string): void {
    this.#songs.get(name)!.entry.sha256 = sha256;
  }

  /** Makes the next read of any song or of one song fail. */
  failRead(error: Error, name?: string): void {
    this.#readFailure = { error, name };
  }

  /** Holds reads, of any song or of one, until the result is called. */
  holdReads(name?: string): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held = { until: promise, name };
    return () => {
      this.#held = null;
      resolve();
    };
  }

  /** Holds all opening until the returned function is called. */
  holdOpen(): () => void {
    const held = this.#openHeld = Promise.withResolvers<void>();
    return () => {
      this.#openHeld = null;
      held.resolve();
    };
  }

  has(name: string): boolean {
    return this.#songs.has(name);
  }

  get(name: string): SongEntry | undefined {
    return this.#catalog.get(name);
  }

  list(): SongEntry[] {
    return [...this.#songs.values()].map(({ entry }) => entry);
  }

  /** Sets what is called with the name of each song that changes. */
  listen(changed: (name: string) => void): void {
    this.#changed = changed;
  }

  wantFileHash({ name }: SongEntry): void {
    const { entry, bytes } = this.#songs.get(name)!;
    entry.sha256 ??= sha256Hex(bytes);
  }

  find(name: string, _etag?: string): SongEntry | undefined {
    return this.#catalog.find(name);
  }

  wantHash(entry: SongEntry): void {
    this.wanted.push(entry.name);
  }

  async open(entry: SongEntry): Promise<OpenSong> {
    await this.#openHeld?.promise;
    const song = this.#songs.get(entry.name);
    if (song === undefined) {
      throw new OndacastError("not-found", `Cannot open ${entry.name}: gone`);
    }
    this.openCount++;
    let open = true;
    return {
      entry: song.entry,
      gone: song.gone,
      isSlow: this.isSlow,
      partEnd: (offset) =>
        this.partBytes === 0
          ? offset
          : offset - offset % this.partBytes + this.partBytes,
      read: (into, offset) => this.#read(song, into, offset),
      hurry: () => {},
      abandon: () => {},
      close: () => {
        if (open) this.openCount--;
        open = false;
      },
    };
  }

  async openFile(entry: SongEntry): Promise<OpenFile> {
    const { close, read } = await this.open(entry);
    const { bytes, entry: { etag } } = this.#songs.get(entry.name)!;
    return { bytes: bytes.length, etag: `file-${etag}`, read, close };
  }

  picture({ name }: SongEntry): Promise<SongPicture | null> {
    return Promise.resolve(this.pictures.get(name) ?? null);
  }

  // deno-lint-ignore require-await -- what it throws is a rejection
  async create(name: string, options: StoreOptions): Promise<SongWriter> {
    const wanted = checkNewSongName(
      hasSongEnding(name) ? name : `${name}.wav`,
    );
    const check = () => {
      if (this.find(wanted) === undefined) return;
      if (options.replace) return options.mayReplace?.();
      throw new OndacastError("exists", `Cannot store ${wanted}: it is there`);
    };
    check();
    const parts: Uint8Array[] = [];
    return {
      write: (bytes) => Promise.resolve(void parts.push(bytes.slice())),
      // deno-lint-ignore require-await -- as above
      store: async ({ bytes, sha256 }) => {
        const whole = concat(parts);
        if (whole.length !== bytes || sha256 !== sha256Hex(whole)) {
          throw new OndacastError("bad-hash", `Cannot store ${wanted}: cut`);
        }
        new WavHeaderReader(bytes).push(whole);
        check();
        return this.add(wanted, whole);
      },
      abandon: () => Promise.resolve(),
    };
  }

  async #read(song: Song, into: Uint8Array, offset: number): Promise<void> {
    const { name } = song.entry;
    this.reads.push({ name, offset, bytes: into.length });
    const failure = this.#readFailure;
    const fails = failure !== null && (failure.name ?? name) === name;
    if (fails) this.#readFailure = null;
    if ((this.#held?.name ?? name) === name) await this.#held?.until;
    if (fails) throw failure.error;
    if (song.gone.happened) throw changed(name);
    if (offset + into.length > song.bytes.length) throw changed(name);
    into.set(song.bytes.subarray(offset, offset + into.length));
  }

  #put(
    before: Song | undefined,
    bytes: Uint8Array,
    entry: SongEntry,
  ): SongEntry {
    before?.gone.invalidate(changed(entry.name));
    this.#catalog.put(entry);
    this.#songs.set(entry.name, {
      entry,
      bytes,
      gone: new InvalidationSignal(),
    });
    this.#changed(entry.name);
    return entry;
  }
}

/** The SHA-256 of bytes, in hexadecimal. */
export function sha256Hex(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function changed(name: string): OndacastError {
  return new OndacastError("changed", `Cannot continue ${name}: changed`);
}
