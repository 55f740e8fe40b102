/**
 * `ondacast play` and `ondacast stream`: one song after the other through
 * the speaker.
 *
 * @module
 */

import { PlainSource } from "../client/plain_source.ts";
import { Playback } from "../client/playback.ts";
import { songPlayback } from "../client/song_playback.ts";
import { findCached } from "../client/through_cache.ts";
import { listSongs } from "../client/song_list.ts";
import {
  type ErrorCode,
  NotWavError,
  OndacastError,
  toOndacastError,
} from "../errors.ts";
import { systemClock } from "../io/clock/clock.ts";
import { TcpConnector } from "../io/net/tcp.ts";
import { parseAddress } from "../model/address.ts";
import { choose, chooseOne } from "../model/choose.ts";
import { nameKey } from "../model/song_name.ts";
import { type ClientContext, STREAM_PORT } from "./client_context.ts";
import { type PlaybackView, playbackView } from "./playback_view.ts";
import { shuffled, songsToPlay } from "./songs_to_play.ts";
import { showServerNotes } from "./server_notes.ts";

/** The options of `play`. */
export interface PlayOptions {
  from?: number;
  loop?: boolean;
  shuffle?: boolean;
  all?: boolean;
}

/** Plays songs of the server; without a name, the user chooses. */
export async function playCommand(
  context: ClientContext,
  names: string[],
  options: PlayOptions,
): Promise<void> {
  await context.meetServer();
  let songs = await songsToPlay(context, names, options);
  const quit = new AbortController();
  using view = openView(context, quit);
  showServerNotes(context.link, view);
  const player = { context, view, quit: quit.signal };
  await unlessQuit(player, async () => {
    let { from } = options;
    do {
      if (options.shuffle) songs = shuffled(songs);
      await playRound(player, songs, from);
      from = undefined;
    } while (options.loop && !quit.signal.aborted);
    if (!quit.signal.aborted) await context.output.end();
  });
}

/** What playing needs. */
interface Player {
  context: ClientContext;
  view: PlaybackView;
  /** Aborted when the user quits. */
  quit: AbortSignal;
}

/** How long playback may take to report its end. */
const QUIT_MS = 300;

/** Runs work until the user quits, even while it waits. */
async function unlessQuit(
  { context, quit }: Player,
  work: () => Promise<void>,
): Promise<void> {
  const quitted = new Promise<void>((resolve) => {
    quit.addEventListener(
      "abort",
      () => systemClock.sleep(QUIT_MS).then(resolve),
    );
  });
  const worked = work();
  worked.catch(() => {}); // Later failures do not matter.
  await context.unlessInterrupted(Promise.race([worked, quitted]));
  if (quit.aborted) await context.output.abort();
}

/**
 * Plays songs one after the other. A song that fails among several is reported
 * and skipped.
 *
 * @throws {OndacastError} At the end, if any failed.
 */
async function playRound(
  player: Player,
  songs: string[],
  from: number | undefined,
): Promise<void> {
  const failures: OndacastError[] = [];
  for (const song of songs) {
    if (player.quit.aborted) return;
    try {
      await playNamed(player, song, from);
    } catch (thrown) {
      const error = toOndacastError(thrown);
      if (songs.length === 1 || !isSongs(error)) throw error;
      player.view.problem(error);
      failures.push(error);
    }
    from = undefined;
  }
  if (failures.length === 0 || player.quit.aborted) return;
  throw new OndacastError(
    failures[0].code as ErrorCode,
    `Cannot play ${failures.length} of ${songs.length} songs`,
  );
}

/** Whether the next song may still play. */
function isSongs({ code }: OndacastError): boolean {
  return [
    ...["not-found", "ambiguous", "bad-name", "changed", "not-wav"],
    ...["unsupported", "bad-hash", "no-space"],
  ].includes(code);
}

