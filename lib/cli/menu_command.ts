/**
 * `ondacast` without a command: the server's greeting, the clients online, and the
 * menu of its services.
 *
 * @module
 */

import { listOnline } from "../client/online_list.ts";
import { listSongs } from "../client/song_list.ts";
import { OndacastError, toOndacastError } from "../errors.ts";
import { printError } from "../io/console/standard_output.ts";
import type { ToClient } from "../wire/messages.ts";
import { castCommand } from "./cast_commands.ts";
import { chooseSong } from "./choose_song.ts";
import type { ClientContext } from "./client_context.ts";
import {
  clientLines,
  clientsInOrder,
  listCommand,
  onlineCommand,
} from "./list_commands.ts";
import { playCommand } from "./play_command.ts";
import { askLine, asksByKeys, chooseRow } from "./prompts.ts";
import { receiveCommand } from "./receive_command.ts";
import { errorLine } from "./error_line.ts";
import { shown } from "./text.ts";
import { uploadCommand } from "./upload_command.ts";

type Service = ToClient<"welcome">["services"][number];

/** The action for each type of service; unknown types are left out. */
const SERVICES: Record<string, (context: ClientContext) => Promise<void>> = {
  play: (context) => playCommand(context, [], {}),
  list: (context) => listCommand(context, undefined),
  upload: async (context) => {
    const path = await askLine(context, "Which file or folder?");
    if (path) await uploadCommand(context, [path], {});
  },
  receive: receiveCommand,
  cast: async (context) => {
    const to = await chooseReceiver(context);
    if (to === null) return;
    const session = await context.link.session();
    const songs = (await context.unlessInterrupted(listSongs(session)))
      .filter((song) => song.format !== null);
    const song = await context.unlessInterrupted(chooseSong(context, songs));
    await castCommand(context, [song], { to: [to] });
  },
  online: onlineCommand,
};

/**
 * Greets and offers the services: repeatedly in a terminal, once over a pipe.
 *
 * @throws {OndacastError} `usage` at a choice that does not exist.
 */
export async function menuCommand(context: ClientContext): Promise<void> {
  const session = await context.link.session();
  const welcome = await context.unlessInterrupted(session.welcome);
  greet(context, welcome);
  const services = welcome.services.filter(({ type }) =>
    type === "bye" || type in SERVICES
  );
  do {
    const service = await chooseService(context, services);
    if (service === null || service.type === "bye") break;
    await serve(context, service);
  } while (asksByKeys(context));
  context.say("Goodbye.");
}

function greet(context: ClientContext, welcome: ToClient<"welcome">): void {
  const { server, you, key, online, total } = welcome;
  context.say(`Welcome to Ondacast on ${server}. You are ${you}.`);
  context.say(`Online: ${total}`);
  for (const line of clientLines(online, key)) context.say(`  ${line}`);
}

async function chooseService(
  context: ClientContext,
  services: Service[],
): Promise<Service | null> {
  const rows = services.map(({ title }) => title);
  const answer = await context.unlessInterrupted(
    chooseRow(context, "What would you like?", rows),
  );
  if (answer === null) return null;
  if ("row" in answer) return services[answer.row];
  const wanted = answer.words.toLowerCase();
  const service = services.find(({ key, title, type }) =>
    [key, title, type].some((word) => word.toLowerCase() === wanted)
  );
  if (service) return service;
  throw new OndacastError(
    "usage",
    `There is no choice "${answer.words}": expected 1 to ${services.length}`,
  );
}

/** Runs a service; in a terminal, a failure returns to the menu. */
async function serve(context: ClientContext, service: Service): Promise<void> {
  try {
    await SERVICES[service.type](context);
  } catch (thrown) {
    const error = toOndacastError(thrown);
    if (context.signal.aborted || !asksByKeys(context)) throw error;
    if (error.code !== "interrupted") {
      printError(shown(errorLine(error)));
    }
  }
}

async function chooseReceiver(context: ClientContext): Promise<string | null> {
  const session = await context.link.session();
  const { key } = await context.unlessInterrupted(session.welcome);
  const clients = await context.unlessInterrupted(listOnline(session));
  const receivers = clientsInOrder(clients).filter((client) =>
    client.receiving && client.key !== key
  );
  if (receivers.length === 0) {
    context.say(
      "No client is receiving. Run `ondacast receive` on another machine.",
    );
    if (asksByKeys(context)) return null;
  }
  const rows = clientLines(receivers, key);
  const answer = await context.unlessInterrupted(
    chooseRow(context, "On which client? Its ip:port or name:", rows),
  );
  if (answer === null) return null;
  return "row" in answer ? receivers[answer.row].key : answer.words;
}
