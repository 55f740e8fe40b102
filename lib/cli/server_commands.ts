/**
 * `ondacast servers` and `ondacast use`: the servers of the network, and the one
 * that is remembered.
 *
 * @module
 */

import { OndacastError, toOndacastError } from "../errors.ts";
import { dataFolder } from "../io/disk/data_folder.ts";
import { KnownServersFile } from "../io/tls/known_servers_file.ts";
import type { FoundServer } from "../model/discovery/browser.ts";
import type { RememberedServer } from "../model/remembered_servers.ts";
import { placeOf } from "../model/server_address.ts";
import { type ChosenServer, found, foundPlace } from "./chosen_server.ts";
import type { ClientContext } from "./client_context.ts";
import { allServers, needsOf } from "./find_server.ts";
import { asksByKeys, askSecret, expectSecret } from "./prompts.ts";
import { knownAs } from "../model/known_servers.ts";
import {
  namedServer,
  rememberedServers,
  rememberServer,
} from "./take_server.ts";
import { shown } from "./shown.ts";
import { table } from "./text.ts";

/** Lists the servers that answer, and the one that is remembered. */
export async function serversCommand(context: ClientContext): Promise<void> {
  const { used } = await rememberedServers()?.read() ?? {};
  const servers = await context.unlessInterrupted(allServers(context));
  const isUsed = (server: FoundServer) =>
    used !== undefined &&
    (used.id === null
      ? foundPlace(server) === placeOf(used)
      : server.id === used.id);
  if (context.options.json) {
    return context.printJson(servers.map((server) => ({
      id: server.id,
      name: server.name,
      host: server.addresses[0],
      port: server.port,
      http: server.http,
      tls: server.tls,
      token: server.token,
      remembered: isUsed(server),
    })));
  }
  const rows = servers.map((server) => [
    shown(server.name),
    foundPlace(server),
    [needsOf(server), isUsed(server) ? "remembered" : ""].join("  ").trim(),
  ]);
  for (const line of table(rows, context.columns)) context.say(line);
  if (servers.length === 0) {
    context.say("no server answers on this machine or in its networks");
  }
  if (used && !servers.some(isUsed)) {
    context.say(
      `remembered: ${shown(used.name)} at ${placeOf(used)}, which is not found`,
    );
  }
}

/** Remembers a server, or with `auto` forgets the ones that are remembered. */
export async function useCommand(
  context: ClientContext,
  words: string,
): Promise<void> {
  if (words === "auto") {
    await rememberedServers()?.change({
      ...{ used: undefined, received: undefined },
    });
    return context.say("From now on the server is found.");
  }
  if (context.options.tlsCa !== undefined) {
    throw new OndacastError(
      "usage",
      "Cannot remember the certificates of --tls-ca: leave it out, and compare the fingerprint instead",
    );
  }
  const servers = await context.unlessInterrupted(
    allServers(context, (server) => placesOf(server).includes(words)),
  );
  const server = matching(servers, words);
  context.use(server ? namedLike(server) : await namedServer(context, words));
  const used = await meet(context);
  await keepCertificate(context, used);
}

/** The server with this name, id or address. */
function matching(
  servers: readonly FoundServer[],
  words: string,
): FoundServer | null {
  const wanted = words.toLowerCase();
  const named = servers.filter((server) =>
    [server.name.toLowerCase(), server.id, ...placesOf(server)]
      .includes(wanted)
  );
  if (named.length <= 1) return named[0] ?? null;
  throw new OndacastError(
    "ambiguous",
    `Cannot use "${shown(words)}": ${named.length} servers have that name, at ${
      named.map(foundPlace).join(", ")
    }`,
  );
}

function placesOf({ addresses, port }: FoundServer): string[] {
  return addresses.map((host) => placeOf({ host, port }));
}

/** A found server that the user has now named, so that it may be sent a token. */
function namedLike(server: FoundServer): ChosenServer {
  return { ...found(server), how: "named", id: server.id };
}

/** Connects, with TLS and a token if required, and remembers the server. */
async function meet(context: ClientContext): Promise<RememberedServer> {
  using _unseen = expectSecret(context);
  for (let tries = 1;; tries++) {
    try {
      return await rememberServer(context, context.options.token);
    } catch (error) {
      const { code } = toOndacastError(error);
      const { server } = context;
      if (code === "tls-mismatch" && !context.encrypts) {
        context.use({ ...server, tls: true });
      } else if (
        code === "unauthorized" && asksByKeys(context) && tries <= TRIES
      ) {
        const token = await context.unlessInterrupted(
          askSecret(context, "Its token:"),
        );
        if (!token) throw error;
        context.options.token = token;
        context.use(server);
      } else throw error;
    }
  }
}

/** How often a token may be entered. */
const TRIES = 3;

/** Records the certificate seen at an address under the server's id. */
async function keepCertificate(
  context: ClientContext,
  { id, tls }: RememberedServer,
): Promise<void> {
  if (!tls || id === null) return;
  const known = new KnownServersFile(dataFolder(""));
  const met = await known.find(context.link.place);
  if (met !== null) await known.add(knownAs(id), met.known);
}
