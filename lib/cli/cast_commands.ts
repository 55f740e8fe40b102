/**
 * `ondacast cast`: a song of the server on other clients.
 *
 * @module
 */

import { listSongs } from "../client/song_list.ts";
import { OndacastError, toOndacastError } from "../errors.ts";
import { Catalog } from "../model/catalog.ts";
import { chooseOne } from "../model/choose.ts";
import {
  castEnded,
  type CastReceiver,
  type CastResult,
  watchCast,
} from "./cast_watch.ts";
import type { ClientContext } from "./client_context.ts";
import { confirm } from "./prompts.ts";
import { failIfRefused } from "./receivers.ts";
import { selected } from "./songs_to_play.ts";
import { uploadCommand } from "./upload_command.ts";

/** The options of `cast`. */
export interface CastOptions {
  to: string[];
  from?: number;
  upload?: boolean;
}

/**
 * Plays songs of the server on other clients. Each of several songs is cast after
 * the previous one has ended, to the clients on which nothing else was started.
 */
export async function castCommand(
  context: ClientContext,
  typed: readonly string[],
  options: CastOptions,
): Promise<void> {
  const songs = await selected(context, typed);
  let { to, from } = options;
  for (const [i, song] of songs.entries()) {
    const keys = await castNamed(context, song, {
      ...options,
      to,
      from,
    });
    if (i === songs.length - 1) return;
    const session = await context.link.session();
    to = await context.unlessInterrupted(
      castEnded(session, keys, context.clock),
    );
    if (to.length === 0) {
      return context.say(
        "no receiver plays them any more: the rest is skipped",
      );
    }
    from = undefined;
  }
}

/** @returns The keys of the receivers. */
async function castNamed(
  context: ClientContext,
  typed: string,
  options: CastOptions,
): Promise<string[]> {
  try {
    return await cast(context, typed, options);
  } catch (thrown) {
    const error = toOndacastError(thrown);
    if (error.code !== "not-found" && error.code !== "bad-name") throw error;
    const song = await songFor(context, typed, options, error);
    return await cast(context, song, options);
  }
}

async function cast(
  context: ClientContext,
  song: string,
  { to, from }: CastOptions,
): Promise<string[]> {
  const session = await context.link.session();
  const casting = await context.unlessInterrupted(session.request({
    type: "cast",
    song,
    to,
    ...(from !== undefined && { from }),
  }));
  const { to: keys, refused } = casting;
  if (context.options.json) {
    context.printJson({ event: "start", song, to: keys, refused });
  } else {
    const clients = keys.length === 1 ? "client" : "clients";
    context.say(`casting ${song} to ${keys.length} ${clients}`);
  }
  const result = await context.unlessInterrupted(
    watchCast(session, keys, context.clock),
  );
  report(context, song, result);
  failIfRefused(`play ${song}`, [...refused, ...result.failed], to.length);
  return keys;
}

function report(
  context: ClientContext,
  song: string,
  { playing, silent, failed }: CastResult,
): void {
  if (context.options.json) {
    if (playing.length > 0) {
      const to = playing.map(({ key }) => key);
      context.printJson({ event: "playing", song, to });
    }
    for (const one of failed) context.printJson({ event: "error", ...one });
    return;
  }
  if (playing.length > 0) context.say(`${song} plays on ${names(playing)}`);
  if (silent.length > 0) context.say(`no report yet from ${names(silent)}`);
}

function names(receivers: CastReceiver[]): string {
  return receivers.map(({ name }) => name).join(", ");
}

/** Resolves a name that is not exactly a song's. */
async function songFor(
  context: ClientContext,
  typed: string,
  options: CastOptions,
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
