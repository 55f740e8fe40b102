/**
 * The names of this machine, from its own system. No name server is queried,
 * since its answer could be forged.
 *
 * @module
 */

import { machineNames, publicAddress } from "../model/web_origin.ts";

/** Search domains on Linux and macOS; Windows has no such file. */
const RESOLV_CONF = "/etc/resolv.conf";

/** The host's name, alone and with its search domains. */
function ownNames(hostName: string): string[] {
  let resolvConf = "";
  try {
    resolvConf = Deno.readTextFileSync(RESOLV_CONF);
  } catch {
    // Missing or unreadable: `--http-host` adds names.
  }
  return machineNames(hostName, resolvConf);
}

/** How the HTTP port is named by those who use it. */
export interface HttpNames {
  /** Host names, each with any port. */
  hosts: string[];
  /** Its address by way of a proxy, with a `/` at its end; null: unknown. */
  address: string | null;
}

/** @param given Host names and addresses of `--http-host`. */
export function httpNames(
  hostName: string,
  given: readonly string[],
): HttpNames {
  const addresses = given.map(publicAddress).filter((one) => one !== null);
  const hosts = addresses.map((address) => new URL(address).host);
  return {
    hosts: [...ownNames(hostName), ...given, ...hosts],
    address: addresses[0] ?? null,
  };
}
