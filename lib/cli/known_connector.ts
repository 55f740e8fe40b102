/**
 * Connects to a server only if its certificate is known already.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import { dataFolder } from "../io/disk/data_folder.ts";
import { KnownServersFile } from "../io/tls/known_servers_file.ts";
import { TlsConnector } from "../io/tls/tls_connect.ts";
import { knownAs } from "../model/known_servers.ts";
import type { RememberedServer } from "../model/remembered_servers.ts";
import type { Connector } from "../ports/common.ts";

/**
 * A connector to a remembered server with TLS, which neither asks nor notes
 * anything.
 *
 * @throws {OndacastError} `bad-certificate`: its certificate is not known.
 */
export async function knownConnector(
  { id, host, port }: RememberedServer,
): Promise<Connector> {
  const trust = {
    known: new KnownServersFile(dataFolder("")),
    accept: () => Promise.resolve(false),
    note() {},
  };
  const connector = new TlsConnector(host, port, trust, {
    ...(id !== null && { knownAs: knownAs(id) }),
    name: host,
  });
  if (!await connector.isNew()) return connector;
  throw new OndacastError(
    "bad-certificate",
    `Cannot trust ${connector.place}: its certificate is not known`,
  );
}
