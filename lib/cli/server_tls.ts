/**
 * The TLS options of `ondacast-server`.
 *
 * @module
 */

import { getLogger } from "@logtape/logtape";
import { join } from "@std/path/join";
import { OndacastError } from "../errors.ts";
import { dataFolder } from "../io/disk/data_folder.ts";
import {
  keptIdentity,
  readIdentity,
  type TlsIdentity,
} from "../io/tls/tls_identity.ts";

const log = getLogger(["ondacast", "server"]);

/** The options for TLS. */
export interface ServerTlsOptions {
  tlsCert?: string;
  tlsKey?: string;
  tlsSelfSigned: boolean;
  tlsDir?: string;
}

/** Checks the options against each other. @throws {OndacastError} `usage`. */
export function checkTlsOptions(options: ServerTlsOptions): void {
  const { tlsCert, tlsKey, tlsSelfSigned, tlsDir } = options;
  const refuse = (what: string) => {
    throw new OndacastError("usage", what);
  };
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    const [given, missing] = tlsKey === undefined
      ? ["--tls-cert", "--tls-key"]
      : ["--tls-key", "--tls-cert"];
    refuse(`Cannot use ${given} alone: give ${missing} as well`);
  }
  if (tlsCert !== undefined && tlsSelfSigned) {
    refuse("Cannot use both --tls-cert and --tls-self-signed: choose one");
  }
  if (tlsDir !== undefined && !tlsSelfSigned) {
    refuse("Cannot use --tls-dir without --tls-self-signed");
  }
}

/**
 * Opens the certificate of the options, and logs its fingerprint.
 *
 * @throws {OndacastError} `bad-certificate`, `bad-folder`.
 */
export async function tlsIdentity(
  options: ServerTlsOptions,
): Promise<TlsIdentity | undefined> {
  const { tlsCert, tlsKey, tlsSelfSigned, tlsDir } = options;
  if (!tlsSelfSigned && (tlsCert === undefined || tlsKey === undefined)) return;
  const identity = tlsSelfSigned
    ? await keptIdentity(
      tlsDir ?? join(dataFolder("--tls-dir names a folder"), "tls"),
      Deno.hostname(),
    )
    : await readIdentity({ cert: tlsCert!, key: tlsKey! });
  const { fingerprint, isSelfSigned, isAuthority } = identity.certificate;
  log.info("TLS with the certificate {fingerprint} of {file}", {
    fingerprint,
    file: identity.files.cert,
  });
  if (isSelfSigned && isAuthority) {
    log.warn(
      "clients will refuse this certificate: it is an authority's (CA:TRUE); create one with CA:FALSE, or use --tls-self-signed",
    );
  }
  return identity;
}
