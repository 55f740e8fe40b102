/**
 * `--player`: turns its word into a sink for PCM.
 *
 * @module
 */

import type { PcmFormat } from "../../audio/format.ts";
import {
  type AutoOrder,
  autoPlayers,
  type Player,
  PLAYERS,
} from "../../audio/player_args.ts";
import { PLAYER_WORDS } from "../../audio/player_words.ts";
import { OndacastError } from "../../errors.ts";
import type { AudioSink, OpenSink } from "../../ports/client.ts";
import { NullSink, StdoutSink } from "./file_sinks.ts";
import { noPlayer } from "./find_player.ts";
import { PlayerProcess } from "./player_process.ts";
import { wavFiles } from "./wav_files.ts";

/**
 * Returns how to open sinks for a `--player` word.
 *
 * @param order In which `auto` tries the players, at each sink.
 * @throws {OndacastError} `usage` for an unknown player.
 */
export function sinkOpener(
  word: string,
  order: () => AutoOrder = () => "play",
): OpenSink {
  if (word === "auto") {
    return (format, free) => openFirst(autoPlayers(order()), format, free);
  }
  if (word.startsWith("file:") && word.length > "file:".length) {
    return wavFiles(word.slice("file:".length));
  }
  const open = SINKS[word];
  if (open) return open;
  throw new OndacastError(
    "usage",
    `Cannot use the player "${word}": expected ${PLAYER_WORDS}`,
  );
}

/**
 * Whether a `--player` word means stdout, which must then carry nothing but
 * PCM.
 */
export function playsToStdout(word: string): boolean {
  return word === "stdout" || word === "file:/dev/stdout";
}

const SINKS: Record<string, OpenSink> = {
  null: onceFree((format) => new NullSink(format, true)),
  "null:fast": onceFree((format) => new NullSink(format, false)),
  stdout: onceFree((format) => new StdoutSink(format)),
  ...Object.fromEntries(
    PLAYERS.map((player): [string, OpenSink] => [
      player.name,
      (format, free) => startPlayer(player, format, free),
    ]),
  ),
};

function onceFree(open: (format: PcmFormat) => AudioSink): OpenSink {
  return async (format, free) => {
    await free;
    return open(format);
  };
}

/**
 * The first player that is installed, supports the format and finds a device.
 *
 * @throws {OndacastError} `player-failed`: what kept the first one from it;
 * `no-player`.
 */
async function openFirst(
  players: readonly Player[],
  format: PcmFormat,
  free?: Promise<void>,
): Promise<AudioSink> {
  let failure: OndacastError | null = null;
  for (const player of players) {
    if (!player.plays(format)) continue;
    try {
      return await PlayerProcess.start(player, format, free);
    } catch (error) {
      if (!(error instanceof OndacastError)) throw error;
      if (error.code !== "no-player") failure ??= error;
    }
  }
  throw failure ?? noPlayer(players);
}

async function startPlayer(
  player: Player,
  format: PcmFormat,
  free?: Promise<void>,
): Promise<AudioSink> {
  if (player.plays(format)) {
    return await PlayerProcess.start(player, format, free);
  }
  throw new OndacastError(
    "unsupported",
    `Cannot play ${format.encoding} of ${format.rate} Hz with ${player.name}: \`--player ffplay\` can`,
  );
}
