/**
 * Lists the clients of a server, page by page.
 *
 * @module
 */

import type { OnlineClient } from "../wire/messages.ts";
import { allPages } from "./all_pages.ts";
import type { ClientSession } from "./client_session.ts";

/** The longest list that is accepted; no server has as many clients. */
const BOUNDS = { rows: 65_536, characters: 32 * 2 ** 20 };

/**
 * All clients of a server, in its order.
 *
 * @throws {OndacastError} `too-large`.
 */
export function listOnline(
  session: Pick<ClientSession, "request">,
): Promise<OnlineClient[]> {
  return allPages<OnlineClient>({
    what: "clients",
    bounds: BOUNDS,
    cursor: ({ key }) => key,
    ask: async (after) => {
      const { clients, more } = await session.request({
        type: "online",
        ...(after !== undefined && { after }),
      });
      return { rows: clients, more };
    },
  });
}
