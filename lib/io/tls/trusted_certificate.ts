/**
 * What is expected of a server's certificate: the one that was trusted on first
 * use, or those of a file.
 *
 * @module
 */

import { OndacastError } from "../../errors.ts";
import type { PinnedCertificate } from "../../model/known_servers.ts";
import { describeFileError } from "../disk/describe_file_error.ts";
import {
  type Certificate,
  fingerprint,
  fromPem,
  toPem,
} from "./certificate.ts";

/** What Deno verifies about the server. */
export interface Expected {
  /** The name that the certificate must contain. */
  name: string;
  /** Certificates trusted in addition to the public authorities. */
  caCerts: string[];
}

/** Why a certificate cannot be pinned; null: it can. */
export function problemOf(
  certificate: Certificate,
  name: string | null,
): string | null {
  const { isSelfSigned, isAuthority, issuer, validFrom, validTo } = certificate;
  if (!isSelfSigned) {
    return `is signed by "${issuer}", which is unknown here. To trust its authority, give its file with --tls-ca`;
  }
  if (isAuthority) {
    return "is an authority's (CA:TRUE), which no server may use: create one with CA:FALSE, or let ondacast-server do it (--tls-self-signed)";
  }
  const now = Date.now();
  if (now < validFrom.getTime() || now > validTo.getTime()) {
    return `is valid from ${validFrom.toISOString()} to ${validTo.toISOString()} only. Is this machine's clock right?`;
  }
  if (name !== null) return null;
  return "does not contain the name of this server. Connect by a name that it contains, or let ondacast-server create another (--tls-self-signed)";
}

/** @throws {OndacastError} `bad-certificate` if it was tampered with. */
export async function expectedOf(pinned: PinnedCertificate): Promise<Expected> {
  const der = Uint8Array.fromBase64(pinned.certificate);
  if (await fingerprint(der) === pinned.fingerprint) {
    return { name: pinned.name, caCerts: [toPem(der)] };
  }
  throw bad(
    `Cannot use the known certificate ${pinned.fingerprint}: the stored copy does not match it. Remove its line`,
  );
}

/**
 * The certificates of a file (PEM).
 *
 * @throws {OndacastError} `usage`.
 */
export async function readCertificates(path: string): Promise<string[]> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
    fromPem(text);
  } catch (cause) {
    throw new OndacastError(
      "usage",
      `Cannot read certificates from ${path}: ${describeFileError(cause)}`,
      { cause },
    );
  }
  return text.match(
    /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g,
  ) ?? [];
}

/** The error of a certificate that is not trusted. */
export function bad(message: string, cause?: unknown): OndacastError {
  return new OndacastError("bad-certificate", message, { cause });
}
