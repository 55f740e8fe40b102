/**
 * The commands of `ondacast` that play songs on other devices: `cast`, `queue`,
 * `group`, `volume` and their like, with their options.
 *
 * @module
 */

import {
  Argument,
  type CommandUnknownOpts,
  Option,
} from "@commander-js/extra-typings";
import { OndacastError } from "../errors.ts";
import {
  castCommand,
  controlCommand,
  groupCommand,
  groupsCommand,
  moveCommand,
  queueAddCommand,
  queueClearCommand,
  queueCommand,
  queueMoveCommand,
  queueRemoveCommand,
  sendCommand,
  ungroupCommand,
} from "./commands.ts";
import type { ClientContext } from "./client_context.ts";
import {
  amount,
  milliseconds,
  percent,
  rawFormat,
  songTime,
} from "./options.ts";
import { refuseUnknown } from "./unknown_command.ts";

/** Runs work with a server, and ends the program with its result. */
type Run = (work: (context: ClientContext) => Promise<void>) => Promise<void>;

/** Adds them to a program. */
export function addRoomCommands(program: CommandUnknownOpts, run: Run): void {
  program.command("cast")
    .description("play songs of the server on other clients")
    .argument(
      "[song...]",
      "names of songs, album:, artist:, playlist:NAME or FOLDER/, as for play",
    )
    .option("--all", "all songs of the server")
    .addOption(toOption())
    .option("--from <time>", "start position: 90 or 1:30", songTime)
    .addOption(
      new Option("--next", "after the song that plays").conflicts("end"),
    )
    .option("--end", "after all that is queued")
    .option("--apart", "each device by itself, and not in step")
    .option("--shuffle", "in random order")
    .addOption(
      new Option("--repeat <what>", "play again: all songs, or one")
        .choices(["all", "one"] as const),
    )
    .option(
      "--upload",
      "upload the file of that name first if the server lacks it",
    )
    .action((songs, options) =>
      run((context) => castCommand(context, namedOr(songs, options), options))
    );

  for (const [name, description, options] of CONTROLS) {
    program.command(name)
      .description(description)
      .addOption(toOption())
      .action(({ to }) =>
        run((context) =>
          controlCommand(context, ACTION_OF[name] ?? name as Action, {
            ...{ to, ...options },
          })
        )
      );
  }

  program.command("send")
    .description("send live sound, which others hear while it is made")
    .argument(
      "[source]",
      "mic, mic:DEVICE, system (what this machine plays), - (stdin), a file or an address",
      "mic",
    )
    .option("--as <name>", "its name: others play live/NAME")
    .option("--to <device...>", DEVICES)
    .option(
      "--format <encoding:rate:channels>",
      "of raw PCM on stdin, such as s16le:48000:2 (default: a WAV comes)",
      rawFormat,
    )
    .action((source, options) =>
      run((context) => sendCommand(context, source, options))
    );

  program.command("jump")
    .description("play another song of the queue")
    .argument("<number>", "as \`queue\` shows it")
    .addOption(toOption())
    .action((number, { to }) =>
      run((context) => controlCommand(context, "jump", { to, number }))
    );

  program.command("seek")
    .description("move to another position in the song")
    .argument(
      "<time>",
      "90 or 1:30; +10 or -10 are relative",
      amount(songTime),
    )
    .addOption(toOption())
    .action((amount, { to }) =>
      run((context) => controlCommand(context, "seek", { to, amount }))
    );

  program.command("volume")
    .description("set the volume of devices, or of a whole group")
    .argument(
      "<percent>",
      "0 to 100; +10 or -10 are relative",
      amount(percent),
    )
    .addOption(toOption())
    .action((amount, { to }) =>
      run((context) => controlCommand(context, "volume", { to, amount }))
    );

  program.command("delay")
    .description("feed a device earlier, whose speakers sound late")
    .argument("<ms>", "milliseconds, -2000 to 2000", milliseconds)
    .addOption(toOption())
    .action((value, { to }) =>
      run((context) => controlCommand(context, "delay", { to, value }))
    );

  program.command("repeat")
    .description("play a queue again: all of it, or its song")
    .addArgument(
      new Argument("<what>").choices(["off", "all", "one"] as const),
    )
    .addOption(toOption())
    .action((value, { to }) =>
      run((context) => controlCommand(context, "repeat", { to, value }))
    );

  program.command("shuffle")
    .description("play what follows in random order, or in order again")
    .addArgument(new Argument("<what>").choices(["on", "off"] as const))
    .addOption(toOption())
    .action((what, { to }) =>
      run((context) =>
        controlCommand(context, "shuffle", { to, value: what === "on" })
      )
    );

  const queue = program.command("queue")
    .description("list what a group plays next, or change it")
    .addOption(toOption())
    .allowExcessArguments()
    .action((options) => {
      refuseUnknown(queue);
      return run((context) => queueCommand(context, options));
    });
  queue.command("add")
    .description("add songs at the end, or after the song that plays")
    .argument("[song...]", "names of songs, as for cast")
    .option("--all", "all songs of the server")
    .option("--next", "after the song that plays")
    .addOption(toOption())
    .action((songs, options) =>
      run((context) =>
        queueAddCommand(context, namedOr(songs, options), {
          ...queue.opts(),
          ...options,
        })
      )
    );
  queue.command("remove")
    .description("remove songs")
    .argument("<number...>", "as \`queue\` shows them, or ranges: 2-4")
    .addOption(toOption())
    .action((numbers, options) =>
      run((context) =>
        queueRemoveCommand(context, numbers, { ...queue.opts(), ...options })
      )
    );
  queue.command("move")
    .description("move songs before another, or to the end")
    .argument("<number...>", "as \`queue\` shows them, or ranges: 2-4")
    .option("--before <number>", "the song that they come before")
    .addOption(toOption())
    .action((numbers, options) =>
      run((context) =>
        queueMoveCommand(context, numbers, { ...queue.opts(), ...options })
      )
    );
  queue.command("clear")
    .description("remove all but the song that plays")
    .addOption(toOption())
    .action((options) =>
      run((context) =>
        queueClearCommand(context, { ...queue.opts(), ...options })
      )
    );

  program.command("group")
    .description("make devices play together, in step")
    .argument("<device...>", DEVICES)
    .option("--as <name>", "a name for the group")
    .action((devices, options) =>
      run((context) => groupCommand(context, devices, options))
    );

  program.command("ungroup")
    .description("make devices play alone again")
    .argument("<device...>", DEVICES)
    .action((devices) => run((context) => ungroupCommand(context, devices)));

  program.command("move")
    .description("let what plays go on at other devices")
    .requiredOption("--to <device...>", DEVICES)
    .option(
      "--from <device...>",
      "where it plays; needed if several groups play",
    )
    .action((options) => run((context) => moveCommand(context, options)));

  program.command("groups")
    .description("list groups of devices, and what each plays")
    .action(() => run(groupsCommand));
}

