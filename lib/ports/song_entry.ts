/**
 * A song in the catalogue, and what is known of it.
 *
 * @module
 */

import type { SongFormat } from "../audio/format.ts";

/** How much louder a song should play, in decibels (ReplayGain 2.0). */
export interface SongGain {
  /** By itself. */
  track?: number;
  /** Among the songs of its album. */
  album?: number;
  /** Its highest sample; 1 is full scale. */
  peak?: number;
}

/**
 * What a song's file says of it. Texts have at most 256 characters and none that
 * could mislead; several values are joined by `; `.
 */
export interface SongTags {
  readonly title?: string;
  readonly artist?: string;
  readonly album?: string;
  readonly albumArtist?: string;
  readonly track?: number;
  readonly disc?: number;
  readonly year?: number;
  readonly genre?: string;
  readonly gain?: SongGain;
}

/** A song in the catalogue. */
export interface SongEntry {
  /** The path below the song folder, separated by `/`, with its ending. */
  readonly name: string;
  /** Length of the whole WAV that is sent; null: it is live, and has no end yet. */
  readonly bytes: number | null;
  /** The file as it is stored, where that is not what is sent. */
  readonly file?: StoredFile;
  /** Opaque; changes with the content. That of a live song is not sent. */
  readonly etag: string;
  /** Null if it cannot be played; `problem` gives the reason. */
  readonly format: SongFormat | null;
  /** The error code of the reason why it cannot be played. */
  readonly problem?: string;
  /** The reason as a sentence. */
  readonly problemText?: string;
  /** Of what is sent, hexadecimal; set once it has been hashed. */
  sha256?: string;
  /** The codec that its file is decoded with, such as `flac`; absent: none. */
  readonly codec?: string;
  /** Whether its length is a guess until it is first opened. */
  readonly isEstimated?: boolean;
  readonly tags?: SongTags;
  /** When it was first seen, in seconds since 1970. */
  readonly added?: number;
  /** Whether its file holds a picture. */
  readonly hasArt?: boolean;
  /** Whether its folder holds a picture. */
  hasCover?: boolean;
  /** The server that has it; absent: this one. */
  readonly place?: string;
  /** SHA-256 of its file, where several servers are one and it is known. */
  readonly content?: string;
}

/** A file of a song that is decoded. */
export interface StoredFile {
  readonly bytes: number;
  sha256?: string;
}
