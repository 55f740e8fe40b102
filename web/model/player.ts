/**
 * What this tab plays: the queue of its group. A tab that does not receive has
 * none, and plays a list of its own.
 *
 * @module
 */

import { computed, signal } from "./signals.ts";
import { isPassing } from "../../lib/client/link.ts";
import { QueuedSong } from "../../lib/client/own_group.ts";
import type { Playback } from "../../lib/client/playback.ts";
import type { PlaybackState } from "../../lib/client/playback_state.ts";
import { readSetting, writeSetting } from "../io/settings.ts";
import { MediaKeys } from "../audio/media_keys.ts";
import type { OndacastError } from "../../lib/errors.ts";
import { safeText } from "../../lib/safe_text.ts";
import { Choices } from "./choices.ts";
import { DataRate } from "./data_rate.ts";
import { type Errand, Errands } from "./errands.ts";
import { notifyError } from "./notices.ts";
import { Tab } from "./tab.ts";
import { mediaState, type SongWords } from "./song_words.ts";
import { isReached, type Sought } from "./sought.ts";
import { titleOf } from "./words.ts";
import { TEXTS } from "./texts.ts";

/** Polling interval for the position. */
const UPDATE_MS = 200;
/** How long a busy server may take to pause a song that it has begun anew. */
const PAUSING_MS = 5000;

