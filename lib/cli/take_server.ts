/**
 * Takes the server of a command: the one that is named, else the remembered one,
 * else one that is found.
 *
 * @module
 */

import { errorText, OndacastError, toOndacastError } from "../errors.ts";
import { printError } from "../io/console/standard_output.ts";
import { dataFolderIfAny } from "../io/disk/data_folder.ts";
import { sessionPort } from "../io/net/session_port.ts";
import { RememberedServersFile } from "../io/disk/remembered_servers_file.ts";
import { parseAddress } from "../model/address.ts";
import type {
  RememberedServer,
  RememberedServers,
} from "../model/remembered_servers.ts";
import { DEFAULT_PORTS } from "../model/right_port.ts";
import { placeOf } from "../model/server_address.ts";
import type { ToClient } from "../wire/messages.ts";
import {
  type ChosenServer,
  named,
  remembered,
  wantsToken,
} from "./chosen_server.ts";
import type { ClientContext } from "./client_context.ts";
import { findServer } from "./find_server.ts";
import { givenName } from "./own_name.ts";
import { asksByKeys, askSecret, expectSecret } from "./prompts.ts";
import { shown } from "./shown.ts";

/**
 * The commands that accept a found server without a terminal, because they send it
 * nothing of value.
 */
const TAKES_FOUND = ["list", "play", "stream", "receive"];
/** The command that waits for a server, and keeps to the first one. */
const STAYS = "receive";

/** How often a token may be entered. */
const TRIES = 3;

/** The remembered servers of this user; null if there is no data folder. */
export function rememberedServers(): RememberedServersFile | null {
  const folder = dataFolderIfAny();
  return folder === null ? null : new RememberedServersFile(folder);
}

/**
 * Chooses the server of a command, and makes it that of the context.
 *
 * @param command Its name; undefined: the menu.
 */
export async function takeServer(
  context: ClientContext,
  command = "menu",
): Promise<void> {
  const stays = command === STAYS;
  const { options } = context;
  // Report a bad option before a search.
  if (options.name !== undefined) givenName(options.name);
  // An empty variable counts as unset.
  if (options.server) {
    return context.use(await namedServer(context, options.server));
  }
  const { used, received } = await rememberedServers()?.read() ?? {};
  if (used) return context.use(remembered("remembered", used));
  if (stays && received) return context.use(remembered("kept", received));
  if (!TAKES_FOUND.includes(command) && !asksByKeys(context)) {
    throw namesNone();
  }
  const mustEncrypt = options.tls === true || options.tlsCa !== undefined;
  using _unseen = expectSecret(context);
  const chosen = await findServer(context, { waits: stays, mustEncrypt });
  context.use(chosen);
  if (chosen.how === "found" && chosen.needsToken) {
    await askToken(context, chosen);
  }
}

/** The server named by the user; the page at an HTTP address gives its port. */
export async function namedServer(
  { clock, signal }: ClientContext,
  words: string,
): Promise<ChosenServer> {
  const chosen = named(words);
  const isPage = /^http:/i.test(words);
  const port = isPage ? await sessionPort(words, clock, signal) : null;
  if (port === null) return chosen;
  const [{ host }] = chosen.endpoints;
  return { ...chosen, endpoints: [{ host, port }] };
}

/**
 * Asks for the token of a server until it is right, and remembers the server with
 * it.
 *
 * @throws {OndacastError} `unauthorized`; `interrupted`.
 */
async function askToken(
  context: ClientContext,
  chosen: ChosenServer & { how: "found" },
): Promise<void> {
  const { name, tls, endpoints: [endpoint] } = chosen;
  const place = placeOf(endpoint);
  if (!asksByKeys(context)) throw wantsToken(shown(name), place);
  for (let tries = 1;; tries++) {
    const token = await context.unlessInterrupted(
      askSecret(context, `The token of ${shown(name)} at ${place}:`),
    );
    if (!token) throw new OndacastError("interrupted", "Interrupted");
    const server = { id: chosen.id, name, ...endpoint, tls, token };
    context.use({ ...chosen, how: "remembered", server });
    try {
      await rememberServer(context, token);
      return;
    } catch (error) {
      const { code } = toOndacastError(error);
      if (code !== "unauthorized" || tries === TRIES) throw error;
      printError("That is not its token.");
    }
  }
}

/**
 * Meets the server of the context, and remembers it for all commands.
 *
 * @param token The token that was sent, if it is to be remembered, too.
 */
export async function rememberServer(
  context: ClientContext,
  token: string | undefined,
): Promise<RememberedServer> {
  const session = await context.unlessInterrupted(context.link.session());
  const welcome = await context.unlessInterrupted(session.welcome);
  const used = { ...asRemembered(context, welcome), ...(token && { token }) };
  const file = rememberedServers();
  if (file === null) throw noFolder();
  await file.change({ used });
  context.say(
    `${shown(used.name)} at ${placeOf(used)} is remembered${
      token ? ", and its token" : ""
    }; \`ondacast use auto\` forgets it.`,
  );
  return used;
}

/** Has `receive` keep to the server that it found, also when it starts again. */
export async function keepReceived(
  context: ClientContext,
  welcome: Welcome,
): Promise<void> {
  if (context.server.how !== "found") return await keepPlace(context);
  if (welcome.serverId === undefined) return;
  await note({ received: asRemembered(context, welcome) });
}

/**
 * Remembers where a remembered server has moved, so that it is met there at once. It
 * is another one of its cluster that has another id.
 */
export async function keepPlace(context: ClientContext): Promise<void> {
  const { server: chosen } = context;
  if (chosen.how !== "remembered" && chosen.how !== "kept") return;
  const { server } = chosen;
  const { place: last, lastServerId = null } = context.link;
  const place = parseAddress(last, DEFAULT_PORTS.session);
  const isMoved = lastServerId === server.id;
  if (!isMoved || placeOf(place) === placeOf(server)) return;
  const moved = { ...server, ...place };
  await note(chosen.how === "kept" ? { received: moved } : { used: moved });
}

async function note(changes: RememberedServers): Promise<void> {
  try {
    await rememberedServers()?.change(changes);
  } catch (error) {
    printError(`note: this server is not remembered: ${errorText(error)}`);
  }
}

type Welcome = Pick<ToClient<"welcome">, "server" | "serverId">;

function asRemembered(
  context: ClientContext,
  { server: name, serverId }: Welcome,
): RememberedServer {
  const place = parseAddress(context.link.place, DEFAULT_PORTS.session);
  return { id: serverId ?? null, name, ...place, tls: context.encrypts };
}

function noFolder(): OndacastError {
  return new OndacastError(
    "bad-folder",
    "Cannot remember a server: there is no data folder (HOME is not set)",
  );
}

function namesNone(): OndacastError {
  return new OndacastError(
    "usage",
    "Cannot choose a server: only `list`, `play`, `stream` and `receive` take one that is found, unless in a terminal. Name one with `--server HOST[:PORT]` or ONDACAST_SERVER, or remember one with `ondacast use`; `ondacast servers` lists them",
  );
}
