/**
 * The songs of the soak: noise in CD quality, kept in memory, so that what
 * any listener was sent can be compared with what it should have been.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { join } from "@std/path";
import { wavHeader } from "../../lib/audio/wav_writer.ts";

/** Bytes of a second of CD audio. */
export const CD_RATE = 176_400;

const CD = { encoding: "s16le", rate: 44100, channels: 2, bits: 16 } as const;
/** Lengths differ, so that the songs of the listeners never end together. */
const SECONDS = [20, 26, 31, 37, 43, 50, 58, 67];

/** A song: its name without the folder, and all of its file. */
export interface SoakSong {
  readonly name: string;
  readonly file: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
}

/** The songs of the folder, and those that are uploaded, by their content. */
export class SoakSongs {
  /** Those that stay. */
  readonly songs: readonly SoakSong[];
  /** What was seen of each content: etag → song. */
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

  /** A content that the server has told of. */
  learn(etag: string, song: SoakSong): void {
    this.#byEtag.set(etag, song);
  }

  /** The content of an etag; undefined: not told yet. */
  of(etag: string): SoakSong | undefined {
    return this.#byEtag.get(etag);
  }

  /** What was written of this name, so that an etag may be looked up late. */
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
    // No two stretches of a song are alike: data out of its place shows.
    noise[at % noise.length] ^= at;
    noise[(at >> 8) % noise.length] += number + 1;
  }
  return { name: `song ${number}.wav`, file, sha256: sha256(file) };
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Bytes as a source that is read from front to back. */
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
