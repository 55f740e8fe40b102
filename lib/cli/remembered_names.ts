/**
 * The names of songs, albums and devices that the remembered server knows, for
 * completion. It is asked alone, for a moment; whatever goes wrong, there are none.
 *
 * @module
 */

import { ClientSession } from "../client/client_session.ts";
import { knows } from "../client/server_features.ts";
import { systemClock } from "../io/clock/clock.ts";
import { dataFolderIfAny } from "../io/disk/data_folder.ts";
import { RememberedServersFile } from "../io/disk/remembered_servers_file.ts";
import { TcpConnector } from "../io/net/tcp.ts";
import type { RememberedServer } from "../model/remembered_servers.ts";
import { namedServer, placeOf } from "../model/server_address.ts";
import type { Connector } from "../ports/common.ts";
import { hostName } from "./own_name.ts";

/** The most rows of an answer. */
const LIMIT = 200;

type Session = Pick<ClientSession, "request" | "welcome">;

/**
 * Asks the remembered server.
 *
 * @param typed How the names begin.
 * @param options `server`: named on the command line. If it is another one, none is
 * asked.
 */
export async function askRemembered(
  kind: keyof typeof NAMES,
  typed: string,
  { server, patienceMs }: { server: string | undefined; patienceMs: number },
): Promise<string[]> {
  try {
    const folder = dataFolderIfAny();
    if (folder === null) return [];
    const { used } = await new RememberedServersFile(folder).read();
    const given = server ?? Deno.env.get("ONDACAST_SERVER");
    if (used === undefined || (given && !isSame(used, given))) return [];
    const work = (session: Session) => NAMES[kind](session, typed);
    return await inTime(patienceMs, (signal) => askAt(used, signal, work));
  } catch {
    return [];
  }
}

function isSame(used: RememberedServer, server: string): boolean {
  return namedServer(server).endpoints
    .some((it) => placeOf(it) === placeOf(used));
}

async function inTime<T>(
  patienceMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const { promise, reject } = Promise.withResolvers<never>();
  systemClock.sleep(patienceMs).then(() => {
    late.abort();
    reject(late.signal.reason);
  });
  return await Promise.race([promise, work(late.signal)]);
}

async function askAt(
  server: RememberedServer,
  signal: AbortSignal,
  work: (session: Session) => Promise<string[]>,
): Promise<string[]> {
  const token = Deno.env.get("ONDACAST_TOKEN") || server.token;
  const session = await ClientSession.open(await connectorTo(server), {
    clock: systemClock,
    identity: {
      ...{ name: hostName(), device: crypto.randomUUID() },
      ...(token && { token }),
    },
    ...{ windowBytes: 0, signal },
  });
  try {
    const names = work(session);
    names.catch(() => {});
    const { serverId } = await session.welcome;
    if (server.id !== null && serverId !== server.id) return [];
    return await names;
  } finally {
    session.close();
  }
}

async function connectorTo(server: RememberedServer): Promise<Connector> {
  const { host, port, tls } = server;
  if (!tls) return new TcpConnector(host, port);
  const { knownConnector } = await import("./known_connector.ts");
  return await knownConnector(server);
}

/** How each kind of names is asked for. */
export const NAMES = { song: songs, device: devices };

/** Selections by a prefix, and how their names are asked for. */
const SELECTIONS: Record<
  string,
  (session: Session, match: string | undefined) => Promise<string[]>
> = {
  "song:": (session, match = "") => songNames(session, match),
  "album:": async (session, match) =>
    (await session.request({ type: "albums", match, limit: LIMIT }))
      .albums.map(({ album }) => album),
  "artist:": async (session, match) =>
    (await session.request({ type: "artists", match, limit: LIMIT }))
      .artists.map(({ artist }) => artist),
  "playlist:": async (session) =>
    (await session.request({ type: "playlists" }))
      .playlists.map(({ name }) => name),
};

async function songs(session: Session, typed: string): Promise<string[]> {
  const prefixes = Object.keys(SELECTIONS);
  const prefix = prefixes.find((it) => typed.toLowerCase().startsWith(it));
  if (prefix !== undefined) {
    if (!await knows(session, "tags")) return [];
    const match = typed.slice(prefix.length) || undefined;
    const names = await SELECTIONS[prefix](session, match);
    return names.filter((name) => name !== "").map((it) => `${prefix}${it}`);
  }
  const names = await songNames(session, typed);
  return [
    ...prefixes.filter((it) => it !== "song:"),
    // What would be taken for an option.
    ...names.filter((name) => !name.startsWith("-")),
  ];
}

/** The names of songs that can be played. */
async function songNames(session: Session, typed: string): Promise<string[]> {
  // The names behind what is typed begin with it; a search ignores its case.
  const asked = [
    session.request({ type: "list", after: typed, limit: LIMIT }),
    ...(typed === ""
      ? []
      : [session.request({ type: "list", match: typed, limit: LIMIT })]),
  ];
  const rows = (await Promise.all(asked)).flatMap(({ songs }) => songs);
  return rows.filter((song) => song.format !== null).map(({ name }) => name);
}

async function devices(session: Session): Promise<string[]> {
  const online = session.request({ type: "online", limit: LIMIT });
  const asked = await knows(session, "groups")
    ? session.request({ type: "groups", limit: LIMIT })
    : null;
  const names = (await online).clients.filter((client) => client.receiving)
    .map(({ name }) => name);
  const groups = ((await asked)?.groups ?? [])
    .filter((group) => group.devices.length > 1).map(({ name }) => name);
  return [...names, ...groups, "all"];
}
