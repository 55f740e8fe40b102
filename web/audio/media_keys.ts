/**
 * The media keys and the title on a locked screen. Browsers offer both only to
 * pages with a playing audio element, so there is one, which plays silence.
 *
 * @module
 */

import { silence } from "../../lib/audio/pcm.ts";
import { wavHeader } from "../../lib/audio/wav_writer.ts";

export interface MediaKeyActions {
  play(): void;
  pause(): void;
  next(): void;
  previous(): void;
  /** Seeks to a time of the song, in seconds. */
  seek(seconds: number): void;
  /** Seeks by seconds, backwards if negative. */
  skip(seconds: number): void;
}

export interface MediaState {
  title: string;
  artist: string;
  album: string;
  /** The address of its cover; null: it has none. */
  cover: string | null;
  playing: boolean;
  positionSeconds: number;
  lengthSeconds: number | null;
}

/** Browsers ignore sounds shorter than five seconds. */
const SILENCE_SECONDS = 8;
const SKIP_SECONDS = 10;

/** The page's media session, if the browser supports one. */
export class MediaKeys {
  #element: HTMLAudioElement | null = null;
  /** What the metadata was made of. */
  #shown = "";

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
        // This browser does not know the action.
      }
    }
  }

  /** Shows the playing song; null: none. */
  show(state: MediaState | null): void {
    const session = navigator.mediaSession;
    if (session === undefined) return;
    if (state === null) {
      session.metadata = null;
      this.#shown = "";
      session.playbackState = "none";
      this.#element?.pause();
      return;
    }
    const { title, artist, album, cover } = state;
    const { playing, positionSeconds, lengthSeconds } = state;
    const shown = JSON.stringify([title, artist, album, cover]);
    if (this.#shown !== shown) {
      this.#shown = shown;
      session.metadata = new MediaMetadata({
        ...{ title, artist, album },
        artwork: cover === null ? [] : [{ src: cover, sizes: "512x512" }],
      });
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
