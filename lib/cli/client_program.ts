/**
 * `ondacast`: its commands and their options.
 *
 * @module
 */

import { Argument, type Command, Option } from "@commander-js/extra-typings";
import { PLAYER_WORDS } from "../audio/player_words.ts";
import { DEVICE_KINDS } from "../model/device_kind.ts";
import { GAIN_MODES, type GainMode } from "../model/gain.ts";
import type { ClientContext, GlobalOptions } from "./client_context.ts";
import { CACHE_ACTIONS, type CacheAction } from "./cache_actions.ts";
import { COMPLETION_SCRIPTS, type Shell } from "./completion_scripts.ts";
import { explainPermissions, mayStart } from "./deno_permissions.ts";
import { printText } from "../io/console/standard_output.ts";
import { helpOf } from "./client_help.ts";
import {
  albumsCommand,
  artistsCommand,
  cacheCommand,
  inContext,
  installCommand,
  listCommand,
  menuCommand,
  nodesCommand,
  onlineCommand,
  playCommand,
  playlistsCommand,
  receiveCommand,
  removeCommand,
  renameCommand,
  restoreCommand,
  serversCommand,
  statusCommand,
  streamCommand,
  trustCommand,
  uninstallCommand,
  uploadCommand,
  useCommand,
  withServer,
} from "./commands.ts";
import {
  layout,
  plainNegatives,
  saysYes,
  secret,
  size,
  songTime,
} from "./options.ts";
import { newProgram, runProgram } from "./run_program.ts";
import { addRoomCommands } from "./room_commands.ts";
import { refuseUnknown, unknownCommand } from "./unknown_command.ts";
import { SERVICE_FORMATS } from "./service/formats.ts";
import { ROLES } from "./service/service.ts";
import { serviceWords } from "./service/service_words.ts";

type Work = (context: ClientContext) => Promise<void>;

/** Runs the program with its words; resolves to its exit code. */
export async function clientProgram(words: string[]): Promise<number> {
  if (!mayStart()) return explainPermissions("ondacast");
  return await runProgram(clientCommand(words), plainNegatives(words));
}

/**
 * `ondacast` with its commands and their options.
 *
 * @param words Those it will be run with.
 */
