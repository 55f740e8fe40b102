/**
 * Asking a server who is connected, page by page.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import type { OnlineClient } from "../wire/messages.ts";
import type { ClientSession } from "./client_session.ts";

/** Clients that are listed at most; no server serves as many. */
const MAX_CLIENTS = 65_536;

/**
 * All clients of a server, in its order.
 *
 * @throws {OndacastError} `too-large`, if their list has no end.
 */
export async function listOnline(
  session: Pick<ClientSession, "request">,
): Promise<OnlineClient[]> {
  const clients: OnlineClient[] = [];
  let more = true;
  while (more) {
    const after = clients.at(-1)?.key;
    const page = await session.request({
      type: "online",
      ...(after !== undefined && { after }),
    });
    clients.push(...page.clients);
    if (clients.length > MAX_CLIENTS) {
      throw new OndacastError(
        "too-large",
        `Cannot list who is online: the server sends more than ${MAX_CLIENTS} clients`,
      );
    }
    more = page.more && page.clients.length > 0;
  }
  return clients;
}
