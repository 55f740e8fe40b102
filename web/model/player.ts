/**
 * What this tab plays: a song that was chosen here, and those that follow it,
 * or one that was cast here.
 *
 * @module
 */

import { signal } from "@preact/signals";
import type { PlaybackState } from "../../lib/client/playback.ts";
import type { SongPlayback } from "../../lib/client/song_playback.ts";
import { readSetting, writeSetting } from "../io/settings.ts";
import { MediaKeys } from "../audio/media_keys.ts";
import { notifyError } from "./notices.ts";
import { Tab } from "./tab.ts";
import { titleOf } from "./words.ts";

/** How often the position is looked at. */
const LOOK_MS = 200;
/** How much the last second counts in the rate that is shown. */
const NEWS_PART = 0.25;

/** What is played now. */
export interface NowPlaying {
  song: string;
  /** Whether it was chosen here. */
  own: boolean;
  /** Null until its first samples have come. */
  state: PlaybackState | null;
}

/** The tab's player. */
export class Player {
  readonly tab: Tab;
  readonly now = signal<NowPlaying | null>(null);
  /** 0 to 100. */
  readonly volume = signal(100);
  /** Bytes a second that come, over the last few seconds. */
  readonly bytesPerSecond = signal(0);
  /** Names of the songs that follow one another, and which one plays. */
  #queue: string[] = [];
  #at = 0;
  #own: SongPlayback | null = null;
  readonly #keys: MediaKeys;
  #came = { bytes: 0, atMs: 0 };

  constructor() {
    this.tab = new Tab({
      start: () => this.#look(),
      end: (_, skipped) => this.#ended(skipped),
      problem: (error) => {
        notifyError(error);
        this.#look();
      },
    });
    this.volume.value = Number(readSetting("volume") ?? 100);
    this.tab.receiver.volume = this.volume.value;
    this.#keys = new MediaKeys({
      play: () => this.resume(),
      pause: () => this.pause(),
      next: () => this.next(),
      previous: () => this.previous(),
      seek: (seconds) => this.seek(seconds),
      skip: (seconds) => this.skip(seconds),
    });
    setInterval(() => this.#look(), LOOK_MS);
  }

  /** Plays a song of a row of songs, and then those after it. */
  play(songs: readonly string[], song: string): void {
    this.#queue = [...songs];
    this.#at = this.#queue.indexOf(song);
    this.#begin();
  }

  pause(): void {
    this.tab.receiver.playing?.pause();
    this.#look();
  }

  resume(): void {
    this.tab.touched();
    this.tab.receiver.playing?.resume();
    this.#look();
  }

  /** Pauses, or goes on. */
  toggle(): void {
    if (this.tab.receiver.playing?.state?.paused) this.resume();
    else this.pause();
  }

  /** Plays the song after this one, or ends this one if there is none. */
  next(): void {
    if (this.#isOwn && this.#at + 1 < this.#queue.length) {
      this.#at++;
      this.#begin();
    } else this.stop();
  }

  /** The song before this one; the start of this one, if there is none. */
  previous(): void {
    if (this.#isOwn && this.#at > 0) {
      this.#at--;
      this.#begin();
    } else this.seek(0);
  }

  stop(): void {
    this.tab.receiver.playing?.skip();
    this.#look();
  }

  /** Goes to a time of the song. */
  seek(seconds: number): void {
    this.tab.receiver.playing?.seek(seconds);
    this.#look();
  }

  /** Goes back or on by so many seconds. */
  skip(seconds: number): void {
    const state = this.tab.receiver.playing?.state;
    if (state) this.seek(Math.max(0, state.positionSeconds + seconds));
  }

  /** 0 to 100. */
  setVolume(percent: number): void {
    this.tab.receiver.volume = percent;
    writeSetting("volume", String(percent));
    this.#look();
  }

  get #isOwn(): boolean {
    const { playing } = this.tab.receiver;
    return playing !== null && playing === this.#own;
  }

  #begin(): void {
    this.tab.touched();
    this.#own = this.tab.receiver.play(this.#queue[this.#at], 0);
    this.#look();
  }

  #ended(skipped: boolean): void {
    if (!skipped && this.#isOwn && this.#at + 1 < this.#queue.length) {
      this.next();
    }
  }

  /** Shows what is played by now. */
  #look(): void {
    const { playing, volume } = this.tab.receiver;
    this.volume.value = volume;
    const state = playing?.state ?? null;
    this.tab.hold(state !== null && state.paused && !playing!.skipped);
    if (playing === null) this.now.value = null;
    else {
      const own = this.#isOwn;
      const song = state?.song ?? (own ? this.#queue[this.#at] : "");
      this.now.value = { song, own, state };
    }
    document.title = state ? `${titleOf(state.song)} · Ondacast` : "Ondacast";
    this.#measure();
    this.#keys.show(
      state && {
        title: titleOf(state.song),
        artist: `Ondacast on ${this.tab.welcome.value?.server ?? ""}`,
        playing: !state.paused,
        positionSeconds: state.positionSeconds,
        lengthSeconds: state.lengthSeconds,
      },
    );
  }

  #measure(): void {
    const atMs = performance.now();
    const passedMs = atMs - this.#came.atMs;
    if (passedMs < 1000) return;
    const bytes = this.tab.connector.receivedBytes;
    const rate = (bytes - this.#came.bytes) * 1000 / passedMs;
    this.bytesPerSecond.value += (rate - this.bytesPerSecond.value) * NEWS_PART;
    this.#came = { bytes, atMs };
  }
}
