/**
 * The options by which a server is one of several.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import type { ClusterSettings } from "../host/server_options.ts";
import { describeFileError } from "../io/disk/describe_file_error.ts";
import { isLoopback, parseAddress } from "../model/address.ts";
import { isPlaceName, PLACE_NAME } from "../model/place_name.ts";
import { DEFAULT_PORTS } from "../model/right_port.ts";
import { hostName } from "./own_name.ts";
import type { ServerOptions } from "./server_options.ts";

/** The fewest characters of a secret. */
const LEAST_SECRET = 16;

/**
 * Reads them; undefined: the server is alone.
 *
 * @throws {OndacastError} `usage`.
 */
export async function clusterSettings(
  options: Omit<ServerOptions, "block" | "token">,
  isTls: boolean,
): Promise<ClusterSettings | undefined> {
  const { cluster: urls, clusterCreds, clusterPlain, advertise } = options;
  if (urls === undefined) return undefined;
  const { clusterSecretFile } = options;
  if (clusterSecretFile === undefined) {
    throw usage(
      "Cannot join a cluster without a secret: write a long random text into a file, the same on all servers, and name it by --cluster-secret-file",
    );
  }
  const secret = new TextDecoder().decode(await read(clusterSecretFile)).trim();
  if (secret.length < LEAST_SECRET) {
    throw usage(
      `Cannot use the secret in ${clusterSecretFile}: expected at least ${LEAST_SECRET} characters`,
    );
  }
  const host = advertise === undefined
    ? options.host
    : parseAddress(advertise, DEFAULT_PORTS.session).host;
  if (!isTls && !clusterPlain && !isLoopback(host) && host !== "localhost") {
    throw usage(
      "Cannot talk to other machines of the cluster without TLS: add --tls-self-signed, or --cluster-plain if the network between them is safe",
    );
  }
  return {
    ...{ urls, secret, advertise: advertise ?? null },
    cluster: named("--cluster-name", options.clusterName),
    node: named("--node", options.node ?? nodeName()),
    ...(clusterCreds !== undefined && { creds: await read(clusterCreds) }),
  };
}

/** This machine's name as that of a server. */
function nodeName(): string {
  const name = hostName().toLowerCase().replace(/[^a-z0-9]/g, "-");
  return name.replace(/^-+/, "").slice(0, 32);
}

function named(option: string, name: string): string {
  if (isPlaceName(name)) return name;
  throw usage(
    `Cannot use ${option} ${JSON.stringify(name)}: expected ${PLACE_NAME}`,
  );
}

async function read(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(path);
  } catch (cause) {
    throw new OndacastError(
      "usage",
      `Cannot read ${path}: ${describeFileError(cause)}`,
      { cause },
    );
  }
}

function usage(text: string): OndacastError {
  return new OndacastError("usage", text);
}
