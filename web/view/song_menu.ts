/**
 * What can be done with songs, an album or any other choice, as a menu.
 *
 * @module
 */

import type { SongRow } from "../../lib/wire/messages.ts";
import type { App } from "../model/app.ts";
import type { Choice } from "../model/choices.ts";
import type { MenuItem } from "../model/overlays.ts";
import { describe } from "../model/remote.ts";
import { removeSongs } from "./song_changes.ts";
import { TEXTS } from "../model/texts.ts";

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
      icon: "speaker",
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
    ...app.mayChange.peek() && song.bytes !== null
      ? [{
        label: play.rename,
        icon: "edit",
        act: () => app.overlays.show({ kind: "rename", song }),
      }, {
        label: play.remove,
        icon: "remove",
        act: () => void removeSongs(app, [song]),
      }]
      : [],
  ];
}
