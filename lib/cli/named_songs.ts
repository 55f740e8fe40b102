/**
 * Resolves what a person calls songs that are cast or queued.
 *
 * @module
 */

import { listSongs } from "../client/song_list.ts";
import { OndacastError, toOndacastError } from "../errors.ts";
import { Catalog } from "../model/catalog.ts";
import { choose, chooseOne } from "../model/choose.ts";
import { isSelection } from "../model/selection.ts";
import type { ClientContext } from "./client_context.ts";
import { confirm } from "./prompts.ts";
import { uploadCommand } from "./upload_command.ts";

/**
 * Asks a server for something with songs as they were typed; if it does not find
 * them, once more with the names that were meant. Of several songs the server takes
 * those that it finds, so their names are looked up first.
 *
 * @returns The songs that were found, and the answer.
 */
export async function withSongs<T>(
  context: ClientContext,
  typed: readonly string[],
  options: { upload?: boolean },
  ask: (songs: string[]) => Promise<T>,
): Promise<{ songs: string[]; answer: T }> {
  try {
    const songs = typed.length === 1
      ? [...typed]
      : await Promise.all(typed.map((word) => foundName(context, word)));
    return { songs, answer: await context.unlessInterrupted(ask(songs)) };
  } catch (thrown) {
    const error = toOndacastError(thrown);
    if (error.code !== "not-found" && error.code !== "bad-name") throw error;
    const songs: string[] = [];
    for (const word of typed) {
      songs.push(
        isSelection(word)
          ? word
          : await namedSong(context, word, options, error),
      );
    }
    if (songs.every((song, i) => song === typed[i])) throw error;
    return { songs, answer: await context.unlessInterrupted(ask(songs)) };
  }
}

/** The one song that a word means; the word itself, if there is none such. */
async function foundName(
  context: ClientContext,
  word: string,
): Promise<string> {
  if (isSelection(word)) return word;
  const session = await context.link.session();
  const songs = await context.unlessInterrupted(listSongs(session, word));
  const choice = choose(songs, word);
  return choice.kind === "one" ? choice.song.name : word;
}

/** Resolves a name that is not exactly a song's. */
async function namedSong(
  context: ClientContext,
  typed: string,
  options: { upload?: boolean },
  error: OndacastError,
): Promise<string> {
  const session = await context.link.session();
  const songs = await context.unlessInterrupted(listSongs(session));
  // If the server has exactly this song, it was a client that was not found.
  if (new Catalog(songs).find(typed)) throw error;
  try {
    return chooseOne(songs, typed).name;
  } catch (noSuchSong) {
    if (!await isFile(typed)) throw noSuchSong;
    const upload = options.upload || await confirm(
      context,
      `The server has no song "${typed}". Upload this file first?`,
    );
    if (!upload) {
      throw new OndacastError(
        "not-found",
        `Cannot cast ${typed}: the server does not have the song. \`cast --upload\` uploads the file first`,
      );
    }
    await uploadCommand(context, [typed], {});
    return typed.split(/[\\/]/).at(-1)!;
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}
