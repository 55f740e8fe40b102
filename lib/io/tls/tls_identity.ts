/**
 * A server's certificate and key: read from given files, or created once and
 * stored.
 *
 * @module
 */

import { join } from "@std/path/join";
import { errorText, OndacastError } from "../../errors.ts";
import { PIN_DOMAIN } from "../../model/pin_name.ts";
import { type Certificate, readCertificate } from "./certificate.ts";
import { whileLocked, writePrivateFile } from "../disk/private_file.ts";

/** Validity of a created certificate in days: it is never renewed. */
const VALID_DAYS = 20 * 365;
/** Days of validity before its creation, for peers whose clock is behind. */
const CLOCK_BEHIND_DAYS = 365;
const DAY_MS = 24 * 60 * 60 * 1000;

/** A certificate chain and its private key. */
export interface TlsIdentity {
  /** PEM: the server's certificate first. */
  cert: string;
  /** PEM, not encrypted. */
  key: string;
  certificate: Certificate;
  /** Their paths, for messages. */
  files: { cert: string; key: string };
}

/**
 * Reads a certificate and its key.
 *
 * @throws {OndacastError} `bad-certificate`, with what to do.
 */
export async function readIdentity(
  files: TlsIdentity["files"],
): Promise<TlsIdentity> {
  const cert = await read("certificate", files.cert);
  const key = await read("key", files.key);
  const certificate = await readCertificate(cert).catch((cause) => {
    throw new OndacastError(
      "bad-certificate",
      `Cannot use the certificate ${files.cert}: expected one in PEM, beginning with -----BEGIN CERTIFICATE-----`,
      { cause },
    );
  });
  if (certificate.validTo.getTime() < Date.now()) {
    throw new OndacastError(
      "bad-certificate",
      `Cannot use the certificate ${files.cert}: it has expired on ${certificate.validTo.toISOString()}. Get a new one`,
    );
  }
  return { cert, key, certificate, files };
}

/**
 * Reads the certificate and key of a folder, or creates them the first time.
 *
 * @param hostName The machine's name, for the certificate.
 * @throws {OndacastError} `bad-certificate`, with what to do.
 */
export async function keptIdentity(
  folder: string,
  hostName: string,
): Promise<TlsIdentity> {
  const files = {
    cert: join(folder, "cert.pem"),
    key: join(folder, "key.pem"),
  };
  try {
    await whileLocked(join(folder, ".lock"), async () => {
      if (await exists(files.cert) && await exists(files.key)) return;
      const { cert, key } = await makeCertificate(hostName);
      await writePrivateFile(files.key, key);
      await writePrivateFile(files.cert, cert);
    });
  } catch (cause) {
    throw new OndacastError(
      "bad-certificate",
      `Cannot keep a certificate in ${folder}: ${
        reasonOf(cause)
      }. --tls-dir names another folder`,
      { cause },
    );
  }
  return await readIdentity(files);
}

/** Creates a key and a self-signed certificate. */
async function makeCertificate(
  hostName: string,
): Promise<{ cert: string; key: string }> {
  const { generate } = await import("selfsigned"); // Needed once per machine.
  const names = [
    // The name that clients with a pinned certificate ask for.
    `${crypto.randomUUID()}.${PIN_DOMAIN}`,
    "localhost",
    ...(/^[a-z0-9-]{1,63}$/i.test(hostName)
      ? [hostName, `${hostName}.local`]
      : []),
  ];
  const now = Date.now();
  const made = await generate([{ name: "commonName", value: "ondacast" }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    notBeforeDate: new Date(now - CLOCK_BEHIND_DAYS * DAY_MS),
    notAfterDate: new Date(now + VALID_DAYS * DAY_MS),
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          ...names.map((value) => ({ type: 2 as const, value })),
          ...["127.0.0.1", "::1"].map((ip) => ({ type: 7 as const, ip })),
        ],
      },
    ],
  });
  return { cert: made.cert, key: made.private };
}

async function read(what: string, path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    throw new OndacastError(
      "bad-certificate",
      `Cannot read the ${what} ${path}: ${
        reasonOf(cause)
      }. Check that it is there and that this user may read it`,
      { cause },
    );
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  return errorText(error).replace(/ \(os error \d+\).*$/s, "");
}
