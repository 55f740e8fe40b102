/**
 * Connections to NATS servers, and what JetStream says over them.
 *
 * @module
 */

import { jetstreamManager, type StreamInfo } from "@nats-io/jetstream";
import {
  AuthorizationError,
  connect,
  credsAuthenticator,
  PermissionViolationError,
} from "@nats-io/transport-node";
import { isWritable } from "./bucket_servers.ts";
import { serversOf } from "./nats_urls.ts";

export type NatsConnection = Awaited<ReturnType<typeof connect>>;
type ConnectOptions = NonNullable<Parameters<typeof connect>[0]>;

/** How long JetStream may take to say that it works. */
const LEADER_MS = 600;
/** How long a server may take to accept a connection that only asks. */
const ASK_MS = 1_500;

export interface NatsAccess {
  /** `nats://` or `tls://`, with user and password or a token. */
  urls: string[];
  /** The text of a credentials file. */
  creds?: Uint8Array;
}

/** @param more Of the connection, besides where and as whom. */
export function connectNats(
  { urls, creds }: NatsAccess,
  more: ConnectOptions,
): Promise<NatsConnection> {
  const { servers, user, pass, token, tls } = serversOf(urls);
  return connect({
    servers,
    ...(user !== undefined && { user, pass }),
    ...(token !== undefined && { token }),
    ...(tls && { tls: {} }),
    ...(creds && { authenticator: credsAuthenticator(creds) }),
    noAsyncTraces: true,
    ...more,
  });
}

/** @throws If JetStream does not answer soon. */
export async function bucketInfo(
  connection: NatsConnection,
  bucket: string,
): Promise<StreamInfo> {
  const manager = await jetstreamManager(connection, {
    ...{ checkAPI: false, timeout: LEADER_MS },
  });
  return await manager.streams.info(`KV_${bucket}`);
}

/**
 * Why NATS does not let a server in, or take part; null: the error is another one.
 *
 * @param beat The subject of its beats.
 */
export function refusalOf(error: unknown, beat?: string): string | null {
  if (error instanceof AuthorizationError) {
    return `NATS refuses the user, password or credentials in --cluster: ${error.message}`;
  }
  const isOwn = error instanceof PermissionViolationError &&
    error.subject === beat;
  return isOwn
    ? `the user in --cluster is of another --node: ${error.message}`
    : null;
}

/**
 * The revision of the latest record of a bucket; 0: it has none.
 *
 * @throws If JetStream does not answer soon, or may not be asked.
 */
export async function latestRevision(
  connection: NatsConnection,
  bucket: string,
): Promise<number> {
  const manager = await jetstreamManager(connection, {
    ...{ checkAPI: false, timeout: LEADER_MS },
  });
  const latest = await manager.streams.getMessage(`KV_${bucket}`, {
    last_by_subj: `$KV.${bucket}.>`,
  });
  return latest?.seq ?? 0;
}

/** Whether a bucket can be written by way of one server, over a new connection. */
export async function isWritableAt(
  server: string,
  access: NatsAccess,
  bucket: string,
): Promise<boolean> {
  try {
    const connection = await connectNats(access, {
      ...{ servers: [server], name: "ondacast asks", timeout: ASK_MS },
      ...{ reconnect: false, ignoreClusterUpdates: true },
    });
    try {
      return isWritable(await bucketInfo(connection, bucket));
    } finally {
      await connection.close();
    }
  } catch {
    return false;
  }
}