/** The songs that a person means: those named, or `--all`. */
function namedOr(songs: string[], { all }: { all?: boolean }): string[] {
  if (songs.length > 0 && all) {
    throw new OndacastError("usage", "Name songs, or say --all: not both");
  }
  if (songs.length > 0) return songs;
  if (all) return ["*"];
  throw new OndacastError(
    "usage",
    "Which songs? Name some, or say --all. `ondacast list` shows them",
  );
}

const DEVICES = "names in any case, or unique beginnings; ip:port; groups; all";

/** Which devices; by default those of the only group. */
function toOption() {
  const option = new Option(
    "--to <device...>",
    `${DEVICES} (default: ONDACAST_TO, else the only group)`,
  );
  const devices = devicesOf(Deno.env.get("ONDACAST_TO"));
  return devices ? option.default(devices, "ONDACAST_TO") : option;
}

/** Names in a variable, separated by commas. */
function devicesOf(text: string | undefined): string[] | undefined {
  const names = text?.split(",").map((name) => name.trim()).filter(Boolean);
  return names?.length ? names : undefined;
}

type Action = Parameters<typeof controlCommand>[1];

const CONTROLS: [
  name: string,
  description: string,
  options?: { value: boolean },
][] = [
  ["pause", "pause what devices play"],
  ["resume", "go on with it"],
  ["stop", "stop it"],
  ["next", "go on with the next song"],
  ["previous", "play the song from its start, or the one before it"],
  ["mute", "silence devices", { value: true }],
  ["unmute", "let devices be heard again", { value: false }],
];
/** Actions of commands with another name. */
const ACTION_OF: Record<string, Action> = { unmute: "mute" };
