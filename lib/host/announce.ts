/**
 * Announces a running server to its networks, with its ports and the addresses at
 * which it serves clients.
 *
 * @module
 */

import { getLogger } from "@logtape/logtape";
import { systemClock } from "../io/clock/clock.ts";
import { Announcer } from "../io/discovery/announcer.ts";
import { keptId } from "../io/disk/kept_id.ts";
import type { Link } from "../model/discovery/link.ts";
import {
  type Announced,
  announcedServer,
} from "../model/discovery/service_records.ts";
import type { AddressPolicy } from "./address_policy.ts";
import { type Listeners, portsOf } from "./open_listeners.ts";
import type { ServerOptions } from "./server_options.ts";

const log = getLogger(["ondacast", "server"]);

/** The server's id, kept in its data folder; null: a new one at each start. */
export async function serverId(folder: string | null): Promise<string> {
  if (folder === null) return crypto.randomUUID();
  try {
    return await keptId(folder, "server_id");
  } catch {
    return crypto.randomUUID(); // Such as a full disk.
  }
}

/** Announces a server until the results are closed. */
export function announce(
  { serverName, token }: ServerOptions,
  listeners: Listeners,
  policy: AddressPolicy,
  id: string,
): Announcer[] {
  const { session, http = null, ...ports } = portsOf(listeners);
  const announced = announcedServer({
    ...{ name: serverName, id, port: session, http },
    tls: listeners.tls !== null,
    token: token !== null,
  });
  const services = [
    announced,
    ...snapcastServices({ serverName, id, ...ports }),
  ];
  return services.map((it) => newAnnouncer(it, listeners, policy));
}

/**
 * The services that Snapcast's clients and apps look for when they are given no
 * address.
 */
export function snapcastServices(
  { serverName: name, id, snapcast, snapcastControl }: {
    serverName: string;
    id: string;
    snapcast?: number;
    snapcastControl?: number;
  },
): Announced[] {
  const ports = [["snapcast", snapcast], ["snapcast-jsonrpc", snapcastControl]];
  return (ports as [string, number | undefined][])
    .filter(([, port]) => port !== undefined)
    .map(([service, port]) => ({
      type: [`_${service}`, "_tcp", "local"],
      name,
      // Apart from the host of other services: each announcer has its own.
      host: `ondacast-${service}-${id}`,
      port: port!,
      texts: ["v=2"],
    }));
}

function newAnnouncer(
  announced: Announced,
  listeners: Listeners,
  policy: AddressPolicy,
): Announcer {
  const { hostname } = listeners.session.addr;
  return new Announcer(announced, {
    clock: systemClock,
    random: Math.random,
    listener: {
      renamed: (name) =>
        log.warn("another server has this name: announced as {name}", { name }),
      deaf(family, reason) {
        // Many systems have no IPv6.
        if (family === "IPv6") return;
        log.warn("not announced over {family}: {reason}", { family, reason });
      },
    },
    reachable: (link) =>
      addressesOn(link, hostname).filter((ip) => policy.admits(ip)),
  });
}

/**
 * The addresses of a link at which a listener accepts.
 *
 * @param hostname That of the listener.
 */
export function addressesOn(link: Link, hostname: string): string[] {
  const addresses = link.addresses.map(({ address }) => address);
  if (hostname === "::") return addresses;
  return addresses.filter((address) =>
    hostname === "0.0.0.0" ? !address.includes(":") : address === hostname
  );
}
