/**
 * The songs: each with its picture, length and format, to be played here or
 * dragged onto a device.
 *
 * @module
 */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { describeFormat } from "../../lib/audio/format.ts";
import type { SongRow } from "../../lib/wire/messages.ts";
import type { App } from "../model/app.ts";
import { folderOf, timeText, titleOf } from "../model/words.ts";
import { SONG_DRAG } from "./device_list.tsx";
import { Icon } from "./icons.tsx";
import { Waveform } from "./waveform.tsx";

const BARS = 96;

/** The list, or why there is none. */
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
          : "There are no songs yet. Drop WAV files here to add some."}
      </p>
    );
  }
  return (
    <>
      <ul class="songs">
        {songs.map((song) => <Song key={song.name} app={app} song={song} />)}
      </ul>
      {songs.length < library.found.value.length && <More app={app} />}
    </>
  );
}

function Song({ app, song }: { app: App; song: SongRow }): JSX.Element {
  const { player } = app;
  const now = player.now.value;
  const here = now?.song === song.name;
  const playing = here && !now.state?.paused;
  const title = titleOf(song.name);
  const folder = folderOf(song.name);
  const [ref, seen] = useSeen<HTMLLIElement>();
  const act = () => {
    if (here && now.state) player.toggle();
    else app.play(song.name);
  };
  return (
    <li
      ref={ref}
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
        aria-label={`${playing ? "Pause" : "Play"} ${title}`}
        onClick={act}
      >
        <Icon name={playing ? "pause" : "play"} />
      </button>
      <div class="about">
        <span class="title">{title}</span>
        <span class="detail">
          {folder && `${folder} · `}
          {song.format
            ? describeFormat(song.format)
            : `cannot be played: ${song.problem ?? "unknown kind"}`}
        </span>
      </div>
      <div class="picture">
        {seen && song.format && (
          <Waveform
            app={app}
            song={song}
            bars={BARS}
            played={here ? playedPart(now.state) : 0}
          />
        )}
      </div>
      <span class="length">
        {song.seconds === null ? "" : timeText(song.seconds)}
      </span>
      <button
        type="button"
        class="plain"
        disabled={song.format === null}
        aria-label={`Play ${title} on another device`}
        title="Play on…"
        onClick={() => app.castSong.value = song.name}
      >
        <Icon name="cast" />
      </button>
    </li>
  );
}

function playedPart(
  state: { positionSeconds: number; lengthSeconds: number | null } | null,
): number {
  return state?.lengthSeconds ? state.positionSeconds / state.lengthSeconds : 0;
}

/** Shows more songs as soon as the end of the list is seen. */
function More({ app }: { app: App }): JSX.Element {
  const [ref, seen] = useSeen<HTMLParagraphElement>();
  const shown = app.library.shown.value.length;
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

/** Whether an element has come into sight, or nearly. */
function useSeen<E extends Element>() {
  const ref = useRef<E>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => {
        const isIn = entries.some(({ isIntersecting }) => isIntersecting);
        setSeen((before) => before || isIn);
      },
      { rootMargin: "300px" },
    );
    observer.observe(ref.current!);
    return () => observer.disconnect();
  }, []);
  return [ref, seen] as const;
}
