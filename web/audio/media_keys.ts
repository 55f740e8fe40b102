/**
 * The media keys and the title on a locked screen. Browsers give both only to
 * pages with an audio element that plays, so there is one, of pure silence.
 *
 * @module
 */

import { silence } from "../../lib/audio/pcm.ts";
import { wavHeader } from "../../lib/audio/wav_writer.ts";

/** What the keys do. */
export interface MediaKeyActions {
  play(): void;
  pause(): void;
  next(): void;
  previous(): void;
  /** To a time of the song, in seconds. */
  seek(seconds: number): void;
  /** Back or on by so many seconds. */
  skip(seconds: number): void;
}

/** What is shown of a song. */
export interface MediaState {
  title: string;
  artist: string;
  playing: boolean;
  positionSeconds: number;
  lengthSeconds: number | null;
}

/** Browsers take no notice of sounds shorter than five seconds. */
const SILENCE_SECONDS = 8;
const SKIP_SECONDS = 10;

/** The media session of this page, where the browser has one. */
export class MediaKeys {
  #element: HTMLAudioElement | null = null;

  constructor(actions: MediaKeyActions) {
    const session = navigator.mediaSession;
    if (session === undefined) return;
    const handlers: [MediaSessionAction, MediaSessionActionHandler][] = [
      ["play", () => actions.play()],
      ["pause", () => actions.pause()],
      ["nexttrack", () => actions.next()],
      ["previoustrack", () => actions.previous()],
      ["seekto", ({ seekTime }) => actions.seek(seekTime ?? 0)],
      [
        "seekbackward",
        ({ seekOffset }) => actions.skip(-(seekOffset ?? SKIP_SECONDS)),
      ],
      [
        "seekforward",
        ({ seekOffset }) => actions.skip(seekOffset ?? SKIP_SECONDS),
      ],
    ];
    for (const [action, handler] of handlers) {
      try {
        session.setActionHandler(action, handler);
      } catch {
        // An action that this browser does not know.
      }
    }
  }

  /** Shows what plays; null: nothing does. */
  show(state: MediaState | null): void {
    const session = navigator.mediaSession;
    if (session === undefined) return;
    if (state === null) {
      session.metadata = null;
      session.playbackState = "none";
      this.#element?.pause();
      return;
    }
    const { title, artist, playing, positionSeconds, lengthSeconds } = state;
    if (session.metadata?.title !== title) {
      session.metadata = new MediaMetadata({ title, artist });
    }
    session.playbackState = playing ? "playing" : "paused";
    if (lengthSeconds !== null) {
      session.setPositionState({
        duration: lengthSeconds,
        position: Math.min(positionSeconds, lengthSeconds),
      });
    }
    this.#element ??= silentElement();
    if (!playing) this.#element.pause();
    else if (this.#element.paused) this.#element.play().catch(() => {});
  }
}

function silentElement(): HTMLAudioElement {
  const format = { encoding: "u8", rate: 8000, channels: 1, bits: 8 } as const;
  const pcm = silence(format, SILENCE_SECONDS * format.rate);
  const header = wavHeader(format, pcm.length);
  const element = new Audio(
    URL.createObjectURL(new Blob([header, pcm], { type: "audio/wav" })),
  );
  element.loop = true;
  return element;
}
