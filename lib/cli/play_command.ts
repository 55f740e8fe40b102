/**
 * `ondacast play` and `ondacast stream`: one song after the other through
 * the speaker.
 *
 * @module
 */

import { PlainPlayback } from "../client/plain_playback.ts";
import {
  type PlaybackState,
  type PlaybackSummary,
  SongPlayback,
} from "../client/song_playback.ts";
import { listSongs } from "../client/song_list.ts";
import { OndacastError } from "../errors.ts";
import { systemClock } from "../io/clock.ts";
import { TcpConnector } from "../io/tcp.ts";
import { parseAddress } from "../model/address.ts";
import { chooseOne } from "../model/catalog.ts";
import { chooseSong } from "./choose_song.ts";
import { type ClientContext, STREAM_PORT } from "./client_context.ts";
import {
  type Controls,
  type PlaybackView,
  playbackView,
} from "./playback_view.ts";

/** The options of `play`. */
export interface PlayOptions {
  from?: number;
  loop?: boolean;
  shuffle?: boolean;
  all?: boolean;
}

interface Playback extends Controls {
  onStart: (state: PlaybackState, player: string) => void;
  run(): Promise<PlaybackSummary>;
}

/** Plays songs of the server; none named: the person chooses. */
export async function playCommand(
  context: ClientContext,
  names: string[],
  options: PlayOptions,
): Promise<void> {
  let songs = await songsToPlay(context, names, options);
  let { from } = options;
  const quit = new AbortController();
  using view = openView(context, quit);
  do {
    if (options.shuffle) songs = shuffled(songs);
    for (const song of songs) {
      await playNamed(context, view, song, quit.signal, from);
      if (quit.signal.aborted) return await context.output.abort();
      from = undefined;
    }
  } while (options.loop);
  await context.unlessInterrupted(context.output.end());
}

/** Plays a plain stream. */
export async function streamCommand(
  context: ClientContext,
  address: string | undefined,
): Promise<void> {
  const { host, port } = address === undefined
    ? {
      host: parseAddress(context.options.server, STREAM_PORT).host,
      port: STREAM_PORT,
    }
    : parseAddress(address, STREAM_PORT);
  const quit = new AbortController();
  using view = openView(context, quit);
  const playback = new PlainPlayback({
    connector: new TcpConnector(host, port),
    output: context.output,
    clock: systemClock,
    signal: context.signal,
  });
  await play(playback, view, quit.signal);
  if (!quit.signal.aborted) {
    await context.unlessInterrupted(context.output.end());
  }
}

async function songsToPlay(
  context: ClientContext,
  names: string[],
  options: PlayOptions,
): Promise<string[]> {
  if (names.length > 0 && !options.all) return names;
  const session = await context.link.session();
  const songs = (await context.unlessInterrupted(listSongs(session)))
    .filter((song) => song.format !== null);
  if (songs.length === 0) {
    throw new OndacastError(
      "no-songs",
      `Cannot play: ${context.link.place} has no songs yet. Put WAV files into its music folder`,
    );
  }
  if (options.all || options.shuffle) return songs.map((song) => song.name);
  return [await context.unlessInterrupted(chooseSong(context, songs))];
}

/**
 * Plays a song by the name that was typed. The server is asked for it at
 * once; only if it has none of that name is its list looked through.
 */
async function playNamed(
  context: ClientContext,
  view: PlaybackView,
  typed: string,
  quit: AbortSignal,
  from: number | undefined,
): Promise<void> {
  const playName = (song: string) => {
    const { link, output, windowBytes } = context;
    const playback = new SongPlayback({ link, output, song, windowBytes });
    return play(playback, view, quit, from);
  };
  try {
    await playName(typed);
  } catch (error) {
    if (!mayBeAbbreviated(error)) throw error;
    const songs = await context.unlessInterrupted(
      listSongs(await context.link.session()),
    );
    await playName(chooseOne(songs, typed).name);
  }
}

function mayBeAbbreviated(error: unknown): boolean {
  return error instanceof OndacastError &&
    ["not-found", "bad-name"].includes(error.code);
}

async function play(
  playback: Playback & { run(from?: number): Promise<PlaybackSummary> },
  view: PlaybackView,
  quit: AbortSignal,
  from?: number,
): Promise<void> {
  const skip = () => playback.skip();
  quit.addEventListener("abort", skip);
  playback.onStart = (state, player) => view.start(state, player);
  view.control(playback);
  try {
    view.end(await playback.run(from));
  } finally {
    view.control(null);
    quit.removeEventListener("abort", skip);
  }
}

function openView(context: ClientContext, quit: AbortController): PlaybackView {
  const { json, quiet } = context.options;
  return playbackView(
    { json, quiet, toStderr: context.wordsToStderr },
    { quit: () => quit.abort() },
  );
}

/** The same in an order of chance (Fisher and Yates). */
function shuffled<T>(items: readonly T[]): T[] {
  const mixed = [...items];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j], mixed[i]];
  }
  return mixed;
}
