/**
 * The server of a run of `ondacast`. How it was chosen decides what it may be
 * sent.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import type { FoundServer } from "../model/discovery/browser.ts";
import type { RememberedServer } from "../model/remembered_servers.ts";
import {
  type Endpoint,
  namedServer,
  placeOf,
} from "../model/server_address.ts";

/** Where it is, and whether its sessions are encrypted. */
interface Reachable {
  /** At least one, the best first. */
  endpoints: readonly Endpoint[];
  tls: boolean;
}

/** A server. */
export type ChosenServer =
  /** Named by the user: any server that answers there. */
  | Reachable & { how: "named"; id: string | null }
  /** Chosen by the user earlier: only this one, also at another address. */
  | Reachable & { how: "remembered"; server: RememberedServer }
  /** Found by `receive` earlier, which keeps to it. Never sent a token. */
  | Reachable & { how: "kept"; server: RememberedServer }
  /** Found. Never sent a token. */
  | Reachable & {
    how: "found";
    name: string;
    id: string | null;
    needsToken: boolean;
  };

/** The server that an option names. @throws {OndacastError} `usage`. */
export function named(text: string): ChosenServer {
  return { how: "named", id: null, ...namedServer(text) };
}

/** A server that is remembered: by the user's choice, or as `receive` keeps one. */
export function remembered(
  how: "remembered" | "kept",
  server: RememberedServer,
): ChosenServer {
  const { host, port, tls } = server;
  return { how, server, endpoints: [{ host, port }], tls };
}

/** A server that was found in the network. */
export function found(server: FoundServer): ChosenServer {
  const { name, id, tls, token: needsToken } = server;
  return {
    how: "found",
    ...{ name, id, tls, needsToken },
    ...reachable(server),
  };
}

function reachable({ addresses, port }: FoundServer) {
  return { endpoints: addresses.map((host) => ({ host, port })) };
}

/** Where a server that was found is, as a user would name it. */
export function foundPlace({ addresses: [host], port }: FoundServer): string {
  return placeOf({ host, port });
}

/** The id of a server; null: it is not known. */
export function idOf(chosen: ChosenServer): string | null {
  switch (chosen.how) {
    case "named":
    case "found":
      return chosen.id;
    case "remembered":
    case "kept":
      return chosen.server.id;
  }
}

/**
 * The token to send a server.
 *
 * @param given By an option or a variable.
 */
export function tokenFor(
  chosen: ChosenServer,
  given: string | undefined,
): string | undefined {
  switch (chosen.how) {
    case "named":
      return given;
    case "remembered":
      return given ?? chosen.server.token;
    case "kept":
    case "found":
      return undefined;
  }
}

/** The error of a server that was found and wants a token. */
export function wantsToken(name: string, place: string): OndacastError {
  return new OndacastError(
    "unauthorized",
    `Cannot use ${name}, which was found at ${place}: it wants a token, and none is sent to a server that was only found. Name it with \`--server ${place}\`, or remember it with \`ondacast use ${place}\``,
  );
}
