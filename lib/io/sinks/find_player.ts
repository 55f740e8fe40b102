/**
 * Checks early that a player is installed, for programs that need one later.
 *
 * @module
 */

import {
  type AutoOrder,
  autoPlayers,
  installHint,
  type Player,
  PLAYERS,
} from "../../audio/player_args.ts";
import { OndacastError } from "../../errors.ts";

/**
 * Checks that a program for a `--player` word is installed.
 *
 * @throws {OndacastError} `no-player`, with what to install.
 */
export async function requirePlayer(
  word: string,
  order: AutoOrder,
): Promise<void> {
  const players = word === "auto"
    ? autoPlayers(order)
    : PLAYERS.filter(({ name }) => word === name);
  for (const { program } of players) if (await isThere(program)) return;
  if (players.length > 0) throw noPlayer(players);
}

/** The error when no player is installed. */
export function noPlayer(players: readonly Player[]): OndacastError {
  const programs = players.map(({ program }) => program);
  const missing = programs.length === 1
    ? `${programs[0]} is not installed`
    : `neither ${programs.join(" nor ")} is installed`;
  return new OndacastError(
    "no-player",
    `Cannot find a player: ${missing}. To install one: ${
      installHint(Deno.build.os, players)
    }`,
  );
}

async function isThere(program: string): Promise<boolean> {
  try {
    const child = new Deno.Command(program, {
      args: ["--help"],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    kill(child);
    await child.status;
    return true;
  } catch (error) {
    // Other problems are reported when it plays.
    return !(error instanceof Deno.errors.NotFound);
  }
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has already exited.
  }
}
