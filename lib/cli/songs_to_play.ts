/**
 * The songs that `ondacast play` plays, in their order.
 *
 * @module
 */

import { listTagged } from "../client/library_lists.ts";
import { listSongs } from "../client/song_list.ts";
import { OndacastError } from "../errors.ts";
import { isSelection } from "../model/selection.ts";
import type { SongRow } from "../wire/messages.ts";
import { chooseSong } from "./choose_song.ts";
import type { ClientContext } from "./client_context.ts";
import { songsInOrder } from "./list_commands.ts";

/**
 * The named songs; with `all`, those that match any of the texts; or the one
 * that the user chooses.
 *
 * @throws {OndacastError} `no-songs` if there is none to play.
 */
export async function songsToPlay(
  context: ClientContext,
  names: string[],
  options: { all?: boolean; shuffle?: boolean },
): Promise<string[]> {
  if (names.length > 0 && !options.all) return await selected(context, names);
  const found = await context.unlessInterrupted(matching(context, names));
  const songs = found.filter((song) => song.format !== null);
  if (songs.length === 0) {
    throw noSongs(context.link.place, names, found.length);
  }
  if (options.all || options.shuffle) {
    return songsInOrder(songs).map((song) => song.name);
  }
  return [await context.unlessInterrupted(chooseSong(context, songs))];
}

/**
 * Names of songs, each selection replaced by the songs that it stands for and that
 * can be played.
 *
 * @throws {OndacastError} `no-songs`, `not-found`, `ambiguous`, `too-large`,
 * `unsupported`.
 */
export async function selected(
  context: ClientContext,
  texts: readonly string[],
): Promise<string[]> {
  const names: string[] = [];
  for (const text of texts) {
    if (!isSelection(text)) {
      names.push(text);
      continue;
    }
    const session = await context.link.session();
    const songs = await context.unlessInterrupted(
      listTagged(session, { selection: text }),
    );
    const playable = songs.filter((song) => song.format !== null);
    // The error of a song that cannot be played is better than none.
    const some = playable.length > 0 ? playable : songs;
    if (some.length === 0) throw noneOf(text);
    for (const { name } of some) names.push(name);
  }
  return names;
}

/** No server answers so, unless the songs are removed meanwhile. */
function noneOf(text: string): OndacastError {
  return new OndacastError(
    "no-songs",
    `Cannot play "${text}": the server has no such song`,
  );
}

/** The songs that match any of the texts; without texts, all. */
async function matching(
  { link }: ClientContext,
  texts: string[],
): Promise<SongRow[]> {
  const session = await link.session();
  const found = new Map<string, SongRow>();
  for (const text of texts.length > 0 ? texts : [undefined]) {
    for (const song of await listSongs(session, text)) {
      found.set(song.name, song);
    }
  }
  return [...found.values()];
}

function noSongs(place: string, texts: string[], unplayable: number) {
  const match = texts.map((text) => `"${text}"`).join(" or ");
  return new OndacastError(
    "no-songs",
    unplayable > 0
      ? `Cannot play: ${place} has songs${
        match && ` with ${match} in their name`
      }, but none of them can be played. \`ondacast list\` shows why`
      : match
      ? `Cannot play: ${place} has no song with ${match} in its name. \`ondacast list\` shows all`
      : `Cannot play: ${place} has no songs yet. Put some into its music folder`,
  );
}
