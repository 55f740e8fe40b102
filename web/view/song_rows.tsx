/**
 * Songs as rows, of which only those in view exist. The whole row plays; what else
 * can be done is in its menu, and it can be dragged onto a room. While songs are
 * selected, it has a checkbox.
 *
 * @module
 */

import { useComputed } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { songProblem } from "../../lib/model/song_problem.ts";
import { safeText } from "../../lib/safe_text.ts";
import type { SongRow } from "../../lib/wire/messages.ts";
import type { App } from "../model/app.ts";
import { describe } from "../model/remote.ts";
import { folderOf, timeText } from "../model/words.ts";
import { Art } from "./art.tsx";
import { IconButton } from "./icon_button.tsx";
import { Icon } from "./icons.tsx";
import { MenuButton } from "./menu.tsx";
import { Name } from "./name.tsx";
import { PickBar } from "./pick_bar.tsx";
import { useLongPress } from "./long_press.ts";
import { serverOf } from "../model/server_of.ts";
import { oneSong, songMenu } from "./song_menu.ts";
import { TEXTS } from "./texts.ts";
import { VirtualRows } from "./virtual_rows.tsx";

/** Media type of a dragged song. */
export const SONG_DRAG = "application/x-ondacast-song";

export interface SongRowsProps {
  app: App;
  songs: readonly SongRow[];
  label: string;
  /** Whether the songs are of one album: numbers take the place of pictures. */
  isAlbum?: boolean;
  /** The artist of all, who is not named again in each row. */
  by?: string;
  /** Plays a song of these. */
  onPlay(song: SongRow, at: number): void;
  /** Called when the end comes near. */
  onEnd?(): void;
}

export function SongRows(props: SongRowsProps): JSX.Element {
  const { app, songs, label, onEnd } = props;
  return (
    <div class="songs">
      <PickBar app={app} songs={songs} />
      <VirtualRows items={songs} label={label} onEnd={onEnd}>
        {(song, at) => <Song key={song.name} {...props} song={song} at={at} />}
      </VirtualRows>
    </div>
  );
}

function Song(
  { app, song, at, songs, isAlbum = false, by, onPlay }: SongRowsProps & {
    song: SongRow;
    at: number;
  },
): JSX.Element {
  const { remote, picked } = app;
  const { name } = song;
  // Null: songs are not being selected.
  const pick = useComputed(() => picked.names.value?.has(name) ?? null).value;
  const row = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!picked.takesFocus(name)) return;
    row.current!.querySelector<HTMLElement>(".pick, .whole")!.focus();
  }, [pick === null]);
  const select = (event: MouseEvent) =>
    event.shiftKey ? picked.extend(songs, at) : picked.toggle(name);
  const press = useLongPress(() => pick === null && picked.toggle(name));
  // The row is rendered again only if this changes, not as time passes.
  const here = useComputed(() => remote.song.value === song.name).value;
  const playing =
    useComputed(() => remote.song.value === song.name && !remote.isPaused.value)
      .value;
  const { title, artist, album } = describe(song.name, song);
  const isPlayable = song.format !== null;
  const label = safeText(title);
  const time = song.seconds === null ? "" : timeText(song.seconds);
  const of = by !== undefined && artist === by
    ? ""
    : artist ?? folderOf(song.name);
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
      <span class="length">{time}</span>
    </>
  );
  return (
    <div
      ref={row}
      role="listitem"
      aria-setsize={songs.length}
      aria-posinset={at + 1}
      class={`song ${here ? "here" : ""} ${pick ? "picked" : ""}`}
      draggable={isPlayable}
      {...press}
      onKeyDown={({ shiftKey, key }) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[key];
        if (!shiftKey || step === undefined || !songs[at + step]) return;
        picked.extend(songs, at + step, at);
      }}
      onDragStart={(event) => {
        event.dataTransfer?.setData(SONG_DRAG, song.name);
        event.dataTransfer?.setData("text/plain", song.name);
      }}
    >
      {pick === null
        ? (
          <button
            type="button"
            class="whole"
            disabled={!isPlayable}
            aria-label={`${playing ? "Pause" : "Play"} ${label}`}
            onClick={(event) => {
              if (event.shiftKey || event.ctrlKey || event.metaKey) {
                select(event);
              } else if (here) app.toggle();
              else onPlay(song, at);
            }}
          >
            {isAlbum ? <span class="number">{song.track ?? at + 1}</span> : (
              <Art
                app={app}
                of={song.art ? song : null}
                title={album ?? title}
              />
            )}
            {here && (
              <span class="state">
                <Icon name={playing ? "pause" : "play"} />
              </span>
            )}
            {about}
          </button>
        )
        : (
          <label
            class="whole"
            onClick={(event) => {
              const box = event.currentTarget.querySelector("input")!;
              // It would click its checkbox, too.
              if (event.target !== box) event.preventDefault();
              select(event);
              box.focus();
            }}
          >
            <input
              type="checkbox"
              class="pick"
              aria-label={TEXTS.pick.song(label)}
              checked={pick}
            />
            {about}
          </label>
        )}
      <IconButton
        class="plain cast"
        icon="device"
        label={TEXTS.play.anywhere(label)}
        disabled={!isPlayable}
        title={TEXTS.play.on}
        onClick={() =>
          app.overlays.show({ kind: "playOn", choice: oneSong(song) })}
      />
      <MenuButton
        app={app}
        label={TEXTS.play.more(label)}
        title={title}
        items={() => songMenu(app, song)}
      />
    </div>
  );
}
