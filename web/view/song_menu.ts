/**
 * What can be done with songs, an album or any other choice, as a menu.
 *
 * @module
 */

import type { SongRow } from "../../lib/wire/messages.ts";
import type { App } from "../model/app.ts";
import type { Choice } from "../model/choices.ts";
import { notify } from "../model/notices.ts";
import type { MenuItem } from "../model/overlays.ts";
import { describe } from "../model/remote.ts";
import { TEXTS } from "./texts.ts";

/** Play, play next, add to the queue, play in another room. */
export function choiceMenu(app: App, choice: Choice): MenuItem[] {
  const { play } = TEXTS;
  const act = (place: Choice["place"]) => () => {
    app.remote.choose({ ...choice, place });
  };
  return [
    { label: play.play, icon: "play", act: act("now") },
    { label: play.next, icon: "next", act: act("next") },
    { label: play.end, icon: "list", act: act("end") },
    {
      label: play.on,
      icon: "device",
      act: () => app.overlays.show({ kind: "playOn", choice }),
    },
  ];
}

/** The choice of one song alone. */
export function oneSong(song: SongRow): Choice {
  const { title } = describe(song.name, song);
  return { songs: [song.name], title };
}

export function songMenu(app: App, song: SongRow): MenuItem[] {
  const { play } = TEXTS;
  const { artist = null, album } = song;
  const first = artist?.split("; ")[0];
  return [
    ...choiceMenu(app, oneSong(song)),
    ...first
      ? [{
        label: play.toArtist,
        icon: "artist",
        act: () => app.places.go({ name: "artists", what: first }),
      }]
      : [],
    ...album
      ? [{
        label: play.toAlbum,
        icon: "album",
        act: () => app.openAlbumOf(song),
      }]
      : [],
    ...app.isReadOnly.peek() || song.live
      ? []
      : [{ label: play.remove, icon: "close", act: () => remove(app, song) }],
  ];
}

/** Removes a song from the server, with a way back. */
async function remove(app: App, { name, etag, ...tags }: SongRow) {
  if (etag === null) return;
  const { title } = describe(name, tags);
  const change = async (type: "remove" | "restore") => {
    const session = await app.tab.whenOnline();
    if (type === "restore") await session.request({ type, song: name });
    else await session.request({ type, song: name, etag });
    app.refresh();
  };
  try {
    await change("remove");
    notify([TEXTS.play.removed(""), { name: title }], {
      label: TEXTS.play.undo,
      act: () => change("restore").catch(app.refused),
    });
  } catch (error) {
    app.refused(error);
  }
}
