/**
 * The server name to verify a pinned certificate by.
 *
 * Deno trusts the public authorities in addition to any certificate passed to
 * it. Without a check of the host name, anyone with any valid certificate could
 * pose as the pinned server. So the name is checked, against one that is in the
 * pinned certificate and for which no public authority may issue certificates:
 * a name that exists on private networks only.
 *
 * @module
 */

import { isHomeAddress } from "./address.ts";

/** The domain of the random name in each certificate that Ondacast makes. */
export const PIN_DOMAIN = "ondacast.invalid";

// RFC 6761 (special-use names), RFC 6762 (.local), RFC 8375 (home.arpa), and
// ICANN's .internal. The CA/Browser Forum's Baseline Requirements (7.1.4.2.1)
// forbid certificates for them and for names without a dot.
const PRIVATE_NAME =
  /^[^.]+$|\.(invalid|local|internal|localhost|test|home\.arpa)$/i;

/**
 * Chooses the name to verify.
 *
 * @param names The DNS names and addresses in the certificate.
 * @param host The server's host as the user typed it.
 * @returns Null if no name is suitable.
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
    // A holder of a public certificate for this name could already have posed
    // as the server at the first connection.
    usable.find((name) => name.toLowerCase() === host.toLowerCase()) ??
    null;
}

function isPrivate(name: string): boolean {
  const isAddress = /^[\d.]+$/.test(name) || name.includes(":");
  return isAddress ? isHomeAddress(name) : PRIVATE_NAME.test(name);
}
