/**
 * The songs of the soak: noise in CD quality, kept in memory, so that the data
 * of each listener can be compared with them.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { join } from "@std/path";
import { wavHeader } from "../../lib/audio/wav_writer.ts";

/** Bytes per second of CD audio. */
export const CD_RATE = 176_400;

const CD = { encoding: "s16le", rate: 44100, channels: 2, bits: 16 } as const;
/** Different lengths, so that the listeners' songs end at different times. */
const SECONDS = [20, 26, 31, 37, 43, 50, 58, 67];

/** A song: its name without the folder, and its file. */
export interface SoakSong {
  readonly name: string;
  readonly file: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
}

/** The songs of the folder and the uploaded ones, by content. */
export class SoakSongs {
  /** The songs that are never removed. */
  readonly songs: readonly SoakSong[];
  /** Known contents: etag → song. */
  readonly #byEtag = new Map<string, SoakSong>();

  private constructor(songs: SoakSong[]) {
    this.songs = songs;
  }

  /** Makes the songs and writes them into a folder. */
  static async write(
    folder: string,
    random: () => number,
  ): Promise<SoakSongs> {
    const songs = SECONDS.map((seconds, i) => makeSong(i, seconds, random));
    for (const { name, file } of songs) {
      await Deno.writeFile(join(folder, name), file);
    }
    return new SoakSongs(songs);
  }

  /** Records the etag of a song's content. */
  learn(etag: string, song: SoakSong): void {
    this.#byEtag.set(etag, song);
  }

  /** The song of an etag; undefined: not known yet. */
  of(etag: string): SoakSong | undefined {
    return this.#byEtag.get(etag);
  }

  /** The song written under this name, to look up an etag later. */
  named(name: string): SoakSong | undefined {
    return this.songs.find((song) => song.name === name);
  }
}

/** The SHA-256 of a part of a song, in hexadecimal. */
export function hashOf(song: SoakSong, from: number, until: number): string {
  if (from === 0 && until === song.file.length) return song.sha256;
  return sha256(song.file.subarray(from, until));
}

function makeSong(
  number: number,
  seconds: number,
  random: () => number,
): SoakSong {
  const header = wavHeader(CD, seconds * CD_RATE);
  const file = new Uint8Array(header.length + seconds * CD_RATE);
  file.set(header);
  const noise = new Uint32Array(16 * 1024).map(() => random() * 2 ** 32);
  const bytes = new Uint8Array(noise.buffer);
  for (let at = header.length; at < file.length; at += bytes.length) {
    file.set(bytes.subarray(0, file.length - at), at);
    // No two parts of a song are equal, so that misplaced data is detected.
    noise[at % noise.length] ^= at;
    noise[(at >> 8) % noise.length] += number + 1;
  }
  return { name: `song ${number}.wav`, file, sha256: sha256(file) };
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Bytes as a sequential source. */
export function bytesOf(
  file: Uint8Array,
): { read(into: Uint8Array): Promise<number | null> } {
  let at = 0;
  return {
    read(into) {
      if (at === file.length) return Promise.resolve(null);
      const piece = file.subarray(at, at + into.length);
      into.set(piece);
      at += piece.length;
      return Promise.resolve(piece.length);
    },
  };
}
