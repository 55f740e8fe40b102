/**
 * `ondacast`: its commands and their options.
 *
 * @module
 */

import { type Command, Option } from "@commander-js/extra-typings";
import { OndacastError, toOndacastError } from "../errors.ts";
import { PLAYER_WORDS } from "../io/sinks/open_sink.ts";
import { choose } from "../model/choose.ts";
import { ClientContext, type GlobalOptions } from "./client_context.ts";
import { CACHE_COMMANDS } from "./cache_commands.ts";
import { castCommand } from "./cast_commands.ts";
import { controlCommand } from "./control_commands.ts";
import { helpOf } from "./client_help.ts";
import { listCommand, onlineCommand } from "./list_commands.ts";
import { menuCommand } from "./menu_command.ts";
import {
  amount,
  percent,
  plainNegatives,
  secret,
  size,
  songTime,
} from "./options.ts";
import { playCommand, streamCommand } from "./play_command.ts";
import { receiveCommand } from "./receive_command.ts";
import { newProgram, runProgram } from "./run_program.ts";
import { saysYes } from "./trust.ts";
import { uploadCommand } from "./upload_command.ts";

/** Runs the program with its words; resolves to its exit code. */
export function clientProgram(words: string[]): Promise<number> {
  const program = command();
  const run = <T>(
    work: (context: ClientContext) => Promise<T>,
    options: Partial<GlobalOptions> = {},
  ) => inContext({ ...program.opts(), ...options }, work);

  program.command("play")
    .description("play songs while they arrive; none: choose from the list")
    .argument(
      "[song...]",
      "names: the ending may be left out, in any case, or a beginning that only one has",
    )
    .option("--from <time>", "begin there: 90 or 1:30", songTime)
    .option("--loop", "start over for ever")
    .option("--shuffle", "in an order of chance")
    .option("--all", "all songs of the server, or all with these words")
    .action((songs, options) =>
      run((context) => playCommand(context, songs, options))
    );

  program.command("list")
    .description("the songs of the server, with length and format")
    .argument("[text]", "only those with this in their name")
    .action((text) => run((context) => listCommand(context, text)));

  program.command("upload")
    .description("send WAV files, folders of them, or stdin (-) to the server")
    .argument("<file...>")
    .option("--as <name>", "the song's name on the server")
    .option("--replace", "take the place of a song of that name")
    .action((files, options) =>
      run((context) => uploadCommand(context, files, options))
    );

  program.command("receive")
    .description("wait for songs that others cast here, until stopped")
    .action(() => run(receiveCommand, { receive: true }));

  program.command("cast")
    .description("play a song of the server on other clients")
    .argument("<song>", "its name, as for play")
    .requiredOption("--to <device...>", "who plays it: ip:port or name")
    .option("--from <time>", "begin there: 90 or 1:30", songTime)
    .option("--upload", "upload the file of that name first, if need be")
    .action((song, options) =>
      run((context) => castCommand(context, song, options))
    );

  for (const [name, description] of CONTROLS) {
    program.command(name)
      .description(description)
      .requiredOption("--to <device...>", "which receivers: ip:port or name")
      .action((options) =>
        run((context) => controlCommand(context, name, options))
      );
  }

  program.command("seek")
    .description("go on elsewhere in what a receiver plays")
    .argument(
      "<time>",
      "90 or 1:30; +10 or -10 from where it is",
      amount(songTime),
    )
    .requiredOption("--to <device...>", "which receivers: ip:port or name")
    .action((amount, { to }) =>
      run((context) => controlCommand(context, "seek", { to, amount }))
    );

  program.command("volume")
    .description("set the volume of a receiver")
    .argument(
      "<percent>",
      "0 to 100; +10 or -10 from what it is",
      amount(percent),
    )
    .requiredOption("--to <device...>", "which receivers: ip:port or name")
    .action((amount, { to }) =>
      run((context) => controlCommand(context, "volume", { to, amount }))
    );

  program.command("online")
    .description("who is connected, and what each is doing")
    .action(() => run((context) => onlineCommand(context)));

  const cache = program.command("cache")
    .description("the songs that are kept on this machine");
  for (const { name, description, work } of CACHE_COMMANDS) {
    cache.command(name).description(description).action(() => run(work));
  }

  program.command("stream")
    .description(
      "play a plain stream: of this server, or of any program that sends blocks with a 4-byte length before each",
    )
    .argument("[address]", "HOST[:PORT]; default: port 4041 of the server")
    .action((address) => run((context) => streamCommand(context, address)));

  for (const command of program.commands) {
    command.addHelpText("after", helpOf(command.name()));
  }

  program.allowExcessArguments().action(() => {
    const [word] = program.args;
    if (word !== undefined) program.error(unknownCommand(program, word));
    return run(menuCommand);
  });
  program.on("beforeAllHelp", ({ error }: { error: boolean }) => {
    const [first, word] = program.args;
    // Commander shows all of the help for `help WORD`, whatever the word is.
    if (error && first === "help" && word !== undefined) {
      program.error(unknownCommand(program, word));
    }
  });
  return runProgram(program, plainNegatives(words));
}

function unknownCommand(program: Command, word: string): string {
  const commands = program.commands.map((command) => ({
    name: command.name(),
  }));
  const choice = choose(commands, word);
  const near = choice.kind === "none"
    ? choice.nearest
    : choice.kind === "one"
    ? [choice.song]
    : choice.songs;
  const hint = near.map(({ name }) => name).join(", ");
  return `error: unknown command '${word}'${
    hint ? ` (did you mean ${hint}?)` : ""
  }; --help shows all`;
}

const CONTROLS = [
  ["pause", "pause what a receiver plays"],
  ["resume", "go on with what a receiver plays"],
  ["stop", "stop what a receiver plays"],
] as const;

function command() {
  return newProgram(
    "ondacast",
    "Plays the songs of an Ondacast server while they arrive, here or on other clients. Without a command: a menu.",
  )
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
        .env("ONDACAST_TOKEN")
        .argParser(secret),
    )
    .option(
      "--tls",
      "encrypt the connection (also by ONDACAST_TLS=1)",
      saysYes(Deno.env.get("ONDACAST_TLS")),
    )
    .option(
      "--tls-ca <file>",
      "the certificate (PEM) that the server or its authority has; with TLS",
    )
    .option(
      "--player <player>",
      `${PLAYER_WORDS}, which is replaced; PCM of another layout, and a song ` +
        "that takes another's place, go to PATH-2, PATH-3, ... (new files)",
      "auto",
    )
    .option("--no-cache", "neither play from the local cache nor store there")
    .option("--cache-dir <folder>", "the local cache")
    .addOption(
      new Option("--cache-size <size>", "what the cache may hold")
        .argParser(size)
        .default(2 * 2 ** 30, "2GiB"),
    )
    .option("--quiet", "print errors only", false)
    .option("--json", "print JSON, for programs", false)
    .addHelpText("after", helpOf("ondacast"));
}

async function inContext<T>(
  options: GlobalOptions,
  work: (context: ClientContext) => Promise<T>,
): Promise<void> {
  await using context = new ClientContext(options);
  try {
    await work(context);
  } catch (thrown) {
    if (context.isUnread) return;
    // Ctrl-C reaches the player as well, whose end is no failure then.
    if (context.signal.aborted) {
      throw new OndacastError("interrupted", "Interrupted");
    }
    const { code, message } = toOndacastError(thrown);
    if (options.json && code !== "interrupted") {
      context.tellJson({ event: "error", code, message });
    }
    throw thrown;
  }
}
