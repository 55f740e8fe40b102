/**
 * What this tab plays: a song that was chosen here, followed by the next ones, or
 * one that was cast here.
 *
 * @module
 */

import { computed, signal } from "./signals.ts";
import { isPassing } from "../../lib/client/link.ts";
import type { Playback } from "../../lib/client/playback.ts";
import type { PlaybackState } from "../../lib/client/playback_state.ts";
import { readSetting, writeSetting } from "../io/settings.ts";
import { MediaKeys } from "../audio/media_keys.ts";
import type { OndacastError } from "../../lib/errors.ts";
import { safeText } from "../../lib/safe_text.ts";
import { type Errand, Errands } from "./errands.ts";
import { notifyError } from "./notices.ts";
import { Tab } from "./tab.ts";
import { titleOf } from "./words.ts";

/** Polling interval for the position. */
const UPDATE_MS = 200;
/** Weight of the last second in the displayed rate. */
const NEWS_PART = 0.25;

/** Key of a waiting request to play here, of which the newest counts. */
const OWN_PLAY = "play here";

export interface NowPlaying {
  song: string;
  /** Whether it was chosen here, not cast. */
  own: boolean;
  /** Null until its first samples arrive. */
  state: PlaybackState | null;
}

export class Player {
  readonly tab: Tab;
  readonly errands: Errands;
  readonly now = signal<NowPlaying | null>(null);
  /** Its song; null: nothing plays. It changes less often than `now`. */
  readonly song = computed(() => this.now.value?.song ?? null);
  /** Whether a song is paused. */
  readonly paused = computed(() => this.now.value?.state?.paused ?? false);
  /** 0 to 100. */
  readonly volume = signal(100);
  /** Bytes received a second, over the last few seconds. */
  readonly bytesPerSecond = signal(0);
  /** Names of the queued songs, and the index of the playing one. */
  #queue: string[] = [];
  #at = 0;
  #own: Playback | null = null;
  /** The song that has ended, except for its last samples in the buffer. */
  #over: Playback | null = null;
  readonly #keys: MediaKeys;
  #came = { bytes: 0, atMs: 0 };

  constructor() {
    this.tab = new Tab({
      start: () => this.#update(),
      end: (_, skipped) => this.#ended(skipped),
      problem: (error) => {
        this.#failed(error);
        this.#update();
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
    setInterval(() => this.#update(), UPDATE_MS);
  }

  /** Plays a song of a list, then the ones after it. */
  play(songs: readonly string[], song: string): void {
    this.#queue = [...songs];
    this.#at = this.#queue.indexOf(song);
    this.#begin();
  }

  pause(): void {
    this.tab.receiver.playing?.pause();
    this.#update();
  }

  resume(): void {
    this.tab.touched();
    this.tab.receiver.playing?.resume();
    this.#update();
  }

  /** Pauses or resumes. */
  toggle(): void {
    if (this.tab.receiver.playing?.state?.paused) this.resume();
    else this.pause();
  }

  /** Plays the next song, or ends this one if there is none. */
  next(): void {
    if (this.#isOwn && this.#at + 1 < this.#queue.length) {
      this.#at++;
      this.#begin();
    } else this.stop();
  }

  /** Plays the previous song, or this one from its start if there is none. */
  previous(): void {
    if (this.#isOwn && this.#at > 0) {
      this.#at--;
      this.#begin();
    } else this.seek(0);
  }

  stop(): void {
    this.errands.forget(OWN_PLAY);
    this.tab.receiver.playing?.skip();
    this.#update();
  }

  seek(seconds: number): void {
    const { playing } = this.tab.receiver;
    if (playing !== null && playing === this.#over) this.#seekBack(seconds);
    else playing?.seek(seconds);
    this.#update();
  }

  /** Seeks by seconds, backwards if negative. */
  skip(seconds: number): void {
    const state = this.tab.receiver.playing?.state;
    if (state) this.seek(Math.max(0, state.positionSeconds + seconds));
  }

  /** 0 to 100. */
  setVolume(percent: number): void {
    this.tab.receiver.volume = percent;
    writeSetting("volume", String(percent));
    this.#update();
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
        this.#update();
        return Promise.resolve();
      },
    };
  }

  /** A song that ended because the server was away resumes at the same place. */
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

  /** Seeks back in a song that has ended except for its last samples. */
  #seekBack(seconds: number): void {
    const own = this.#isOwn;
    const { song = "", lengthSeconds, paused } = this.#over?.state ?? {};
    if (seconds >= (lengthSeconds ?? 0)) return;
    const again = this.tab.receiver.play(song, seconds);
    if (paused) again.pause();
    if (own) this.#own = again;
  }

  /** Updates what is shown. */
  #update(): void {
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
