/**
 * An open song that is handed on under another entry, or with another end.
 *
 * @module
 */

import type { OpenSong } from "../ports/server.ts";

/** What the new handle does by itself; all else is passed on to the song. */
export type Differing = Partial<Pick<OpenSong, "entry" | "abandon" | "close">>;

export function passedSong(song: OpenSong, differing: Differing): OpenSong {
  return {
    entry: song.entry,
    gone: song.gone,
    ...(song.live && { live: song.live }),
    get isSlow() {
      return song.isSlow;
    },
    partEnd: (offset) => song.partEnd(offset),
    read: (into, offset) => song.read(into, offset),
    hurry: (from, to, heardAt) => song.hurry(from, to, heardAt),
    abandon: () => song.abandon(),
    close: () => song.close(),
    ...differing,
  };
}
