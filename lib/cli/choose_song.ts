/**
 * Letting a person choose a song: with the arrow keys in a terminal, by
 * number or name over a pipe.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import { isInteractive } from "../io/terminal.ts";
import { readLine } from "../io/standard_input.ts";
import { chooseOne } from "../model/catalog.ts";
import type { SongRow } from "../wire/messages.ts";
import type { ClientContext } from "./client_context.ts";
import { songCells } from "./list_commands.ts";
import { menu } from "./menu.ts";
import { table } from "./text.ts";

/**
 * Asks which song.
 *
 * @throws {OndacastError} `not-found`, `ambiguous`; `interrupted`, if nothing
 * was chosen.
 */
export async function chooseSong(
  context: ClientContext,
  songs: SongRow[],
): Promise<string> {
  const lines = table(songs.map(songCells));
  if (isInteractive() && !context.options.json) {
    const chosen = await menu("Which song?", lines);
    if (chosen === null) {
      throw new OndacastError("interrupted", "Nothing chosen");
    }
    return songs[chosen].name;
  }
  lines.forEach((line, i) => context.say(`${i + 1}) ${line}`));
  context.say("Which song? A number or a name:");
  const typed = (await readLine())?.trim();
  if (!typed) {
    throw new OndacastError("usage", "Cannot choose a song: no line was read");
  }
  return songByNumber(songs, typed)?.name ?? chooseOne(songs, typed).name;
}

function songByNumber(songs: SongRow[], typed: string): SongRow | undefined {
  return /^\d+$/.test(typed) ? songs[Number(typed) - 1] : undefined;
}
