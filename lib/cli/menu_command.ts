/**
 * `ondacast` without a command: the server's greeting, the clients online, and the
 * menu of its services.
 *
 * @module
 */

import { listOnline } from "../client/online_list.ts";
import { listSongs } from "../client/song_list.ts";
import { knows } from "../client/server_features.ts";
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
import { roomsMenu } from "./menu_rooms.ts";
import { playCommand } from "./play_command.ts";
import { MENU_MARGIN } from "./menu_state.ts";
import { askPath, asksByKeys, chooseRow } from "./prompts.ts";
import { receiveCommand } from "./receive_command.ts";
import { controlByKeys } from "./remote_view.ts";
import { errorLine } from "./error_line.ts";
import { shown } from "./shown.ts";
import { uploadCommand } from "./upload_command.ts";

type Service = ToClient<"welcome">["services"][number];

/** What one run of the menu has done. */
interface Visit {
  /** The key of the device on which it has last played a song; null: none. */
  castTo: string | null;
}

/** The action for each type of service; unknown types are left out. */
const SERVICES: Record<
  string,
  (context: ClientContext, visit: Visit) => Promise<void>
> = {
  play: (context) => playCommand(context, [], {}),
  list: (context) => listCommand(context, undefined),
  upload: async (context) => {
    const path = await askPath(
      context,
      "Which file or folder?",
      Deno.env.get("HOME"),
    );
    if (path) await uploadCommand(context, [path], {});
  },
  receive: (context) => receiveCommand(context),
  cast: async (context, visit) => {
    const to = await chooseReceiver(context);
    if (to === null) return;
    const session = await context.link.session();
    const songs = (await context.unlessInterrupted(listSongs(session)))
      .filter((song) => song.format !== null);
    const song = await context.unlessInterrupted(chooseSong(context, songs));
    const unwatched = asksByKeys(context);
    await castCommand(context, [song], { to: [to], unwatched });
    if (!unwatched || !await knows(session, "groups")) return;
    visit.castTo = to;
    await controlByKeys(context, session, to);
  },
  control: async (context, { castTo }) => {
    const session = await context.link.session();
    if (castTo !== null) await controlByKeys(context, session, castTo);
  },
  groups: roomsMenu,
  online: (context) => onlineCommand(context),
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
    type === "bye" || Object.hasOwn(SERVICES, type)
  );
  const visit: Visit = { castTo: null };
  do {
    const own = visit.castTo === null ? [] : [CONTROL];
    const service = await chooseService(context, [...services, ...own]);
    if (service === null || service.type === "bye") break;
    await serve(context, service, visit);
  } while (asksByKeys(context));
  context.say("Goodbye.");
}

function greet(context: ClientContext, welcome: ToClient<"welcome">): void {
  const { server, you, key, online, total } = welcome;
  context.say(`Welcome to Ondacast on ${server}. You are ${you}.`);
  context.say(`Online: ${total}`);
  for (const line of clientLines(online, key, context.columns - 2)) {
    context.say(`  ${line}`);
  }
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

/** Offered after a cast, below what the server offers. */
const CONTROL: Service = {
  ...{ key: "c", title: "Control what you have cast", type: "control" },
};

/** Runs a service; in a terminal, a failure returns to the menu. */
async function serve(
  context: ClientContext,
  service: Service,
  visit: Visit,
): Promise<void> {
  try {
    await SERVICES[service.type](context, visit);
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
  const rows = clientLines(receivers, key, context.columns - MENU_MARGIN);
  const answer = await context.unlessInterrupted(
    chooseRow(
      context,
      "On which client? Its ip:port or name:",
      rows,
      receivers.map(({ name, id }) => `${name} ${id}`),
    ),
  );
  if (answer === null) return null;
  return "row" in answer ? receivers[answer.row].key : answer.words;
}
