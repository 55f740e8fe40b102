/**
 * The names of this machine, as its system tells them. No name server is
 * asked, since a stranger could be the one who answers.
 *
 * @module
 */

import { machineNames } from "../model/web_origin.ts";

/** Where Linux and macOS keep the domains that complete a name; Windows has no such file. */
const RESOLV_CONF = "/etc/resolv.conf";

/** The host's name, alone and with its search domains. */
export function ownNames(hostName: string): string[] {
  let resolvConf = "";
  try {
    resolvConf = Deno.readTextFileSync(RESOLV_CONF);
  } catch {
    // Not there, or not to be read: `--http-host` names what is missing.
  }
  return machineNames(hostName, resolvConf);
}
