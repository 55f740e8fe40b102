/**
 * `deno task demo`: a server and a client in one go, on free ports, playing
 * the first of the shipped songs.
 *
 * @module
 */

import { fromFileUrl } from "@std/path/from-file-url";
import { installHint } from "../audio/player_args.ts";
import { OndacastError } from "../errors.ts";
import { RunningServer } from "../host/run_server.ts";
import { print } from "../io/console/standard_output.ts";
import { DEFAULT_BLOCK_BYTES } from "../model/block_size.ts";
import { ClientContext } from "./client_context.ts";
import { playCommand } from "./play_command.ts";
import { runProgram } from "./run_program.ts";

/** Runs the demo; resolves to its exit code. */
export function demoProgram(): Promise<number> {
  return runProgram({ parseAsync: demo }, []);
}

async function demo(): Promise<void> {
  const server = await RunningServer.start({
    host: "127.0.0.1",
    ports: { session: 0, stream: 0, http: 0 },
    httpHosts: [],
    music: fromFileUrl(import.meta.resolve("../../music")),
    streamSong: null,
    loop: false,
    block: { bytes: DEFAULT_BLOCK_BYTES },
    token: null,
    open: false,
    maxClients: 16,
    maxClientsPerAddress: 16,
    readOnly: true,
    keepRemovedMs: null, // It may not write.
    data: null,
    renditionBytes: null,
    limits: { maxUploadBytes: 0, minFreeBytes: 0, maxSongs: 1000 },
    serverName: "demo",
  });
  const { session } = server.ports;
  print(`A server with ${server.songs.size} songs listens on port ${session}.`);
  print("A client connects to it and plays the first song while it arrives:");
  try {
    await playDemo(session, "auto");
  } catch (error) {
    if (!isSilentMachine(error)) throw error;
    print(`note: ${error.message}`);
    print(
      `To hear songs, have a player and a sound device: ${
        installHint(Deno.build.os)
      }. Now the song is played against the clock, in silence:`,
    );
    await playDemo(session, "null");
  } finally {
    await server.close();
  }
  print("That was it. Now: `deno task serve`, and `deno task play` elsewhere.");
}

async function playDemo(port: number, player: string): Promise<void> {
  await using context = new ClientContext({
    server: `127.0.0.1:${port}`,
    player,
    quiet: false,
    json: false,
    cache: false,
    cacheSize: 0,
  });
  await playCommand(context, [await firstSong(context)], {});
}

async function firstSong(context: ClientContext): Promise<string> {
  const session = await context.link.session();
  const { songs } = await session.request({ type: "list", limit: 1 });
  if (songs.length > 0) return songs[0].name;
  throw new OndacastError("no-songs", "The music folder has no songs");
}

function isSilentMachine(error: unknown): error is OndacastError {
  return error instanceof OndacastError &&
    (error.code === "player-failed" || error.code === "no-player");
}

if (import.meta.main) Deno.exit(await demoProgram());
