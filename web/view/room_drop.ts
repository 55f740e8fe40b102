/**
 * Rooms as targets of a drag: a song that is dropped onto one plays there, another
 * room or one of a group joins it. Dropped beside all, one of a group leaves it.
 *
 * @module
 */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { App } from "../model/app.ts";
import type { GroupDevice, GroupRow } from "../model/groups.ts";
import { describe } from "../model/remote.ts";
import { carries, usePageDrop } from "./page_drop.ts";
import { SONG_DRAG } from "./song_rows.tsx";

/** Media type of a dragged group, by its id, or of a device of one, by its key. */
const ROOM_DRAG = "application/x-ondacast-room";

type Handlers = Pick<
  JSX.HTMLAttributes<HTMLElement>,
  "onDragOver" | "onDragLeave" | "onDrop"
>;

/** What makes an element one by which a room is dragged. */
export function draggedAs(
  id: string,
): Pick<JSX.HTMLAttributes<HTMLElement>, "draggable" | "onDragStart"> {
  return {
    draggable: true,
    onDragStart: ({ dataTransfer }) => dataTransfer?.setData(ROOM_DRAG, id),
  };
}

/** What an element needs to be a room to drop onto; without a row it is none. */
export function useRoomDrop(
  app: App,
  row: GroupRow | undefined,
): [over: string, Handlers] {
  const [over, setOver] = useState("");
  return [
    over,
    row === undefined ? {} : {
      onDragOver(event) {
        if (![SONG_DRAG, ROOM_DRAG].some((type) => carries(event, type))) {
          return;
        }
        event.preventDefault();
        setOver("over");
      },
      onDragLeave: () => setOver(""),
      onDrop(event) {
        setOver("");
        event.preventDefault();
        drop(app, row, event.dataTransfer!);
      },
    },
  ];
}

/** Lets one of a group that is dropped beside all rooms play alone. */
export function useDropBeside(app: App): void {
  usePageDrop(ROOM_DRAG, (data) => {
    const id = data.getData(ROOM_DRAG);
    if (!app.groups.get(id)) app.actions.ungroup(dragged(app, id));
  });
}

function drop(app: App, row: GroupRow, data: DataTransfer): void {
  const song = data.getData(SONG_DRAG);
  if (song) {
    const { title } = describe(song, app.library.named(song));
    app.playOn(row, { songs: [song], title });
    return;
  }
  const joining = dragged(app, data.getData(ROOM_DRAG))
    .filter(({ key }) => row.devices.every((device) => device.key !== key));
  if (joining.length > 0) app.actions.group([...row.devices, ...joining]);
}

function dragged({ groups }: App, id: string): readonly GroupDevice[] {
  return groups.get(id)?.devices ??
    groups.of(id)?.devices.filter(({ key }) => key === id) ?? [];
}
