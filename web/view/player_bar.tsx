/**
 * The player: a waveform that serves as the seek slider, the buttons, and the state.
 *
 * @module
 */

import type { JSX } from "preact";
import { describeFormat } from "../../lib/audio/format.ts";
import type { App } from "../model/app.ts";
import type { NowPlaying } from "../model/player.ts";
import { bytesText, spokenTime, timeText, titleOf } from "../model/words.ts";
import { Icon } from "./icons.tsx";
import { Name } from "./name.tsx";
import { Slider, useHeld } from "./slider.tsx";
import { Waveform } from "./waveform.tsx";

/** Each bar is about three pixels wide. */
const BARS = globalThis.innerWidth < 760 ? 100 : 240;

/**
 * The bar at the bottom. It stays while nothing plays: its buttons then do nothing,
 * but keep the focus.
 */
export function PlayerBar({ app }: { app: App }): JSX.Element {
  const { player } = app;
  const now = player.now.value;
  const state = now?.state ?? null;
  const paused = state?.paused ?? false;
  return (
    <section class="player" aria-label="Player">
      <div class="buttons">
        <button
          type="button"
          class="plain"
          aria-disabled={!now}
          aria-label="Previous song"
          onClick={() => player.previous()}
        >
          <Icon name="previous" />
        </button>
        <button
          type="button"
          class="round large"
          aria-disabled={!now && !app.library.found.value.length}
          aria-label={now && !paused ? "Pause" : "Play"}
          onClick={() => app.toggle()}
        >
          <Icon name={now && !paused ? "pause" : "play"} />
        </button>
        <button
          type="button"
          class="plain"
          aria-disabled={!now}
          aria-label="Next song"
          onClick={() => player.next()}
        >
          <Icon name="next" />
        </button>
        <button
          type="button"
          class="plain"
          aria-disabled={!now}
          aria-label="Stop"
          onClick={() => player.stop()}
        >
          <Icon name="stop" />
        </button>
      </div>
      <div class="now">
        <p class="title">
          {now ? <Name of={titleOf(now.song) || "…"} /> : "Nothing plays"}
        </p>
        <p class="detail">{now ? kindOf(now) : "Choose a song"}</p>
        <p class="detail flow">{now && <Flow app={app} now={now} />}</p>
      </div>
      <Seek app={app} now={now} />
      <label class="volume">
        <Icon name="volume" />
        <span class="hidden">Volume</span>
        <Slider
          max={100}
          step={1}
          value={player.volume.value}
          onSlide={(percent) => player.setVolume(percent)}
        />
      </label>
    </section>
  );
}

function kindOf({ state, own }: NowPlaying): string {
  if (state === null) return "begins…";
  return `${describeFormat(state.format)}${own ? "" : " · cast here"}`;
}

/** The buffer and the rate of the stream. */
function Flow(
  { app, now: { state } }: { app: App; now: NowPlaying },
): JSX.Element | null {
  if (state === null) return null;
  const { bufferedSeconds, underruns } = state;
  return (
    <>
      {`${bufferedSeconds.toFixed(1)} s buffered · `}
      {`${underruns} ${underruns === 1 ? "gap" : "gaps"}`}
      <span class="rate">
        {` · ${bytesText(app.player.bytesPerSecond.value)}/s`}
      </span>
    </>
  );
}

/** The waveform of the playing song, as a slider. */
function Seek(
  { app, now }: { app: App; now: NowPlaying | null },
): JSX.Element {
  const { player, library } = app;
  const length = now?.state?.lengthSeconds ?? 0;
  const [position, handlers] = useHeld({
    value: now?.state?.positionSeconds ?? 0,
    // Before a song has begun, there is no position to seek to.
    onSettle: (seconds) => length > 0 && player.seek(seconds),
  });
  const song = now && library.named(now.song);
  return (
    <div class="seek">
      <span class="time">{timeText(position)}</span>
      <div class="track">
        {song && (
          <Waveform
            app={app}
            song={song}
            bars={BARS}
            played={length > 0 ? position / length : 0}
          />
        )}
        <input
          type="range"
          aria-label="Position"
          aria-valuetext={`${spokenTime(position)} of ${spokenTime(length)}`}
          min="0"
          max={length || 1}
          step="any"
          // It keeps the focus from song to song.
          disabled={now === null}
          value={position}
          {...handlers}
          onKeyDown={(event) => {
            const step = { ArrowLeft: -10, ArrowRight: 10 }[event.key];
            if (step === undefined) return;
            event.preventDefault();
            player.skip(step);
          }}
        />
      </div>
      <span class="time">{timeText(length)}</span>
    </div>
  );
}
