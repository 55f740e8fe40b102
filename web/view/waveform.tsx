/**
 * A song's waveform as bars, and its played part.
 *
 * @module
 */

import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import type { SongRow } from "../../lib/wire/messages.ts";
import type { App } from "../model/app.ts";

/** Height of the view box. */
const HEIGHT = 100;
/** Least height of a bar, so that silence stays visible. */
const LEAST = 3;

/** @param played 0 to 1. */
export function Waveform(
  { app, song, bars, played = 0 }: {
    app: App;
    song: Pick<SongRow, "name" | "etag">;
    bars: number;
    played?: number;
  },
): JSX.Element {
  const peaks = app.waveforms.of(song).value;
  useEffect(() => app.waveforms.watch(song), [song.name, song.etag]);
  const path = useMemo(() => barPath(peaks, bars), [peaks, bars]);
  return (
    <svg
      class={`waveform ${peaks ? "" : "unknown"}`}
      viewBox={`0 0 ${bars} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path d={path} />
      {played > 0 && (
        <path
          class="played"
          d={path}
          style={{ clipPath: `inset(0 ${(1 - played) * 100}% 0 0)` }}
        />
      )}
    </svg>
  );
}

/** Each bar shows the loudest peak of its part of the song. */
function barPath(peaks: Uint8Array | null, bars: number): string {
  let path = "";
  // Scaled to the loudest peak: the shape matters, not the level.
  const loudest = Math.max(1, ...peaks ?? []);
  for (let bar = 0; bar < bars; bar++) {
    let level = 0;
    if (peaks) {
      const from = Math.floor(bar * peaks.length / bars);
      const to = Math.ceil((bar + 1) * peaks.length / bars);
      for (let i = from; i < to; i++) level = Math.max(level, peaks[i]);
    }
    const height = Math.max(LEAST, Math.round(level / loudest * HEIGHT));
    path += `M${bar + 0.2} ${(HEIGHT - height) / 2}h.6v${height}h-.6z`;
  }
  return path;
}
