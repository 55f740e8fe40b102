/**
 * Finds the devices that a client names: by key, address or name, or all of a
 * group by its id or name.
 *
 * @module
 */

import { OndacastError } from "../../errors.ts";
import type { Present } from "../../model/presence.ts";
import type { Device } from "./device.ts";
import type { Groups } from "./groups.ts";

/** The most addresses that an error lists for clients of the same name. */
const MOST_NAMED = 20;

/** The clients online, by what people call them. */
export interface Clients {
  /** Those with a key or `ip:port`, else all of a name. */
  meant(word: string): Iterable<Present<unknown>>;
}

/**
 * The devices that a word names.
 *
 * @throws {OndacastError} `not-found`, `not-receiving`, `ambiguous`.
 */
export function findDevices(
  groups: Groups,
  clients: Clients,
  word: string,
): readonly Device[] {
  const receiving: Present<unknown>[] = [];
  let isOnline = false;
  // Thousands may share a name, and the error lists only a few.
  for (const client of clients.meant(word)) {
    isOnline = true;
    if (client.receiving) receiving.push(client);
    if (receiving.length > MOST_NAMED) break;
  }
  if (receiving.length > 1) throw ambiguous(word, receiving);
  const [client] = receiving;
  // A client of another server is no device here.
  const device = client && groups.devices.get(client.key);
  if (device) return [device];
  const several = groups.named(word);
  if (several) return several.devices;
  const away = groups.devices.get(word);
  if (away && groups.group(away).isSeveral) return [away];
  throw isOnline
    ? new OndacastError(
      "not-receiving",
      `Cannot reach ${JSON.stringify(word)}: it does not wait for songs`,
    )
    : new OndacastError(
      "not-found",
      `Cannot find the client ${JSON.stringify(word)}: it is not online`,
    );
}

function ambiguous(
  word: string,
  receiving: readonly Present<unknown>[],
): OndacastError {
  const addresses = receiving.slice(0, MOST_NAMED).map(({ id }) => id);
  if (receiving.length > MOST_NAMED) addresses.push("…");
  return new OndacastError(
    "ambiguous",
    `Cannot choose one receiver: ${JSON.stringify(word)} matches ${
      addresses.join(", ")
    }`,
  );
}
