/**
 * The media keys and the title on a locked screen. Browsers offer both only to
 * pages with a playing audio element, so there is one, which plays silence.
 *
 * @module
 */

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
const SILENT_BYTES = 8 * 8000;
/** A WAV of 8 bits at 8,000 Hz, as words: the simplest header there is. */
const SILENT_HEADER = Uint32Array.of(
  ...[0x46464952, 36 + SILENT_BYTES, 0x45564157], // RIFF, WAVE
  ...[0x20746d66, 16, 1 << 16 | 1, 8000, 8000, 8 << 16 | 1], // fmt
  ...[0x61746164, SILENT_BYTES], // data
);
const SKIP_SECONDS = 10;
/** A place that is wrong by less is not shown anew: that takes time. */
const LATE_SECONDS = 0.3;

/** The page's media session, if the browser supports one. */
export class MediaKeys {
  #element: HTMLAudioElement | null = null;
  /** What the metadata was made of. */
  #shown = "";
  /** Since when the song plays, how long it is, and whether it plays. */
  #placed = [NaN, NaN, NaN];

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
      if (session.playbackState === "none") return;
      session.metadata = null;
      this.#shown = "";
      session.playbackState = "none";
      this.#element?.pause();
      return;
    }
    const { title, artist, album, cover } = state;
    const { playing } = state;
    const shown = JSON.stringify([title, artist, album, cover]);
    if (this.#shown !== shown) {
      this.#shown = shown;
      session.metadata = new MediaMetadata({
        ...{ title, artist, album },
        artwork: cover === null ? [] : [{ src: cover, sizes: "512x512" }],
      });
    }
    session.playbackState = playing ? "playing" : "paused";
    this.#place(state);
    this.#element ??= silentElement();
    if (!playing) this.#element.pause();
    else if (this.#element.paused) this.#element.play().catch(() => {});
  }

  /** Shows the place in the song, unless the browser knows it by itself. */
  #place({ playing, positionSeconds, lengthSeconds }: MediaState): void {
    if (lengthSeconds === null) return;
    const nowSeconds = playing ? performance.now() / 1000 : 0;
    const at = [nowSeconds - positionSeconds, lengthSeconds, Number(playing)];
    if (at.every((it, i) => Math.abs(it - this.#placed[i]) < LATE_SECONDS)) {
      return;
    }
    this.#placed = at;
    navigator.mediaSession.setPositionState({
      duration: lengthSeconds,
      position: Math.min(positionSeconds, lengthSeconds),
    });
  }
}

function silentElement(): HTMLAudioElement {
  const pcm = new Uint8Array(SILENT_BYTES).fill(128);
  const wav = new Blob([SILENT_HEADER, pcm], { type: "audio/wav" });
  const element = new Audio(URL.createObjectURL(wav));
  element.loop = true;
  return element;
}