/** A song that was paused when it was begun anew, and is to stay so. */
interface Pausing {
  before: Playback;
  untilMs: number;
}

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
  readonly choices = new Choices();
  readonly now = signal<NowPlaying | null>(null);
  /** Its song; null: nothing plays. It changes less often than `now`. */
  readonly song = computed(() => this.now.value?.song ?? null);
  /** Whether a song is paused. */
  readonly paused = computed(() => this.now.value?.state?.paused ?? false);
  /** 0 to 100. */
  readonly volume = signal(100);
  readonly dataRate = new DataRate();
  /** Names of the chosen songs, and the index of the one to play. */
  #songs: string[] = [];
  #at = 0;
  #own: Playback | null = null;
  /** A place that its group was asked for, until that plays. */
  #sought: Sought | null = null;
  /** Shown as paused until the server has paused it again. */
  #pausing: Pausing | null = null;
  /** The song that has ended, except for its last samples in the buffer. */
  #over: Playback | null = null;
  /** Describes a song by its name. */
  describe: (song: string) => SongWords = (song) => (
    { title: titleOf(song), artist: null, album: null, cover: null }
  );
  readonly #keys: MediaKeys;

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
    this.#songs = [...songs];
    this.#at = this.#songs.indexOf(song);
    this.#begin();
  }

  pause(): void {
    if (this.#isAtOnce) this.tab.receiver.playing?.pause();
    this.#controls?.pause();
    this.#update();
  }

  resume(): void {
    this.tab.touched();
    if (this.#isAtOnce) this.tab.receiver.playing?.resume();
    this.#controls?.resume();
    this.#pausing = null;
    this.#update();
  }

  /** Pauses or resumes. */
  toggle(): void {
    if (this.#stateOf(this.tab.receiver.playing)?.paused) this.resume();
    else this.pause();
  }

  /** Plays the next song, or ends this one if there is none. */
  next(): void {
    const controls = this.#controls;
    if (controls instanceof QueuedSong) controls.skip();
    else if (this.#isOwn && this.#at + 1 < this.#songs.length) {
      this.#at++;
      this.#begin();
    } else this.stop();
  }

  /** Plays the previous song, or this one from its start if there is none. */
  previous(): void {
    const controls = this.#controls;
    if (controls instanceof QueuedSong) controls.previous();
    else if (this.#isOwn && this.#at > 0) {
      this.#at--;
      this.#begin();
    } else this.seek(0);
  }

  stop(): void {
    this.errands.forget(OWN_PLAY);
    const { group, playing } = this.tab.receiver;
    const isQueued = this.#controls instanceof QueuedSong;
    if (!isQueued || !group.control("stop")) playing?.skip();
    this.#update();
  }

  seek(seconds: number): void {
    const { playing } = this.tab.receiver;
    const { song = "", lengthSeconds = null } = playing?.state ?? {};
    if (playing !== null && playing === this.#over) this.#seekBack(seconds);
    else this.#controls?.seek(seconds);
    if (playing !== null && lengthSeconds !== null) {
      const target = Math.min(Math.max(0, seconds), lengthSeconds);
      const atMs = performance.now();
      this.#sought = { playing, song, seconds: target, atMs };
    }
    this.#update();
  }

  /** Seeks by seconds, backwards if negative. */
  skip(seconds: number): void {
    const { state } = this.now.value ?? {};
    if (state) this.seek(Math.max(0, state.positionSeconds + seconds));
  }

  /** 0 to 100. */
  setVolume(percent: number): void {
    this.tab.receiver.volume = percent;
    writeSetting("volume", String(percent));
    this.#update();
  }

  /**
   * The controls of the song that plays; null: none does. For its group, a song
   * of which only the last samples are in the buffer is over.
   */
  get #controls(): Playback | QueuedSong | null {
    const { playing } = this.tab.receiver;
    const isOver = playing === this.#over && this.#sought === null;
    if (playing === null || isOver) return playing;
    return this.tab.receiver.controlsOf(playing);
  }

  /** Whether it plays in step with others, who pause and resume with it. */
  get #isInStep(): boolean {
    return this.tab.receiver.playing?.state?.step !== undefined;
  }

  /**
   * Whether it pauses and resumes here before the server knows: alone, unless
   * something else is to play at once.
   */
  get #isAtOnce(): boolean {
    return !this.#isInStep &&
      !(this.#over && this.#over === this.#sought?.playing);
  }

  /** Whether the song was chosen here, and not cast. */
  get #isChosenHere(): boolean {
    const controls = this.#controls;
    return controls instanceof QueuedSong
      ? controls.by === this.tab.welcome.value?.key
      : this.#isOwn;
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
    const song = this.#songs[this.#at];
    const { title } = this.describe(song);
    const { receiver } = this.tab;
    return {
      key: OWN_PLAY,
      words: [TEXTS.errands.places.now, { name: title }, TEXTS.errands.here],
      run: async (session) => {
        if (receiver.receiving) {
          const { key } = session.greeting!;
          await this.choices.queue(session, key, {
            ...{ title, songs: this.#songs, at: this.#at },
            fromSeconds,
          });
        } else this.#own = receiver.play(song, fromSeconds);
        this.#update();
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
    if (this.#isOwn && this.#at + 1 < this.#songs.length) this.next();
  }

  /** Seeks back in a song that has ended except for its last samples. */
  #seekBack(seconds: number): void {
    const over = this.#over!;
    const { song, lengthSeconds, paused } = over.state!;
    if (seconds >= (lengthSeconds ?? 0)) return;
    const { receiver } = this.tab;
    const queued = receiver.controlsOf(over);
    if (queued instanceof QueuedSong) {
      const untilMs = performance.now() + PAUSING_MS;
      if (paused) this.#pausing = { before: over, untilMs };
      return queued.again(seconds, paused);
    }
    const own = this.#isOwn;
    const again = receiver.play(song, seconds);
    if (paused) again.pause();
    if (own) this.#own = again;
  }

  /** Updates what is shown. */
  #update(): void {
    const { playing, volume } = this.tab.receiver;
    this.volume.value = volume;
    const state = this.#stateOf(playing);
    // In step the device stays warm on silence.
    const isHeld = state !== null && state.paused && !playing!.skipped &&
      !this.#isInStep;
    this.tab.hold(isHeld);
    if (playing === null) this.now.value = null;
    else {
      const song = state?.song ?? (this.#isOwn ? this.#songs[this.#at] : "");
      this.now.value = { song, own: this.#isChosenHere, state };
    }
    const words = state && this.describe(state.song);
    const title = words && safeText(words.title);
    document.title = title ? `${title} · Ondacast` : "Ondacast";
    const { receivedBytes } = this.tab.connector;
    this.dataRate.measure(receivedBytes, performance.now());
    const server = this.tab.welcome.value?.server ?? "";
    this.#keys.show(state && words && mediaState(words, state, server));
  }

  /** The state of what plays, at the place that is sought. */
  #stateOf(playing: Playback | null): PlaybackState | null {
    const state = playing?.state ?? null;
    const sought = this.#sought;
    const isOver = sought === null ||
      isReached(sought, playing, performance.now());
    if (isOver) this.#sought = null;
    if (state === null) return null;
    const { before, untilMs = 0 } = this.#pausing ?? {};
    const paused = state.paused || performance.now() < untilMs;
    if (state.paused && playing !== before) this.#pausing = null;
    return sought && !isOver
      ? { ...state, paused, positionSeconds: sought.seconds }
      : { ...state, paused };
  }
}
