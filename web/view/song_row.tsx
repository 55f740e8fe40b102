/**
 * A song as a row of a long list. Its elements show other songs as the list is
 * scrolled, so they have no listeners: those are at the list.
 *
 * @module
 */

import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { songProblem } from "../../lib/model/song_problem.ts";
import { safeText } from "../../lib/safe_text.ts";
import type { SongRow } from "../../lib/wire/messages.ts";
import type { App } from "../model/app.ts";
import { describe } from "../model/remote.ts";
import { serverOf } from "../model/server_of.ts";
import { computed } from "../model/signals.ts";
import { folderOf, timeText } from "../model/words.ts";
import { Art } from "./art.tsx";
import { Icon } from "./icons.tsx";
import { Name } from "./name.tsx";
import { TEXTS } from "../model/texts.ts";

export interface SongProps {
  app: App;
  song: SongRow;
  /** Its index in a list of `count`. */
  at: number;
  count: number;
  /** Whether songs are being selected, each by a checkbox. */
  isPicking: boolean;
  /** Whether the songs are of one album: numbers take the place of pictures. */
  isAlbum?: boolean;
  /** The artist of all, who is not named again in each row. */
  by?: string;
}

// The same in all rows, so that they are not compared when a row shows another song.
const PLAY_ON = <Icon name="speaker" />;
const MORE = <Icon name="more" />;

export function Song(
  { app, song, at, count, isPicking, isAlbum = false, by }: SongProps,
): JSX.Element {
  const { remote, picked } = app;
  const { name } = song;
  const isPicked = useDerived(
    () => picked.names.value?.has(name) ?? false,
    name,
  );
  const state = useDerived(() => {
    if (remote.song.value !== name) return null;
    return remote.isPaused.value ? "paused" : "playing";
  }, name);
  const { title, artist, album } = describe(name, song);
  const isPlayable = song.format !== null;
  const label = safeText(title);
  const of = by !== undefined && artist === by ? "" : artist ?? folderOf(name);
  const detail = isPlayable
    ? [of, serverOf(app.tab.welcome.value, song)].filter(Boolean).join(" · ")
    : songProblem(song);
  const about = (
    <>
      <span class="about">
        <Name class="title" of={title} />
        {detail && <Name class="detail" of={detail} />}
      </span>
      {!isAlbum && <Name class="detail wide" of={album ?? ""} />}
      <span class="length">
        {song.seconds === null ? "" : timeText(song.seconds)}
      </span>
    </>
  );
  return (
    <div
      role="listitem"
      aria-setsize={count}
      aria-posinset={at + 1}
      class={`song ${state ? "here" : ""} ${isPicked ? "picked" : ""}`}
      draggable={isPlayable}
    >
      {isPicking
        ? (
          <label class="whole">
            <input
              type="checkbox"
              class="pick"
              aria-label={TEXTS.pick.song(label)}
              checked={isPicked}
            />
            {about}
          </label>
        )
        : (
          <button
            type="button"
            class="whole"
            disabled={!isPlayable}
            aria-label={`${state === "playing" ? "Pause" : "Play"} ${label}`}
          >
            {isAlbum ? <span class="number">{song.track ?? at + 1}</span> : (
              <Art
                app={app}
                of={song.art ? song : null}
                title={album ?? title}
              />
            )}
            {state && (
              <span class="state">
                <Icon name={state === "playing" ? "pause" : "play"} />
              </span>
            )}
            {about}
          </button>
        )}
      <button
        type="button"
        class="plain cast"
        aria-label={TEXTS.play.anywhere(label)}
        title={TEXTS.play.on}
        disabled={!isPlayable}
      >
        {PLAY_ON}
      </button>
      <button
        type="button"
        class="plain more"
        aria-label={TEXTS.play.more(label)}
        aria-haspopup="dialog"
      >
        {MORE}
      </button>
    </div>
  );
}

/** What signals say of a song: the row is rendered again only if that changes. */
function useDerived<T>(derive: () => T, song: string): T {
  return useMemo(() => computed(derive), [song]).value;
}
