/**
 * What a client trusts a server by.
 *
 * @module
 */

import type { KnownServersFile } from "./known_servers_file.ts";

/**
 * What a client trusts: the certificates of a file, this one in PEM, or its known
 * servers.
 */
export type Trust = { caFile: string } | { certificate: string } | FirstUse;

/** Trust on first use. */
export interface FirstUse {
  known: Pick<KnownServersFile, "find" | "add" | "path">;
  /** Decides whether to trust an unknown server. */
  accept(place: string, fingerprint: string): Promise<boolean>;
  /** Shows a note to the user. */
  note(line: string): void;
}

/**
 * The trust in a server that another one, which is trusted, has named. Its
 * certificate counts if it is known, signed by an authority, or the named one, and
 * is not remembered.
 *
 * @param certificate The SHA-256 of the named one, as 64 hexadecimal digits.
 */
export function vouchedFor(trust: Trust, certificate: string = ""): Trust {
  if (!("known" in trust)) return trust;
  const { known } = trust;
  return {
    ...trust,
    known: {
      path: known.path,
      find: (place) => known.find(place),
      add: () => Promise.resolve(),
    },
    accept: (_, fingerprint) =>
      Promise.resolve(
        fingerprint.replaceAll(":", "").toLowerCase() === certificate,
      ),
  };
}
