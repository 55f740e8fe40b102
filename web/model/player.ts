/**
 * What this tab plays: a song that was chosen here, and those that follow it,
 * or one that was cast here.
 *
 * @module
 */

import { computed, signal } from "@preact/signals";
import { isPassing } from "../../lib/client/link.ts";
import type { Playback, PlaybackState } from "../../lib/client/playback.ts";
import { readSetting, writeSetting } from "../io/settings.ts";
import { MediaKeys } from "../audio/media_keys.ts";
import type { OndacastError } from "../../lib/errors.ts";
import { safeText } from "../../lib/safe_text.ts";
import { type Errand, Errands } from "./errands.ts";
import { notifyError } from "./notices.ts";
import { Tab } from "./tab.ts";
import { titleOf } from "./words.ts";

/** How often the position is looked at. */
const LOOK_MS = 200;
/** How much the last second counts in the rate that is shown. */
const NEWS_PART = 0.25;

/** What is to be played here next: of several, the last counts. */
const OWN_PLAY = "play here";

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
  readonly errands: Errands;
  readonly now = signal<NowPlaying | null>(null);
  /** The song of it; null: nothing plays. Unlike the rest it seldom changes. */
  readonly song = computed(() => this.now.value?.song ?? null);
  /** Whether there is a song that stands still. */
  readonly paused = computed(() => this.now.value?.state?.paused ?? false);
  /** 0 to 100. */
  readonly volume = signal(100);
  /** Bytes a second that come, over the last few seconds. */
  readonly bytesPerSecond = signal(0);
  /** Names of the songs that follow one another, and which one plays. */
  #queue: string[] = [];
  #at = 0;
  #own: Playback | null = null;
  /** The song that is over, but for what is still to be heard. */
  #over: Playback | null = null;
  readonly #keys: MediaKeys;
  #came = { bytes: 0, atMs: 0 };

  constructor() {
    this.tab = new Tab({
      start: () => this.#look(),
      end: (_, skipped) => this.#ended(skipped),
      problem: (error) => {
        this.#failed(error);
        this.#look();
      },
    });
    this.errands = new Errands(this.tab);
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
    this.errands.forget(OWN_PLAY);
    this.tab.receiver.playing?.skip();
    this.#look();
  }

  /** Goes to a time of the song. */
  seek(seconds: number): void {
    const { playing } = this.tab.receiver;
    if (playing !== null && playing === this.#over) this.#seekBack(seconds);
    else playing?.seek(seconds);
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

  #begin(fromSeconds = 0): void {
    this.tab.touched();
    this.errands.do(this.#playing(fromSeconds));
  }

  #playing(fromSeconds: number): Errand {
    const song = this.#queue[this.#at];
    return {
      key: OWN_PLAY,
      words: ["play ", { name: titleOf(song) }, " here"],
      run: () => {
        this.#own = this.tab.receiver.play(song, fromSeconds);
        this.#look();
        return Promise.resolve();
      },
    };
  }

  /** What the server's absence has ended goes on where it was. */
  #failed(error: OndacastError): void {
    const seconds = this.now.value?.state?.positionSeconds ?? 0;
    if (this.#isOwn && isPassing(error)) {
      this.errands.keep(this.#playing(seconds));
    } else notifyError(error);
  }

  #ended(skipped: boolean): void {
    this.#over = this.tab.receiver.playing;
    if (skipped || this.errands.has(OWN_PLAY)) return;
    if (this.#isOwn && this.#at + 1 < this.#queue.length) this.next();
  }

  /** Goes back in a song of which only the last is still to be heard. */
  #seekBack(seconds: number): void {
    const own = this.#isOwn;
    const { song = "", lengthSeconds, paused } = this.#over?.state ?? {};
    if (seconds >= (lengthSeconds ?? 0)) return;
    const again = this.tab.receiver.play(song, seconds);
    if (paused) again.pause();
    if (own) this.#own = again;
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
    const title = state && safeText(titleOf(state.song));
    document.title = title ? `${title} · Ondacast` : "Ondacast";
    this.#measure();
    this.#keys.show(
      state && {
        title: safeText(titleOf(state.song)),
        artist: `Ondacast on ${safeText(this.tab.welcome.value?.server ?? "")}`,
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
