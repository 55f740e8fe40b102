/**
 * The names of this machine, from its own system. No name server is queried,
 * since its answer could be forged.
 *
 * @module
 */

import { machineNames } from "../model/web_origin.ts";

/** Search domains on Linux and macOS; Windows has no such file. */
const RESOLV_CONF = "/etc/resolv.conf";

/** The host's name, alone and with its search domains. */
export function ownNames(hostName: string): string[] {
  let resolvConf = "";
  try {
    resolvConf = Deno.readTextFileSync(RESOLV_CONF);
  } catch {
    // Missing or unreadable: `--http-host` adds names.
  }
  return machineNames(hostName, resolvConf);
}