/** Plays a plain stream. */
export async function streamCommand(
  context: ClientContext,
  address: string | undefined,
): Promise<void> {
  if (context.encrypts) {
    throw new OndacastError(
      "usage",
      "Cannot encrypt a plain stream: it is plain TCP. Leave --tls out (and ONDACAST_TLS), or `play` a song instead",
    );
  }
  const { host, port } = address === undefined
    ? {
      host: parseAddress(context.options.server, STREAM_PORT).host,
      port: STREAM_PORT,
    }
    : parseAddress(address, STREAM_PORT);
  const quit = new AbortController();
  using view = openView(context, quit);
  const player = { context, view, quit: quit.signal };
  const { output, signal } = context;
  const connector = new TcpConnector(host, port);
  const source = new PlainSource(connector, systemClock, signal);
  const playback = new Playback({ source, output, clock: systemClock, signal });
  try {
    await unlessQuit(player, async () => {
      await play(player, playback);
      if (!quit.signal.aborted) await context.output.end();
    });
  } catch (error) {
    throw streamProblem(error, `${host}:${port}`);
  }
}

const RIGHT_STREAM_PORT =
  "Is this the port of a plain stream? An Ondacast server uses 4041 by default";

/** The error of a plain stream, with a likely reason. */
function streamProblem(thrown: unknown, place: string): OndacastError {
  const error = toOndacastError(thrown);
  const { code, message } = error;
  const words = error instanceof NotWavError
    ? `Cannot play what ${place} sends: ${message}. ${RIGHT_STREAM_PORT}`
    : code === "timeout"
    ? `${message}. ${RIGHT_STREAM_PORT}`
    : code === "unreachable"
    ? `${message}. A server with a token or TLS offers a plain stream only with --stream-port`
    : null;
  if (words === null) return error;
  return new OndacastError(code as "unreachable", words, { cause: error });
}

/**
 * Plays a song by the name as typed. Only if the server has no such song is its
 * list searched.
 */
async function playNamed(
  player: Player,
  typed: string,
  from: number | undefined,
): Promise<void> {
  const { context } = player;
  const playName = async (song: string) => {
    const playback = await context.unlessInterrupted(openSong(context, song));
    await play(player, playback, from);
  };
  try {
    await playName(typed);
  } catch (error) {
    if (!mayBeAbbreviated(error)) throw error;
    await playName(await fullName(context, typed, error));
  }
}

/**
 * Plays a song from the cache if a valid copy is there, else from the server.
 */
async function openSong(
  context: ClientContext,
  song: string,
): Promise<Playback> {
  const { link, output } = context;
  // Look into the cache while connecting.
  link.session().catch(() => {});
  const cache = await context.cache() ?? undefined;
  const found = cache && await findCached(cache, link, song) || undefined;
  song = found?.song.song ?? song;
  return songPlayback({ link, output, song, cache, found });
}

/**
 * Resolves a name by the server's list, or by the cache while the server is
 * away.
 */
async function fullName(
  context: ClientContext,
  typed: string,
  error: OndacastError,
): Promise<string> {
  if (error.code !== "unreachable") {
    const session = await context.link.session();
    const songs = await context.unlessInterrupted(listSongs(session));
    return chooseOne(songs, typed).name;
  }
  const cached = await (await context.cache())?.list() ?? [];
  const choice = choose(
    cached
      .filter(({ server, whole }) => whole && server === context.link.place)
      .map(({ song }) => ({ name: song })),
    typed,
  );
  if (choice.kind !== "one" || nameKey(choice.song.name) === nameKey(typed)) {
    throw error;
  }
  return choice.song.name;
}

function mayBeAbbreviated(error: unknown): error is OndacastError {
  return error instanceof OndacastError &&
    ["not-found", "bad-name", "unreachable"].includes(error.code);
}

async function play(
  { view, quit }: Player,
  playback: Playback,
  from?: number,
): Promise<void> {
  if (quit.aborted) return;
  const skip = () => playback.skip();
  quit.addEventListener("abort", skip);
  playback.listen({ started: (state, player) => view.start(state, player) });
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
