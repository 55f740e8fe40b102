/**
 * The songs of a receiver that are not over: the one that is written to its
 * player, and those that wait for their turn.
 *
 * @module
 */

import type { ClientSession, SessionStream } from "./client_session.ts";
import type { Playback } from "./playback.ts";

/** A song of the row. */
export interface RowSong {
  readonly playback: Playback;
  /** The stream that brings it; null: it was requested. */
  cast: SessionStream | null;
  /** Resolves once all of it was written, or it is over. */
  readonly written: Promise<void>;
  /**
   * Lets it report its state, in a group of several; null: its turn decides, as
   * it is played alone.
   */
  begin: (() => void) | null;
}

/** The songs of one receiver. */
export class SongRow {
  #songs: RowSong[] = [];
  /** What is to be said of songs that begin before the one before has ended. */
  readonly #announcements = new Map<Playback, () => void>();

  /** The song that plays. */
  get first(): RowSong | undefined {
    return this.#songs[0];
  }

  get last(): RowSong | undefined {
    return this.#songs.at(-1);
  }

  /** Whether songs wait for their turn. */
  get isFollowed(): boolean {
    return this.#songs.length > 1;
  }

  all(): readonly RowSong[] {
    return this.#songs;
  }

  find(playback: Playback): RowSong | undefined {
    return this.#songs.find((it) => it.playback === playback);
  }

  /** The index of the song that a stream brings; -1: there is none. */
  indexOf(session: ClientSession, stream: number | undefined): number {
    return this.#songs.findIndex(({ cast }) =>
      cast?.session === session && cast.start.stream === stream
    );
  }

  add(song: RowSong): void {
    this.#songs.push(song);
  }

  /** Removes the songs from an index on. @returns Them. */
  cut(from: number): RowSong[] {
    const cut = this.#songs.splice(from);
    for (const { playback } of cut) this.#announcements.delete(playback);
    return cut;
  }

  /** Removes a song, and announces the one that is first then. */
  remove(playback: Playback): void {
    this.#songs = this.#songs.filter((it) => it.playback !== playback);
    this.#announcements.delete(playback);
    this.#announceFirst();
  }

  /** Announces a song once those before it have ended. */
  announce(playback: Playback, announce: () => void): void {
    this.#announcements.set(playback, announce);
    this.#announceFirst();
  }

  #announceFirst(): void {
    const { first } = this;
    const announce = first && this.#announcements.get(first.playback);
    if (!announce) return;
    this.#announcements.delete(first.playback);
    announce();
  }
}
