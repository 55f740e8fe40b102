/**
 * The controls of one of several songs that are played one after the other.
 *
 * @module
 */

import type { Playback } from "../client/playback.ts";
import type { PlaybackState } from "../client/playback_state.ts";
import type { Controls } from "./playback_view.ts";

/** Later in a song, `previous` returns to its start. */
const RESTART_SECONDS = 3;

/** What the other songs add. */
export interface Round {
  /** The name of the song that follows; undefined: none. */
  next: string | undefined;
  /** Has the song before played next; undefined: there is none. */
  goBack: (() => void) | undefined;
}

export class RoundControls implements Controls {
  readonly next: string | undefined;
  readonly #playback: Playback;
  readonly #goBack: (() => void) | undefined;

  constructor(playback: Playback, { next, goBack }: Round) {
    this.#playback = playback;
    this.next = next;
    this.#goBack = goBack;
  }

  get state(): PlaybackState | null {
    return this.#playback.state;
  }

  pause(): void {
    this.#playback.pause();
  }

  resume(): void {
    this.#playback.resume();
  }

  seek(seconds: number): boolean {
    return this.#playback.seek(seconds);
  }

  skip(): void {
    this.#playback.skip();
  }

  previous(): void {
    const { positionSeconds = 0 } = this.state ?? {};
    if (!this.#goBack || positionSeconds > RESTART_SECONDS) {
      this.#playback.seek(0);
      return;
    }
    this.#goBack();
    this.#playback.skip();
  }

  get volume(): number {
    return this.#playback.volume;
  }

  set volume(percent: number) {
    this.#playback.volume = percent;
  }
}
