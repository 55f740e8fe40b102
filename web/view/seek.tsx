/**
 * Where the song is: its waveform as a slider, between two times.
 *
 * @module
 */

import type { JSX } from "preact";
import type { App } from "../model/app.ts";
import { spokenTime, timeText } from "../model/words.ts";
import { useHeld } from "./slider.tsx";
import { TEXTS } from "../model/texts.ts";
import { Waveform } from "./waveform.tsx";

/** Each bar is about three pixels wide. */
const BARS = globalThis.innerWidth < 760 ? 100 : 200;

export function Seek({ app }: { app: App }): JSX.Element {
  const { remote, library } = app;
  const name = remote.song.value;
  const length = remote.seconds.value ?? 0;
  const [position, handlers] = useHeld({
    value: name === null ? 0 : remote.position,
    of: name,
    // Before a song has begun, there is no position to seek to.
    onSettle: (seconds) => length > 0 && remote.seek(seconds),
  });
  const song = name === null ? undefined : library.named(name);
  const part = length > 0 ? Math.min(1, position / length) : 0;
  return (
    <div class="seek">
      <span class="time">{timeText(position)}</span>
      <div class="track">
        {song && <Waveform app={app} song={song} bars={BARS} played={part} />}
        <input
          type="range"
          aria-label={TEXTS.player.position}
          aria-valuetext={TEXTS.player.of(
            spokenTime(position),
            spokenTime(length),
          )}
          min="0"
          // Without a song, it cannot be moved, but keeps the focus.
          max={name === null ? 0 : length || 1}
          step="any"
          style={{ "--part": `${part * 100}%` }}
          aria-disabled={name === null}
          value={position}
          {...handlers}
          onKeyDown={(event) => {
            const step = { ArrowLeft: -10, ArrowRight: 10 }[event.key];
            if (step === undefined) return;
            event.preventDefault();
            if (name !== null) remote.skip(step);
          }}
        />
      </div>
      <span class="time">{timeText(length)}</span>
    </div>
  );
}
