/**
 * `ondacast`: its commands and their options.
 *
 * @module
 */

import { Command, Option } from "@commander-js/extra-typings";
import { PLAYER_WORDS } from "../io/open_sink.ts";
import { VERSION } from "../version.ts";
import { ClientContext, type GlobalOptions } from "./client_context.ts";
import { listCommand, onlineCommand } from "./list_commands.ts";
import { songTime } from "./options.ts";
import { playCommand, streamCommand } from "./play_command.ts";
import { runProgram } from "./run_program.ts";

/** Runs the program with its words; resolves to its exit code. */
export function clientProgram(words: string[]): Promise<number> {
  const program = command();
  const run = <T>(work: (context: ClientContext) => Promise<T>) =>
    inContext(program.opts(), work);

  program.command("play")
    .description("play songs while they arrive; none: choose from the list")
    .argument(
      "[song...]",
      "names: the ending may be left out, in any case, or a beginning that only one has",
    )
    .option("--from <time>", "begin there: 90 or 1:30", songTime)
    .option("--loop", "start over for ever")
    .option("--shuffle", "in an order of chance")
    .option("--all", "all songs of the server")
    .addHelpText(
      "after",
      `
Keys in a terminal: space pause, left/right 10 s, up/down volume, n next, q quit.

Examples:
  ondacast play
  ondacast play "ode to joy" canon
  ondacast play greensleeves --from 0:03
  ondacast play --all --shuffle --player aplay
  ondacast play canon --player stdout | sox -t raw -r 44100 -e signed -b 16 -c 2 - canon.flac`,
    )
    .action((songs, options) =>
      run((context) => playCommand(context, songs, options))
    );

  program.command("list")
    .description("the songs of the server, with length and format")
    .argument("[text]", "only those with this in their name")
    .action((text) => run((context) => listCommand(context, text)));

  program.command("online")
    .description("who is connected, and what each is doing")
    .action(() => run((context) => onlineCommand(context)));

  program.command("stream")
    .description(
      "play a plain stream: of this server, or of any program that sends blocks with a 4-byte length before each",
    )
    .argument("[address]", "HOST[:PORT]; default: port 4041 of the server")
    .action((address) => run((context) => streamCommand(context, address)));

  return runProgram(program, words);
}

function command() {
  return new Command("ondacast")
    .description("Plays the songs of an Ondacast server while they arrive.")
    .version(VERSION)
    .exitOverride()
    .helpOption("-h, --help", "show this help")
    .helpCommand("help [command]", "show the help of a command")
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true })
    .addOption(
      new Option("--server <host[:port]>", "the server")
        .env("ONDACAST_SERVER")
        .default("localhost:4040"),
    )
    .option("--name <name>", "what others see (default: this machine's name)")
    .addOption(
      new Option("--token <secret>", "the server's shared secret")
        .env("ONDACAST_TOKEN"),
    )
    .option("--player <player>", PLAYER_WORDS, "auto")
    .option("--quiet", "print errors only", false)
    .option("--json", "print JSON, for programs", false)
    .addHelpText(
      "after",
      `
Examples:
  ondacast list
  ondacast play "ode to joy"
  ondacast play --server pi.local canon
  ondacast stream 192.0.2.7:4041`,
    );
}

async function inContext<T>(
  options: GlobalOptions,
  work: (context: ClientContext) => Promise<T>,
): Promise<void> {
  await using context = new ClientContext(options);
  await work(context);
}
