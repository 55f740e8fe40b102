/**
 * Songs as rows, of which only those in view exist. The whole row plays; what else
 * can be done is in its menu, and it can be dragged onto a room. While songs are
 * selected, it has a checkbox.
 *
 * @module
 */

import { useComputed } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect } from "preact/hooks";
import type { SongRow } from "../../lib/wire/messages.ts";
import type { App } from "../model/app.ts";
import { useKeptFocus } from "./kept_focus.ts";
import { useLongPress } from "./long_press.ts";
import { showMenu } from "./menu.tsx";
import { PickBar } from "./pick_bar.tsx";
import { oneSong, songMenu } from "./song_menu.ts";
import { Song, type SongProps } from "./song_row.tsx";
import { VirtualRows } from "./virtual_rows.tsx";

/** Media type of a dragged song. */
export const SONG_DRAG = "application/x-ondacast-song";

export interface SongRowsProps extends Pick<SongProps, "isAlbum" | "by"> {
  app: App;
  songs: readonly SongRow[];
  label: string;
  /** Plays a song of these. */
  onPlay(song: SongRow, at: number): void;
  /** Called when the end comes near. */
  onEnd?(): void;
}

/** The row of a song. */
interface Found {
  row: HTMLElement;
  song: SongRow;
  at: number;
}

export function SongRows(
  { app, songs, label, onPlay, onEnd, isAlbum, by }: SongRowsProps,
): JSX.Element {
  const { picked, remote, overlays } = app;
  const list = useKeptFocus<HTMLDivElement>(".song");
  const isPicking = useComputed(() => picked.names.value !== null).value;
  const find = (row: HTMLElement): Found => {
    const at = Number(row.getAttribute("aria-posinset")) - 1;
    return { row, at, song: songs[at] };
  };
  /** The row in which something happens; null: it is elsewhere. */
  const findIn = ({ target }: Event): Found | null => {
    const row = target instanceof Element &&
      target.closest<HTMLElement>(".song");
    return row ? find(row) : null;
  };
  useLayoutEffect(() => {
    for (const row of list.current!.querySelectorAll<HTMLElement>(".song")) {
      if (!picked.takesFocus(find(row).song.name)) continue;
      row.querySelector<HTMLElement>(".pick, .whole")!.focus();
    }
  }, [isPicking]);
  const press = useLongPress((event) => {
    const found = findIn(event);
    if (found && picked.names.peek() === null) picked.toggle(found.song.name);
  });
  const select = ({ at, song }: Found, { shiftKey }: MouseEvent) =>
    shiftKey ? picked.extend(songs, at) : picked.toggle(song.name);
  /** By the class of what is clicked. */
  const clicks: Record<string, (found: Found, event: MouseEvent) => void> = {
    ".cast": ({ song }) =>
      overlays.show({ kind: "playOn", choice: oneSong(song) }),
    ".more": ({ row, song }) =>
      showMenu(app, row.querySelector(".more")!, {
        title: oneSong(song).title,
        items: songMenu(app, song),
      }),
    "button.whole": (found, event) => {
      const { song, at } = found;
      if (event.shiftKey || event.ctrlKey || event.metaKey) {
        select(found, event);
      } else if (remote.song.peek() === song.name) app.toggle();
      else onPlay(song, at);
    },
    "label.whole": (found, event) => {
      const box = found.row.querySelector<HTMLElement>(".pick")!;
      // It would click its checkbox, too.
      if (event.target !== box) event.preventDefault();
      select(found, event);
      box.focus();
    },
  };
  return (
    <div
      ref={list}
      class="songs"
      {...press}
      onClick={(event) => {
        const found = findIn(event);
        if (!found) return;
        const target = event.target as Element;
        for (const [control, act] of Object.entries(clicks)) {
          if (target.closest(`${control}:not(:disabled)`)) act(found, event);
        }
      }}
      onKeyDown={(event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        const found = findIn(event);
        if (!found || !event.shiftKey || step === undefined) return;
        const to = found.at + step;
        if (songs[to]) picked.extend(songs, to, found.at);
      }}
      onDragStart={(event) => {
        const found = findIn(event);
        if (!found) return;
        event.dataTransfer?.setData(SONG_DRAG, found.song.name);
        event.dataTransfer?.setData("text/plain", found.song.name);
      }}
    >
      <PickBar app={app} songs={songs} />
      <VirtualRows items={songs} label={label} onEnd={onEnd}>
        {(song, at) => (
          <Song
            {...{ app, song, at, isPicking, isAlbum, by }}
            count={songs.length}
          />
        )}
      </VirtualRows>
    </div>
  );
}
