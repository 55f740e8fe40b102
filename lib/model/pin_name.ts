/**
 * The name by which a pinned certificate is asked for.
 *
 * Deno trusts the public authorities beside any certificate that is given to
 * it. If the host's name were not checked, everyone with a certificate of
 * their own for anything would be taken for the pinned server. So it is
 * checked, against a name that is in the pinned certificate and that no
 * public authority may vouch for: one that exists on private networks only.
 *
 * @module
 */

import { isHomeAddress } from "./address.ts";

/** The domain of a name made up for each certificate of Ondacast. */
export const PIN_DOMAIN = "ondacast.invalid";

// RFC 6761 (special-use names), RFC 6762 (.local), RFC 8375 (home.arpa), and
// ICANN's .internal: the CA/Browser Forum's Baseline Requirements (7.1.4.2.1)
// allow no certificates for them, nor for names without a dot.
const PRIVATE_NAME =
  /^[^.]+$|\.(invalid|local|internal|localhost|test|home\.arpa)$/i;

/**
 * Chooses the name.
 *
 * @param names The DNS names and addresses in the certificate.
 * @param host What the person calls the server.
 * @returns Null: it has none that will do.
 *
 * @example
 * ```ts
 * import { pinName } from "./pin_name.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(pinName(["example.org", "pi.local"], "10.0.0.7"), "pi.local");
 * assert.equal(pinName(["example.org"], "example.org"), "example.org");
 * assert.equal(pinName(["example.org"], "10.0.0.7"), null);
 * ```
 */
export function pinName(
  names: readonly string[],
  host: string,
): string | null {
  const usable = names.filter((name) => !name.includes("*"));
  return usable.find((name) => name.endsWith(`.${PIN_DOMAIN}`)) ??
    usable.find(isPrivate) ??
    // Whoever has a public certificate for it could be met at first, too.
    usable.find((name) => name.toLowerCase() === host.toLowerCase()) ??
    null;
}

function isPrivate(name: string): boolean {
  const isAddress = /^[\d.]+$/.test(name) || name.includes(":");
  return isAddress ? isHomeAddress(name) : PRIVATE_NAME.test(name);
}
