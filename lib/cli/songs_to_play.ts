/**
 * The songs that `ondacast play` plays, in their order.
 *
 * @module
 */

import { listSongs } from "../client/song_list.ts";
import { OndacastError } from "../errors.ts";
import { chooseSong } from "./choose_song.ts";
import type { ClientContext } from "./client_context.ts";
import { songsInOrder } from "./list_commands.ts";

/**
 * The named songs, all that match, or the one that the user chooses.
 *
 * @throws {OndacastError} `no-songs` if there is none to play.
 */
export async function songsToPlay(
  context: ClientContext,
  names: string[],
  options: { all?: boolean; shuffle?: boolean },
): Promise<string[]> {
  if (names.length > 0 && !options.all) return names;
  const match = names.join(" ");
  const session = await context.link.session();
  const found = await context.unlessInterrupted(listSongs(session, match));
  const songs = found.filter((song) => song.format !== null);
  if (songs.length === 0) {
    throw noSongs(context.link.place, match, found.length);
  }
  if (options.all || options.shuffle) {
    return songsInOrder(songs).map((song) => song.name);
  }
  return [await context.unlessInterrupted(chooseSong(context, songs))];
}

function noSongs(place: string, match: string, unplayable: number) {
  return new OndacastError(
    "no-songs",
    unplayable > 0
      ? `Cannot play: ${place} has songs${
        match && ` with "${match}" in their name`
      }, but none of them can be played. \`ondacast list\` shows why`
      : match
      ? `Cannot play: ${place} has no song with "${match}" in its name. \`ondacast list\` shows all`
      : `Cannot play: ${place} has no songs yet. Put WAV files into its music folder`,
  );
}

/** Shuffles a copy (Fisher–Yates). */
export function shuffled<T>(items: readonly T[]): T[] {
  const mixed = [...items];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j], mixed[i]];
  }
  return mixed;
}
