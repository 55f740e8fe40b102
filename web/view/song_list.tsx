/**
 * The songs with waveform, length and format, which can be played here or dragged
 * onto a device.
 *
 * @module
 */

import { useComputed } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { describeFormat } from "../../lib/audio/format.ts";
import { songProblem } from "../../lib/model/song_problem.ts";
import { safeText } from "../../lib/safe_text.ts";
import type { SongRow } from "../../lib/wire/messages.ts";
import type { App } from "../model/app.ts";
import { folderOf, timeText, titleOf } from "../model/words.ts";
import { SONG_DRAG } from "./device_list.tsx";
import { Icon } from "./icons.tsx";
import { Name } from "./name.tsx";
import { Waveform } from "./waveform.tsx";

const BARS = 96;
/** Rows that browsers skip together: skipping single rows costs as much as showing them. */
const GROUP = 50;

/** The list, or the reason why it is empty. */
export function SongList({ app }: { app: App }): JSX.Element {
  const { library } = app;
  const songs = library.shown.value;
  if (library.songs.value === null) {
    return <p class="empty">Asking the server for its songs…</p>;
  }
  if (songs.length === 0) {
    return (
      <p class="empty">
        {library.search.value
          ? `No song has “${library.search.value}” in its name.`
          : "There are no songs yet. Drop files here to add some."}
      </p>
    );
  }
  return (
    <>
      <div class="songs" role="list">
        {groups(songs).map((group, i) => (
          <div
            key={i}
            class="group"
            role="none"
            style={{ "--rows": group.length }}
          >
            {group.map((song) => (
              <Song
                key={song.name}
                app={app}
                song={song}
              />
            ))}
          </div>
        ))}
      </div>
      {songs.length < library.found.value.length && <More app={app} />}
    </>
  );
}

/** Splits songs into groups, of which browsers skip those out of view. */
function groups(songs: SongRow[]): SongRow[][] {
  const count = Math.ceil(songs.length / GROUP);
  return Array.from(
    { length: count },
    (_, i) => songs.slice(i * GROUP, (i + 1) * GROUP),
  );
}

function Song({ app, song }: { app: App; song: SongRow }): JSX.Element {
  const { player } = app;
  // The row is rendered again only if this changes, not as time passes.
  const here = useComputed(() => player.song.value === song.name).value;
  const playing = here && !player.paused.value;
  const title = titleOf(song.name);
  const folder = folderOf(song.name);
  const [ref, seen] = useSeen<HTMLDivElement>();
  const act = () => {
    if (here && player.now.peek()?.state) app.toggle();
    else app.play(song.name);
  };
  return (
    <div
      ref={ref}
      role="listitem"
      class={`song ${here ? "here" : ""}`}
      draggable={song.format !== null}
      onDragStart={(event) => {
        event.dataTransfer?.setData(SONG_DRAG, song.name);
        event.dataTransfer?.setData("text/plain", song.name);
      }}
      onDblClick={() => song.format && app.play(song.name)}
    >
      <button
        type="button"
        class="round"
        disabled={song.format === null}
        aria-label={`${playing ? "Pause" : "Play"} ${safeText(title)}`}
        onClick={act}
      >
        <Icon name={playing ? "pause" : "play"} />
      </button>
      <div class="about">
        <span class="title">
          <Name of={title} />
        </span>
        <span class="detail">
          {folder && (
            <>
              <Name of={folder} />
              {" · "}
            </>
          )}
          {song.format ? describeFormat(song.format) : songProblem(song)}
        </span>
      </div>
      <div class="song-waveform">
        {seen && song.format && (here
          ? <PlayedWaveform app={app} song={song} bars={BARS} />
          : <Waveform app={app} song={song} bars={BARS} />)}
      </div>
      <span class="length">
        {song.seconds === null ? "" : timeText(song.seconds)}
      </span>
      <button
        type="button"
        class="plain"
        disabled={song.format === null}
        aria-label={`Play ${safeText(title)} on another device`}
        title="Play on…"
        onClick={() => app.castSong.value = song.name}
      >
        <Icon name="cast" />
      </button>
    </div>
  );
}

/** The waveform of the playing song, with its progress. */
function PlayedWaveform(
  props: { app: App; song: SongRow; bars: number },
): JSX.Element {
  const { positionSeconds = 0, lengthSeconds = null } =
    props.app.player.now.value?.state ?? {};
  const played = lengthSeconds ? positionSeconds / lengthSeconds : 0;
  return <Waveform {...props} played={played} />;
}

/** Shows more songs when the end of the list comes into view. */
function More({ app }: { app: App }): JSX.Element {
  const shown = app.library.shown.value.length;
  const [ref, seen] = useSeen<HTMLParagraphElement>(shown);
  useEffect(() => {
    if (seen) app.library.showMore();
  }, [seen, shown]);
  return (
    <p ref={ref} class="empty">
      <button type="button" onClick={() => app.library.showMore()}>
        Show more
      </button>
    </p>
  );
}

/** Callbacks by element, for one shared observer. */
const watched = new Map<Element, (seen: boolean) => void>();
const sight = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      watched.get(target)?.(isIntersecting);
    }
  },
  { rootMargin: "300px" },
);

/**
 * Whether an element is in view, or nearly.
 *
 * @param since The element is observed again when this changes.
 */
function useSeen<E extends Element>(since?: unknown) {
  const ref = useRef<E>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const element = ref.current!;
    setSeen(false);
    watched.set(element, setSeen);
    sight.observe(element);
    return () => {
      watched.delete(element);
      sight.unobserve(element);
    };
  }, [since]);
  return [ref, seen] as const;
}
