/**
 * Finds a server if the user has named none: the one on this machine, or one of the
 * network.
 *
 * @module
 */

import { ClientSession } from "../client/client_session.ts";
import { OndacastError, PeerError } from "../errors.ts";
import { printError } from "../io/console/standard_output.ts";
import { findServers, SEARCH_MS } from "../io/discovery/find_servers.ts";
import { TcpConnector } from "../io/net/tcp.ts";
import type { FoundServer } from "../model/discovery/browser.ts";
import { DEFAULT_PORTS } from "../model/right_port.ts";
import type { Clock } from "../ports/common.ts";
import { type ChosenServer, found, foundPlace } from "./chosen_server.ts";
import { hostName } from "./own_name.ts";
import { asksByKeys, chooseRow, type Conversation } from "./prompts.ts";
import { shown } from "./shown.ts";

/** How long a server on this machine may take to answer. */
const HERE_MS = 250;
/** Between two searches while none is there: each is twice the one before. */
const AGAIN_MS = { first: 1_000, longest: 20_000 };

/** The parts of the program that a search uses. */
export interface Searching extends Conversation {
  readonly options: { readonly json?: boolean; readonly quiet?: boolean };
  readonly clock: Clock;
  readonly random: () => number;
  unlessInterrupted<T>(work: Promise<T>): Promise<T>;
}

/** The server of this machine, if it is at its usual port, and without TLS. */
export async function serverHere(
  { clock, signal }: Searching,
): Promise<FoundServer | null> {
  const here = { host: "localhost", port: DEFAULT_PORTS.session };
  const late = new AbortController();
  clock.sleep(HERE_MS, late.signal).then(() => late.abort());
  const over = AbortSignal.any([signal, late.signal]);
  const server = {
    ...{ port: here.port, addresses: [here.host], http: null, tls: false },
  };
  let session: ClientSession | undefined;
  try {
    session = await ClientSession.open(
      new TcpConnector(here.host, here.port, HERE_MS),
      {
        clock,
        identity: { name: hostName(), device: crypto.randomUUID() },
        windowBytes: 0,
        signal: over,
      },
    );
    const stop = () => session!.close();
    over.addEventListener("abort", stop);
    const { server: name, serverId } = await session.welcome;
    return { ...server, name, id: serverId ?? null, token: false };
  } catch (error) {
    // Not Ondacast, or not in time.
    if (!(error instanceof PeerError)) return null;
    const token = error.code === "unauthorized";
    return { ...server, name: hostName(), id: null, token };
  } finally {
    late.abort();
    session?.close();
  }
}

/**
 * All servers that are found, that of this machine included.
 *
 * @param isWanted Ends the search with the first of these.
 */
export async function allServers(
  context: Searching,
  isWanted: (server: FoundServer) => boolean = () => false,
): Promise<FoundServer[]> {
  const { clock, random, signal } = context;
  const isEnough = (found: readonly FoundServer[]) => found.some(isWanted);
  const [here, others] = await Promise.all([
    serverHere(context),
    findServers({ clock, random, signal, isEnough, forMs: SEARCH_MS.toList }),
  ]);
  const isListed = here === null ||
    others.some(({ id, port, addresses }) =>
      port === here.port && (id === here.id || addresses[0] === "127.0.0.1")
    );
  return isListed ? others : [here, ...others];
}

/**
 * Finds the server to take: that of this machine, else the only one of the
 * network, else the one that the user chooses.
 *
 * @param waits Whether to wait until there is one.
 * @param mustEncrypt Whether only those with TLS count.
 * @throws {OndacastError} `unreachable`: there is none; `ambiguous`: there are
 * several, and no terminal to choose in.
 */
export async function findServer(
  context: Searching,
  { waits, mustEncrypt }: { waits: boolean; mustEncrypt: boolean },
): Promise<ChosenServer> {
  for (let waitMs = AGAIN_MS.first;; waitMs *= 2) {
    const here = mustEncrypt
      ? null
      : await context.unlessInterrupted(serverHere(context));
    const all = here
      ? [here]
      : await context.unlessInterrupted(findServers(context));
    const servers = all.filter(({ tls }) => tls || !mustEncrypt);
    if (servers.length > 0) return await takeOne(context, servers);
    if (!waits) throw noServer();
    if (waitMs === AGAIN_MS.first) {
      printError(`note: ${noServer().message}. Waiting for one to appear`);
    }
    await context.unlessInterrupted(
      context.clock.sleep(
        Math.min(waitMs, AGAIN_MS.longest),
        context.signal,
      ),
    );
  }
}

async function takeOne(
  context: Searching,
  servers: FoundServer[],
): Promise<ChosenServer> {
  const [only, ...others] = servers;
  if (others.length === 0) {
    if (!context.options.quiet) {
      printError(shown(`note: using ${only.name} at ${foundPlace(only)}`));
    }
    return found(only);
  }
  if (!asksByKeys(context)) throw severalServers(servers);
  const answer = await context.unlessInterrupted(
    chooseRow(context, "Which server?", servers.map(rowOf)),
  );
  if (answer === null) throw new OndacastError("interrupted", "Interrupted");
  return found(servers["row" in answer ? answer.row : 0]);
}

/** A server in a menu. */
function rowOf(server: FoundServer): string {
  return shown(`${server.name}  ${foundPlace(server)}${needsOf(server)}`);
}

/** The requirements of a server, in brackets; may be empty. */
export function needsOf({ tls, token }: FoundServer): string {
  const needs = [...(tls ? ["TLS"] : []), ...(token ? ["token"] : [])];
  return needs.length === 0 ? "" : `  (${needs.join(", ")})`;
}

function noServer(): OndacastError {
  return new OndacastError(
    "unreachable",
    "Cannot find a server: none answers on this machine or in its networks. Start one with `ondacast-server`, or name one with `--server HOST[:PORT]`: a firewall (UDP port 5353) or a guest network may hide it",
  );
}

function severalServers(servers: FoundServer[]): OndacastError {
  const places = servers.map((server) =>
    `${server.name} (${foundPlace(server)})`
  );
  return new OndacastError(
    "ambiguous",
    `Cannot choose among ${servers.length} servers: ${
      places.join(", ")
    }. Name one with \`--server HOST:PORT\`, or remember one with \`ondacast use HOST:PORT\``,
  );
}
