/**
 * Certificates for tests: of servers, and of the authorities that sign them.
 *
 * @module
 */

import { generate } from "selfsigned";
import { fingerprint, fromPem } from "../../lib/io/tls/certificate.ts";
import type { TempFolder } from "./programs.ts";

/** A certificate and its key, as text and as files. */
export interface MadeCertificate {
  cert: string;
  key: string;
  files: { cert: string; key: string };
  fingerprint: string;
}

/** The properties of a certificate. */
export interface CertificateOptions {
  /** Its DNS names and addresses. */
  names?: string[];
  /** Whether it may sign others. */
  isAuthority?: boolean;
  /** The signer; by default it is self-signed. */
  by?: MadeCertificate;
  /** Days until it expires. */
  validDays?: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Makes a certificate, as `name.pem` and `name.key` in a folder. */
export async function makeCertificate(
  folder: TempFolder,
  name: string,
  { names = [], isAuthority = false, by, validDays = 9 }: CertificateOptions =
    {},
): Promise<MadeCertificate> {
  const nowMs = Date.now();
  const made = await generate([{ name: "commonName", value: name }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    notBeforeDate: new Date(nowMs - 30 * DAY_MS),
    notAfterDate: new Date(nowMs + validDays * DAY_MS),
    extensions: [
      { name: "basicConstraints", cA: isAuthority, critical: true },
      ...(names.length === 0 ? [] : [{
        name: "subjectAltName" as const,
        altNames: names.map((name) =>
          /^[\d.]+$/.test(name)
            ? { type: 7 as const, ip: name }
            : { type: 2 as const, value: name }
        ),
      }]),
    ],
    ...(by && { ca: { cert: by.cert, key: by.key } }),
  });
  const files = {
    cert: folder.file(`${name}.pem`),
    key: folder.file(`${name}.key`),
  };
  await Deno.writeTextFile(files.cert, made.cert);
  await Deno.writeTextFile(files.key, made.private);
  return {
    cert: made.cert,
    key: made.private,
    files,
    fingerprint: await fingerprint(fromPem(made.cert)),
  };
}
