/**
 * Connects to the chosen server, at its address or where it has moved.
 *
 * @module
 */

import { EndpointsConnector } from "../client/endpoints_connector.ts";
import { OndacastError } from "../errors.ts";
import { findServers } from "../io/discovery/find_servers.ts";
import { TcpConnector } from "../io/net/tcp.ts";
import { TlsConnector } from "../io/tls/tls_connect.ts";
import type { Trust } from "../io/tls/trust.ts";
import { knownAs } from "../model/known_servers.ts";
import { type Endpoint, placeOf } from "../model/server_address.ts";
import type { Clock, Connector } from "../ports/common.ts";
import { type ChosenServer, idOf } from "./chosen_server.ts";
import { otherServers } from "./other_servers.ts";

/** How long one of several addresses may take to answer. */
const PATIENCE_MS = 2_000;

/** What a connector needs besides its server. */
export interface ServerWorld {
  clock: Clock;
  /** Random numbers from 0 to below 1. */
  random: () => number;
  signal: AbortSignal;
  /** How its certificate is trusted; null: it is not encrypted. */
  trust: Trust | null;
  /** Whether the server is sent a token. */
  sendsToken: boolean;
  /** The id by which to look it up; null: it is not known. */
  id(): string | null;
}

/** Between two searches for a server that is away: each is twice the one before. */
const SEARCH_AGAIN_MS = { first: 1_000, longest: 20_000 };

/** A connector to a server. */
export function serverConnector(
  chosen: ChosenServer,
  world: ServerWorld,
): Connector {
  const { endpoints } = chosen;
  const looksUp = chosen.how !== "named";
  const patienceMs = looksUp || endpoints.length > 1 ? PATIENCE_MS : undefined;
  const open = (endpoint: Endpoint) =>
    openAt(endpoint, chosen, world.trust, patienceMs);
  return new EndpointsConnector({
    endpoints,
    open,
    others: (named) => otherServers(named, endpoints[0], world),
    ...(looksUp && { lookUp: lookUps(chosen, world) }),
  });
}

/**
 * Looks a server up, at growing intervals while it is away, because each search
 * wakes all devices of a wireless network.
 */
function lookUps(chosen: ChosenServer, world: ServerWorld) {
  let [nextMs, waitMs] = [-Infinity, SEARCH_AGAIN_MS.first];
  return async (signal?: AbortSignal): Promise<Endpoint[]> => {
    if (world.clock.now() < nextMs) return [];
    const places = await lookUp(world, signal);
    waitMs = places.length > 0
      ? SEARCH_AGAIN_MS.first
      : Math.min(waitMs * 2, SEARCH_AGAIN_MS.longest);
    nextMs = world.clock.now() + waitMs;
    return checkMoved(chosen, world, places);
  };
}

function openAt(
  { host, port }: Endpoint,
  chosen: ChosenServer,
  trust: Trust | null,
  patienceMs: number | undefined,
): Connector {
  if (trust === null) return new TcpConnector(host, port, patienceMs);
  const id = idOf(chosen);
  return new TlsConnector(host, port, trust, {
    patienceMs,
    ...(id !== null && { knownAs: knownAs(id) }),
    ...("server" in chosen && { name: chosen.server.host }),
  });
}

async function lookUp(
  { id, clock, random, signal }: ServerWorld,
  over?: AbortSignal,
): Promise<Endpoint[]> {
  const wanted = id();
  if (wanted === null) return [];
  const servers = await findServers({
    clock,
    random,
    signal: over ? AbortSignal.any([signal, over]) : signal,
    isEnough: (found) => found.some((server) => server.id === wanted),
  });
  return servers.filter((server) => server.id === wanted)
    .flatMap(({ addresses, port }) =>
      addresses.map((host) => ({ host, port }))
    );
}

/**
 * Anyone can announce an id. Without TLS, the token is therefore not sent to
 * another address.
 */
function checkMoved(
  chosen: ChosenServer,
  { sendsToken, trust }: ServerWorld,
  places: Endpoint[],
): Endpoint[] {
  const known = chosen.endpoints.map(placeOf);
  const moved = places.filter((place) => !known.includes(placeOf(place)));
  if (!sendsToken || trust !== null || moved.length === 0) return places;
  throw new OndacastError(
    "unauthorized",
    `Cannot send the token to ${placeOf(moved[0])}: the server was at ${
      known[0]
    }, and without TLS nothing shows that it has moved. If you know that it has: \`ondacast use ${
      placeOf(moved[0])
    }\``,
  );
}
