/**
 * The songs of a device in step, each of one stream, by the number of its take.
 *
 * @module
 */

import { type Take } from "../model/course.ts";
import type { ClientSession, SessionStream } from "./client_session.ts";
import { LentPcm, takeOf } from "./lent_pcm.ts";
import type { Playback } from "./playback.ts";
import type { Borrower } from "./borrower.ts";

/** A song. */
export interface StepSong {
  readonly playback: Playback;
  readonly stream: SessionStream;
  readonly pcm: LentPcm;
}

/** The songs that are not over, in the order in which they came. */
export class StepSongs {
  readonly #songs = new Map<number, StepSong>();
  #takes = 0;

  get isEmpty(): boolean {
    return this.#songs.size === 0;
  }

  /** Adds the song of a stream. @returns Its take. */
  add(
    playback: Playback,
    stream: SessionStream,
    borrower: (take: number) => Borrower,
  ): Take {
    const take = takeOf(++this.#takes, stream.start);
    const pump = playback.lend(borrower(take.id));
    const pcm = new LentPcm(take.id, stream.start, pump);
    this.#songs.set(take.id, { playback, stream, pcm });
    return take;
  }

  get(take: number | undefined): StepSong | undefined {
    return take === undefined ? undefined : this.#songs.get(take);
  }

  remove(take: number): void {
    this.#songs.delete(take);
  }

  clear(): void {
    this.#songs.clear();
  }

  entries(): [number, StepSong][] {
    return [...this.#songs];
  }

  /** The take of a stream of a connection. */
  takeOfStream(
    session: ClientSession,
    number: number | undefined,
  ): number | undefined {
    const found = this.entries().find(([, { stream }]) =>
      stream.session === session && stream.start.stream === number
    );
    return found?.[0];
  }
}
