/**
 * `--player`: turns its word into a sink for PCM.
 *
 * @module
 */

import type { PcmFormat } from "../../audio/format.ts";
import { type Player, PLAYERS } from "../../audio/player_args.ts";
import { OndacastError } from "../../errors.ts";
import type { AudioSink, OpenSink } from "../../ports/client.ts";
import { NullSink, StdoutSink } from "./file_sinks.ts";
import { noPlayer } from "./find_player.ts";
import { PlayerProcess } from "./player_process.ts";
import { wavFiles } from "./wav_files.ts";

/** The words of `--player`, for help and messages. */
export const PLAYER_WORDS =
  "auto, ffplay, aplay, null, null:fast, stdout, file:PATH";

/**
 * Returns how to open sinks for a `--player` word.
 *
 * @throws {OndacastError} `usage` for an unknown player.
 */
export function sinkOpener(word: string): OpenSink {
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
  auto: openFirst,
  null: (format) => Promise.resolve(new NullSink(format, true)),
  "null:fast": (format) => Promise.resolve(new NullSink(format, false)),
  stdout: (format) => Promise.resolve(new StdoutSink(format)),
  ...Object.fromEntries(
    PLAYERS.map((player) => [
      player.name,
      (format: PcmFormat) => startPlayer(player, format),
    ]),
  ),
};

/** The first installed player that supports the format. */
async function openFirst(format: PcmFormat): Promise<AudioSink> {
  for (const player of PLAYERS) {
    if (!player.plays(format)) continue;
    try {
      return await PlayerProcess.start(player, format);
    } catch (error) {
      if (!(error instanceof OndacastError && error.code === "no-player")) {
        throw error;
      }
    }
  }
  throw noPlayer(PLAYERS);
}

async function startPlayer(
  player: Player,
  format: PcmFormat,
): Promise<AudioSink> {
  if (player.plays(format)) return await PlayerProcess.start(player, format);
  throw new OndacastError(
    "unsupported",
    `Cannot play ${format.rate} Hz with ${player.name}: \`--player ffplay\` can`,
  );
}
