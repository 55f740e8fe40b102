/**
 * Lets the user choose a song: with the arrow keys in a terminal, by number or
 * name over a pipe.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import { chooseOne } from "../model/choose.ts";
import type { SongRow } from "../wire/messages.ts";
import type { ClientContext } from "./client_context.ts";
import { songCells, songsInOrder } from "./list_commands.ts";
import { MENU_MARGIN } from "./menu_state.ts";
import { asksByKeys, chooseRow } from "./prompts.ts";
import { table } from "./text.ts";

/**
 * Asks for a song.
 *
 * @throws {OndacastError} `not-found`, `ambiguous`; if nothing was chosen,
 * `interrupted` in a terminal, else `usage`.
 */
export async function chooseSong(
  context: ClientContext,
  unsorted: SongRow[],
): Promise<string> {
  const songs = songsInOrder(unsorted);
  const rows = table(songs.map(songCells), context.columns - MENU_MARGIN);
  const answer = await chooseRow(
    context,
    "Which song?",
    rows,
    songs.map(({ name }) => name),
  );
  if (answer === null && !asksByKeys(context)) {
    throw new OndacastError(
      "usage",
      "Cannot choose a song: none was named, and stdin has no answer. Use `ondacast play SONG`",
    );
  }
  if (answer === null) {
    throw new OndacastError("interrupted", "No song was chosen");
  }
  return "row" in answer
    ? songs[answer.row].name
    : chooseOne(songs, answer.words).name;
}
