/**
 * `ondacast play`: plays one song after the other.
 *
 * @module
 */

import type { Playback } from "../client/playback.ts";
import { songRow } from "../client/library_lists.ts";
import { songPlayback } from "../client/song_playback.ts";
import { findCached } from "../client/through_cache.ts";
import { listSongs } from "../client/song_list.ts";
import { type ErrorCode, OndacastError, toOndacastError } from "../errors.ts";
import { choose, chooseOne } from "../model/choose.ts";
import { gainFactor, type GainMode } from "../model/gain.ts";
import { nameKey } from "../model/song_name.ts";
import type { SongRow } from "../wire/messages.ts";
import type { ClientContext } from "./client_context.ts";
import type { Controls } from "./playback_view.ts";
import { play, type Player, withPlayer } from "./player.ts";
import { RoundControls } from "./round_controls.ts";
import { shuffled } from "../model/shuffled.ts";
import { songsToPlay } from "./songs_to_play.ts";
import { showLinkNotes } from "./link_notes.ts";

/** How long a cached song waits for its gain once it could play. */
const ROW_MS = 1_000;

/** The options of `play`. */
export interface PlayOptions {
  from?: number;
  loop?: boolean;
  shuffle?: boolean;
  all?: boolean;
  gain?: GainMode;
}

/** Plays songs of the server; without a name, the user chooses. */
export async function playCommand(
  context: ClientContext,
  names: string[],
  { from, loop, shuffle, all, gain = "off" }: PlayOptions,
): Promise<void> {
  await context.meetServer();
  let songs = await songsToPlay(context, names, { shuffle, all });
  await withPlayer(context, async (player) => {
    showLinkNotes(context.link, player.view, player.over);
    do {
      if (shuffle) songs = shuffled(songs, context.random);
      await playRound({ ...player, gain }, songs, from);
      from = undefined;
    } while (loop && !player.quit.aborted);
  });
}

/** A player that knows how loud songs are wanted. */
interface LevelPlayer extends Player {
  gain: GainMode;
}

/**
 * Plays songs one after the other. A song that fails among several is reported
 * and skipped.
 *
 * @throws {OndacastError} At the end, if any failed.
 */
async function playRound(
  player: LevelPlayer,
  songs: string[],
  from: number | undefined,
): Promise<void> {
  const failures: OndacastError[] = [];
  let way = 1;
  for (let at = 0; at < songs.length; at = Math.max(0, at + way)) {
    if (player.quit.aborted) return;
    way = 1;
    try {
      await playNamed(
        player,
        songs[at],
        from,
        (playback) =>
          new RoundControls(playback, {
            next: songs[at + 1],
            goBack: at > 0 ? () => way = -1 : undefined,
          }),
      );
    } catch (thrown) {
      const error = toOndacastError(thrown);
      if (songs.length === 1 || !isOfSong(error)) throw error;
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
function isOfSong({ code }: OndacastError): boolean {
  return [
    ...["not-found", "ambiguous", "bad-name", "changed", "not-wav"],
    ...["unsupported", "bad-hash", "no-space"],
  ].includes(code);
}

/**
 * Plays a song by the name as typed. Only if the server has no such song is its
 * list searched.
 */
async function playNamed(
  player: LevelPlayer,
  typed: string,
  from: number | undefined,
  controls: (playback: Playback) => Controls,
): Promise<void> {
  const { context } = player;
  const playName = async (song: string) => {
    // Asked for first, the row is here before the song begins.
    let row: SongRow | undefined;
    const asked = songRow(context.link, song).then((found) => row = found);
    const { playback, isCached } = await context.unlessInterrupted(
      openSong(context, song),
    );
    if (player.gain !== "off") {
      // A cached song does not wait for a server that hangs.
      const enough = isCached ? [asked, context.clock.sleep(ROW_MS)] : [asked];
      await context.unlessInterrupted(Promise.race<unknown>(enough));
      playback.gain = gainFactor(row?.gain, player.gain);
    }
    await play(player, playback, from, {
      tags: () => row,
      controls: controls(playback),
    });
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
): Promise<{ playback: Playback; isCached: boolean }> {
  const { link, output } = context;
  // Look into the cache while connecting.
  link.session().catch(() => {});
  const cache = await context.cache() ?? undefined;
  const found = cache && await findCached(cache, link, song) || undefined;
  song = found?.song.song ?? song;
  const playback = songPlayback({ link, output, song, cache, found });
  return { playback, isCached: found?.song.whole ?? false };
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