export function clientCommand(words: readonly string[] = []): Command {
  const program = command();
  const runAlone = (work: Work, options: Partial<GlobalOptions> = {}) =>
    inContext({ ...program.opts(), ...options }, work);
  /** Runs work with a server. */
  const run = (work: Work, options: Partial<GlobalOptions> = {}) =>
    withServer({ ...program.opts(), ...options }, program.args[0], work);

  program.command("play")
    .description("play songs while they arrive; none: choose from the list")
    .argument(
      "[song...]",
      "names in any case, without the ending, or a unique beginning; album:, artist:, playlist:NAME or FOLDER/",
    )
    .option("--from <time>", "start position: 90 or 1:30", songTime)
    .option("--loop", "repeat endlessly")
    .option("--shuffle", "play in random order")
    .addOption(gainOption())
    .option(
      "--all",
      "play all songs of the server, or those that `list` finds by any of the names",
    )
    .action((songs, options) =>
      run((context) => playCommand(context, songs, options))
    );

  program.command("list")
    .description("list the songs of the server, with length and format")
    .argument(
      "[text]",
      "only songs with this text in their name or tags, or album:, artist:, playlist:NAME or FOLDER/",
    )
    .addOption(new Option("--all", "all songs, as without a text").hideHelp())
    .action((text) => run((context) => listCommand(context, text)));

  program.command("albums")
    .description("list the albums of the server")
    .argument("[text]", "only albums with this text in their title or artist")
    .action((text) => run((context) => albumsCommand(context, text)));

  program.command("artists")
    .description("list the artists of the server")
    .argument("[text]", "only artists with this text in their name")
    .action((text) => run((context) => artistsCommand(context, text)));

  program.command("playlists")
    .description("list the playlists in the server's music folder")
    .action(() => run(playlistsCommand));

  program.command("upload")
    .description("send songs, folders of them, or stdin (-) to the server")
    .argument("<file...>")
    .option("--as <name>", "the song's or folder's name on the server")
    .option("--replace", "replace an existing song of that name")
    .action((files, options) =>
      run((context) => uploadCommand(context, files, options))
    );

  program.command("remove")
    .description("remove songs from the server, which keeps them for a while")
    .argument(
      "<song...>",
      "names in any case, without the ending; album:, artist:, playlist:NAME or FOLDER/",
    )
    .action((songs) => run((context) => removeCommand(context, songs)));

  program.command("restore")
    .description("bring back removed songs")
    .argument("<name...>", "exact names, as \`list\` showed them")
    .action((names) => run((context) => restoreCommand(context, names)));

  program.command("rename")
    .description("give a song of the server another name")
    .argument("<song>", "a name in any case, without the ending")
    .argument("<name>", "the new name; with a / it is in a folder")
    .action((song, name) =>
      run((context) => renameCommand(context, song, name))
    );

  program.command("receive")
    .description("wait for songs that others cast here, until stopped")
    .addOption(gainOption())
    .option(
      "--layout <rate:channels>",
      "the player's layout in a group of several (default: 48000:2)",
      layout,
    )
    .addOption(
      new Option("--shown-as <kind>", "what others see it as")
        .choices(DEVICE_KINDS).default("computer" as const),
    )
    .action(({ shownAs, ...options }) =>
      run((context) => receiveCommand(context, options), {
        ...{ receive: true, shownAs },
      })
    );

  addRoomCommands(program, run);

  program.command("online").alias("devices")
    .description("list connected clients and what each is doing")
    .option("--follow", "print them again at every change")
    .action((options) => run((context) => onlineCommand(context, options)));

  const cache = program.command("cache")
    .description("manage the songs cached on this machine");
  for (const [action, description] of Object.entries(CACHE_ACTIONS)) {
    cache.command(action).description(description)
      .action(() =>
        runAlone((context) => cacheCommand(context, action as CacheAction))
      );
  }

  program.command("stream")
    .description(
      "play a plain stream, from this server or any program that sends blocks prefixed with a 4-byte length",
    )
    .argument("[address]", "HOST[:PORT]; default: port 4041 of the server")
    .action((address) =>
      (address === undefined ? run : runAlone)((context) =>
        streamCommand(context, address)
      )
    );

  program.command("servers")
    .description("list the servers of this machine and its networks")
    .action(() => runAlone(serversCommand));

  program.command("nodes")
    .description("list the servers that are one with the server")
    .action(() => run(nodesCommand));

  program.command("use")
    .description("remember a server, for all commands that name none")
    .argument(
      "<server>",
      "HOST[:PORT], a name that `servers` shows, or `auto`: forget it, and find one",
    )
    .action((server) => runAlone((context) => useCommand(context, server)));

  program.command("trust")
    .description("list the servers whose certificates this machine trusts")
    .option("--forget <server>", "trust another certificate of it from now on")
    .action((options) => runAlone((context) => trustCommand(context, options)));

  program.command("install")
    .description(
      "run a receiver or a server from each start of this machine on",
    )
    .addArgument(new Argument("<what>").choices(ROLES))
    .argument("[options...]", "those of \`receive\`, or of ondacast-server")
    .option("--print", "only print the file for the service manager")
    .addOption(
      new Option("--kind <kind>", "with --print: for another system")
        .choices(SERVICE_FORMATS.map(({ name }) => name)),
    )
    .option(
      "--user",
      "as a service of this user (default for receive with a sound server)",
    )
    .addOption(
      new Option("--system", "as a service of the system").conflicts("user"),
    )
    .allowUnknownOption()
    .action((role, _, options) =>
      runAlone((context) =>
        installCommand(
          ...[context, role, serviceWords(words, role), options] as const,
          clientCommand,
        )
      )
    );

  program.command("uninstall")
    .description("remove installed services; their data stay")
    .addArgument(new Argument("[what]").choices(ROLES))
    .action((role) => runAlone((context) => uninstallCommand(context, role)));

  program.command("status")
    .description(
      "show installed services and whether they run; without any, as `online`",
    )
    .action(() => runAlone(statusCommand));

  program.command("completion")
    .description("print a script that completes commands in a shell")
    .addArgument(
      new Argument("<shell>").choices(
        Object.keys(COMPLETION_SCRIPTS) as Shell[],
      ),
    )
    .action((shell) => printText(COMPLETION_SCRIPTS[shell]));

  for (const command of program.commands) {
    command.addHelpText("after", helpOf(command.name()));
  }

  program.allowExcessArguments().action(() => {
    refuseUnknown(program);
    return run(menuCommand);
  });
  program.on("beforeAllHelp", ({ error }: { error: boolean }) => {
    const [first, word] = program.args;
    // Commander shows all of the help for `help WORD`, even for unknown words.
    if (error && first === "help" && word !== undefined) {
      const names = program.commands.map((command) => command.name());
      program.error(unknownCommand(names, word));
    }
  });
  return program as unknown as Command;
}

function gainOption() {
  return new Option(
    "--gain <which>",
    "make songs equally loud by their ReplayGain",
  ).choices(GAIN_MODES).default("off" as GainMode);
}

function command() {
  return newProgram(
    "ondacast",
    "Plays the songs of an Ondacast server while they arrive, here or on other clients. Without a command: a menu.",
  )
    .helpCommand("help [command]", "show the help of a command")
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true })
    .addOption(
      new Option(
        "--server <host[:port]>",
        "the server (default: the one of `use`, else of this machine or its networks)",
      ).env("ONDACAST_SERVER"),
    )
    .option(
      "--name <name>",
      "name shown to others (default: this machine's name)",
    )
    .addOption(
      new Option("--token <secret>", "the server's shared secret")
        .env("ONDACAST_TOKEN")
        .argParser(secret),
    )
    .option("--token-file <file>", "file that contains it")
    .option(
      "--tls",
      "encrypt the connection (also by ONDACAST_TLS=1)",
      saysYes(Deno.env.get("ONDACAST_TLS")),
    )
    .option(
      "--tls-ca <file>",
      "certificate (PEM) of the server or its authority; implies --tls",
    )
    .option(
      "--player <player>",
      `${PLAYER_WORDS}, which is replaced; PCM of another layout, and a song ` +
        "that replaces another, go to PATH-2, PATH-3, ... (new files)",
      "auto",
    )
    .option("--no-cache", "neither read nor write the local cache")
    .option("--cache-dir <folder>", "folder of the local cache")
    .addOption(
      new Option("--cache-size <size>", "size limit of the cache")
        .argParser(size)
        .default(2 * 2 ** 30, "2GiB"),
    )
    .option("--quiet", "print only errors", false)
    .option("--json", "print JSON for programs", false)
    .addHelpText("after", helpOf("ondacast"));
}
